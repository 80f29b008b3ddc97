SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

ifeq ($(shell command -v go),)
$(error Go is missing: install the version that go.mod names from https://go.dev/dl/)
endif

STARTED := $(shell date +%s)
VERSION := $(shell awk '$$1 == "version:" { print $$2; exit }' builder-config.yaml)

OCB_VERSION := v0.160.0
GOLANGCI_LINT_VERSION := v2.15.0
GOVULNCHECK_VERSION := v1.9.0

TOOLS := $(CURDIR)/.tools/bin
OCB := $(TOOLS)/builder-$(OCB_VERSION)
GOLANGCI_LINT := $(TOOLS)/golangci-lint-$(GOLANGCI_LINT_VERSION)
GOVULNCHECK := $(TOOLS)/govulncheck-$(GOVULNCHECK_VERSION)

COLLECTOR := dist/otelcol-failuredetector
FAILURECTL := bin/failurectl
BENCHMARK_COLLECTOR := dist/benchmark/otelcol-benchmark

# What is compiled or embedded. A change of any of it builds the programs again.
SOURCES := $(shell find . \( -name .git -o -name .tools -o -name bin -o -name dist -o -name testdata -o -name node_modules -o -path ./benchmarks \) -prune -o \
	-type f \( -name '*.go' ! -name '*_test.go' -o -name '*.s' -o -path './rules/packs/*' -o -path './failurefeedexporter/page/*' -o -path './detect/internal/scan/*.txt' \) -print) go.mod go.sum

# One set of flags for every build: -trimpath is what the builder compiles with, so tests, lint and
# distribution share what is compiled once. Without it a cold build compiles every dependency twice.
export GOFLAGS := $(strip $(filter-out -trimpath -buildvcs=%,$(shell go env GOFLAGS)) -trimpath -buildvcs=false)
export CGO_ENABLED := 0

# Tests that run the programs find them here.
export OTELCOL_BINARY := $(CURDIR)/$(COLLECTOR)
export FAILURECTL_BINARY := $(CURDIR)/$(FAILURECTL)
export OCB_BINARY := $(OCB)

# The tests of the feed's page drive a browser, with libraries that npm installs for them alone.
PAGE_TESTS := internal/pagetest
PAGE_LIBRARIES := $(PAGE_TESTS)/node_modules/.package-lock.json

# What needs root is run by sudo for everybody else.
AS_ROOT := $(if $(filter-out 0,$(shell id -u)),sudo)

# The modules of the repository; only the first is what others build on.
MODULES := . internal/manifests benchmarks

# What a collector is built of.
COMPONENTS := ./failuredetectorprocessor ./failuredetectorconnector ./hostprobereceiver ./databaseprobereceiver ./failurefeedexporter

# The C library that bench-peers compares with where it and a C compiler are there.
VECTORSCAN := $(shell pkg-config --exists libhs 2>/dev/null && command -v gcc >/dev/null && echo vectorscan)

FUZZTIME ?= 30s
TESTFLAGS ?=
BENCHFLAGS ?=

.PHONY: help
help: ## Show the targets.
	@awk -F ':.*## ' '/^##@/ { print "\n" substr($$0, 5) } /^[a-z0-9-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' Makefile

##@ Use

.PHONY: run
run: build ## Build the collector and start it on the quickstart. Ctrl-C stops it.
	@STARTED=$(STARTED) .ci/quickstart

.PHONY: build
build: $(COLLECTOR) ## Build the collector into dist/.

.PHONY: failurectl
failurectl: $(FAILURECTL) ## Build the command line into bin/.

.PHONY: cross
cross: cross-arm64 ## Build both programs for Linux on arm64, and the components for macOS and Windows.
	@for os in darwin windows; do GOOS=$$os .ci/step "Compiling the components for $$os" go build -v $(COMPONENTS) ./cmd/...; done

.PHONY: cross-arm64
cross-arm64: $(COLLECTOR)-linux-arm64 $(FAILURECTL)-linux-arm64 ## Build both programs for Linux on arm64.

.PHONY: clean
clean: ## Remove all that make built, tools included.
	rm -rf bin dist .tools $(PAGE_TESTS)/node_modules

##@ Check

.PHONY: test
test: build failurectl $(OCB) ## Run all tests, those of the built programs included.
	@for module in $(MODULES); do echo "==> Tests of $$module"; go -C $$module test -timeout 20m $(TESTFLAGS) ./...; done

.PHONY: test-portable
test-portable: ## Run the tests of the matcher as on a processor without AVX2.
	GODEBUG=cpu.avx2=off go test $(TESTFLAGS) ./detect/...

# Mounts that a test makes are seen by the test alone, and are gone when it ends.
.PHONY: test-host
test-host: bin/host.test ## Fill disks, hang mounts and exceed limits, and look whether the host probe sees it. Needs root.
	$(AS_ROOT) unshare --mount --propagation private bin/host.test -test.v -test.run '^TestReal'

.PHONY: test-host-v2
test-host-v2: bin/host.test ## Exceed limits of cgroup v2 on a host that has v1. Needs Debian's user-mode-linux.
	@.ci/cgroup2

.PHONY: bin/host.test
bin/host.test:
	go test -c -tags hosttest -o $@ ./hostprobereceiver/internal/host

.PHONY: test-databases
test-databases: ## Run the tests of the database probe against real servers, which it starts.
	go test -tags servers -timeout 15m $(TESTFLAGS) ./databaseprobereceiver

.PHONY: test-page
test-page: build $(PAGE_LIBRARIES) ## Run the tests of the feed's page in headless Chromium. Needs Debian's chromium, nodejs and npm.
	cd $(PAGE_TESTS) && node --test --test-reporter=spec

.PHONY: race
race: build failurectl $(OCB) ## Run all tests with the race detector, which needs a C compiler.
	@command -v gcc >/dev/null || { echo 'The race detector needs a C compiler: apt-get install gcc libc6-dev' >&2; exit 1; }
	CGO_ENABLED=1 go test -race -timeout 20m $(TESTFLAGS) ./...

.PHONY: lint
lint: $(GOLANGCI_LINT) ## Run the linters.
	@for module in $(MODULES); do echo "==> Lint of $$module"; (cd $$module && $(GOLANGCI_LINT) run ./...); done

.PHONY: fmt
fmt: $(GOLANGCI_LINT) ## Format the code.
	@for module in $(MODULES); do (cd $$module && $(GOLANGCI_LINT) fmt ./...); done

.PHONY: generate
generate: ## Write generated code and documentation anew.
	go generate ./...

.PHONY: screenshots
screenshots: build $(PAGE_LIBRARIES) ## Make the pictures of the feed's page in docs/ anew. Needs what test-page needs.
	node $(PAGE_TESTS)/screenshots.js

.PHONY: check-generated
check-generated: ## Fail where generated files are not what make generate writes.
	@.ci/check-generated

.PHONY: tidy-check
tidy-check: ## Fail where go mod tidy would change something.
	@for module in $(MODULES); do go -C $$module mod tidy -diff; done

.PHONY: bench
bench: ## Run the benchmarks. Fails where one rule takes more than 5% of the time on benign logs.
	go test -run '^$$' -bench . -benchmem ./detect/... ./internal/incident ./internal/cascade ./internal/novelty ./failuredetectorprocessor/... ./failuredetectorconnector/...

.PHONY: bench-cascade
bench-cascade: ## Let 500 shops break down, and show how often the origin is found.
	go test -v -count 1 -run TestOriginsOfBreakdowns ./internal/cascade -scenarios 500

.PHONY: bench-replay
bench-replay: ## Replay a day of ten million records.
	go test -v -count 1 -timeout 30m -run TestSpeedOfReplay ./cmd/failurectl -records 10000000

.PHONY: bench-forecast
bench-forecast: ## Forecast 40 series of each shape, and show how early and how wrongly, beside predict_linear.
	go test -v -count 1 -timeout 30m -run 'TestForecasts|TestRecordedSeries' ./internal/signal -series 40

.PHONY: bench-novelty
bench-novelty: ## Let 60 services run for a day each, and show how often new errors are told, rightly and wrongly.
	go test -v -count 1 -run 'TestNewsOf|TestAMillionTemplates' ./internal/novelty -services 20 -texts 200000

.PHONY: bench-feed
bench-feed: ## Let 1,000 clients listen to the feed for a minute and a burst. Takes 1,100 file descriptors (ulimit -Hn).
	go test -v -count 1 -run 'TestLoad$$' ./failurefeedexporter -args -clients 1000 -seconds 60

.PHONY: bench-peers
bench-peers: ## Measure against OTTL, regexp, RE2 and, with libvectorscan-dev and gcc, Vectorscan. Takes long.
	CGO_ENABLED=$(if $(VECTORSCAN),1,0) go -C benchmarks run $(if $(VECTORSCAN),-tags vectorscan) ./peers $(BENCHFLAGS)

.PHONY: bench-collector
bench-collector: $(BENCHMARK_COLLECTOR) ## Load a collector without, with our and with the transform processor.
	go -C benchmarks run ./collector -collector $(CURDIR)/$(BENCHMARK_COLLECTOR) $(BENCHFLAGS)

.PHONY: bench-host
bench-host: ## Measure a collection of the host probe beside the host metrics receiver.
	go -C benchmarks run ./host $(BENCHFLAGS)

.PHONY: fuzz
fuzz: ## Run every fuzz target for FUZZTIME, 30s unless told.
	@FUZZTIME=$(FUZZTIME) .ci/fuzz

.PHONY: vulncheck
vulncheck: $(GOVULNCHECK) build ## Look for known vulnerabilities. VULN_REQUIRED=1: fail without the database.
	@.ci/vulncheck $(GOVULNCHECK)

.PHONY: tools
tools: $(OCB) $(GOLANGCI_LINT) $(GOVULNCHECK) ## Install the tools into .tools/.

# The builder writes the sources of the collector, the compiler is called on them here: the builder
# would say nothing meanwhile, and every platform is built from the same sources.
dist/.sources: builder-config.yaml go.mod go.sum $(OCB)
	@mkdir -p dist
	@.ci/step 'Resolving the modules of the collector' $(OCB) --config builder-config.yaml --skip-compilation
	@touch $@

$(COLLECTOR): dist/.sources $(SOURCES)
	@.ci/step 'Compiling the collector' go -C dist build -v -ldflags '-s -w' -o $(@F) .

$(COLLECTOR)-linux-arm64: dist/.sources $(SOURCES)
	@GOOS=linux GOARCH=arm64 .ci/step 'Compiling the collector for arm64' go -C dist build -v -ldflags '-s -w' -o $(@F) .

$(FAILURECTL): builder-config.yaml $(SOURCES)
	@.ci/step 'Compiling failurectl' go build -v -ldflags '-s -w -X main.version=$(VERSION)' -o $@ ./cmd/failurectl

$(FAILURECTL)-linux-arm64: builder-config.yaml $(SOURCES)
	@GOOS=linux GOARCH=arm64 .ci/step 'Compiling failurectl for arm64' go build -v -ldflags '-s -w -X main.version=$(VERSION)' -o $@ ./cmd/failurectl

$(BENCHMARK_COLLECTOR): benchmarks/collector/builder-config.yaml $(SOURCES) $(OCB)
	@mkdir -p $(@D)
	@.ci/step 'Resolving the modules of the benchmark collector' $(OCB) --config $< --skip-compilation
	@.ci/step 'Compiling the benchmark collector' go -C $(@D) build -v -ldflags '-s -w' -o $(@F) .

$(PAGE_LIBRARIES): $(PAGE_TESTS)/package-lock.json
	npm --prefix $(PAGE_TESTS) ci --no-audit --no-fund
	@touch $@

$(OCB):
	@.ci/install-tool go.opentelemetry.io/collector/cmd/builder $(OCB_VERSION) $@

$(GOLANGCI_LINT):
	@.ci/install-tool github.com/golangci/golangci-lint/v2/cmd/golangci-lint $(GOLANGCI_LINT_VERSION) $@

$(GOVULNCHECK):
	@.ci/install-tool golang.org/x/vuln/cmd/govulncheck $(GOVULNCHECK_VERSION) $@
