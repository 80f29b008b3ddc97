package hostprobereceiver

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/metadata"
	"github.com/failuredetector/failuredetector/internal/probe"
)

// hostProbe reads the host, writes what it read as metrics, and what that means as events.
type hostProbe struct {
	config    *Config
	logger    *zap.Logger
	telemetry *metadata.TelemetryBuilder
	labels    metric.MeasurementOption
	recorder  recorder
	signals   *signals
	// open gives what reads the host.
	open   func() scanner
	reader scanner

	// then and now are the scans that are compared; further holds processes that were read late.
	then, now, further *host.Snapshot
	// judge is made with the first scan, which tells which host it is.
	judge *judge
	// processes says that those that use most are read with the next scan, since something is nearly exhausted.
	processes, crowded bool
}

// scanner reads a host.
type scanner interface {
	Read(ctx context.Context, into *host.Snapshot, parts host.Parts)
	Close() error
}

func newHostProbe(config *Config, set receiver.Settings) (*hostProbe, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	filter, err := config.Filesystems.filter()
	if err != nil {
		return nil, err
	}
	options := host.Options{RootPath: config.RootPath, Filesystems: filter}
	return &hostProbe{
		config:    config,
		logger:    set.Logger,
		telemetry: telemetry,
		labels:    metric.WithAttributeSet(attribute.NewSet(attribute.String("receiver", set.ID.String()))),
		// The kernel counts from its own start, or that of a cgroup: when that was is not told.
		recorder: recorder{builder: metadata.NewMetricsBuilder(config.MetricsBuilderConfig, set, metadata.WithStartTime(0))},
		signals:  newSignals(config),
		open:     func() scanner { return host.New(options) },
	}, nil
}

// Start opens nothing but what is read. What was known of the host before is forgotten.
func (p *hostProbe) Start(context.Context, component.Host) error {
	p.reader, p.judge = p.open(), nil
	p.checkRoot()
	p.then, p.now, p.further = new(host.Snapshot), new(host.Snapshot), new(host.Snapshot)
	return nil
}

// checkRoot warns of a root without what every host has, such as one that was mounted without what is
// mounted below it: each file of it is told in a low voice, since it might be a host that has no such file.
func (p *hostProbe) checkRoot() {
	if p.config.RootPath == "" {
		return
	}
	if _, err := os.Stat(filepath.Join(p.config.RootPath, "proc", "stat")); err != nil {
		p.logger.Warn("root_path is not the / of a host with what is mounted below it, so nothing can be watched",
			zap.String("root_path", p.config.RootPath), zap.Error(err))
	}
}

// Shutdown closes what is read.
func (p *hostProbe) Shutdown(context.Context) error {
	if p.reader == nil {
		return nil
	}
	return p.reader.Close()
}

// Collect reads the host once for metrics and events.
func (p *hostProbe) Collect(ctx context.Context, at time.Time) (probe.Output, error) {
	p.then, p.now = p.now, p.then
	began := time.Now()
	p.read(ctx)
	shares := compare(p.then, p.now)
	p.readLate(ctx, &shares)
	p.telemetry.ReceiverHostProbeScanDuration.Record(ctx, time.Since(began).Seconds(), p.labels)
	p.keepFew()

	if p.judge == nil {
		p.begin()
	}
	out := probe.NewOutput()
	p.judge.set.Begin(at)
	p.judge.scan(p.now, &shares)
	p.judge.set.End(out.Events)
	p.look()
	p.countMounts(ctx)
	out.Metrics = p.record(at, &shares)
	return out, nil
}

func (p *hostProbe) read(ctx context.Context) {
	var parts host.Parts
	if p.judge == nil || p.recorder.own {
		parts |= host.Cgroup
	}
	if p.processes {
		parts |= host.Processes
	}
	p.reader.Read(ctx, p.now, parts)
	p.tell(ctx, p.now)
}

// readLate reads the processes after all where memory ran out between two scans: who has it is what a
// person wants to know.
func (p *hostProbe) readLate(ctx context.Context, s *shares) {
	if p.processes || p.config.TopConsumers.Count == 0 || !p.ranOut(s) {
		return
	}
	p.reader.Read(ctx, p.further, host.Processes)
	p.tell(ctx, p.further)
	p.now.Processes, p.further.Processes = p.further.Processes, p.now.Processes
}

func (p *hostProbe) ranOut(s *shares) bool {
	for _, n := range []figure.Number{s.oomKills, s.own.oomKills} {
		if killed, _ := n.Get(); killed > 0 {
			return true
		}
	}
	used := s.memory
	if p.recorder.own && s.own.memory.Known() {
		used = s.own.memory
	}
	u, ok := used.Get()
	return ok && p.signals.memory != nil && u >= p.signals.memory.Limits.Critical.At
}

// keepFew leaves as many processes as are wanted.
func (p *hostProbe) keepFew() {
	most, list := p.config.TopConsumers.Count, &p.now.Processes
	list.ByCPU = list.ByCPU[:min(len(list.ByCPU), most)]
	list.ByMemory = list.ByMemory[:min(len(list.ByMemory), most)]
}

// tell logs what could not be read, once. What a host does not have is no fault.
func (p *hostProbe) tell(ctx context.Context, s *host.Snapshot) {
	for i := range s.Problems {
		problem := &s.Problems[i]
		p.telemetry.ReceiverHostProbeProblems.Add(ctx, 1, p.labels)
		if errors.Is(problem.Err, fs.ErrNotExist) {
			p.logger.Info("the host does not have it", zap.String("source", problem.Source), zap.Error(problem.Err))
		} else {
			p.logger.Warn("it cannot be read, so it is left out", zap.String("source", problem.Source), zap.Error(problem.Err))
		}
	}
}

// begin makes what depends on which host it is.
func (p *hostProbe) begin() {
	id, cgroup := &p.now.Identity, &p.now.Cgroup
	own := p.config.Scope == ScopeContainer || p.config.Scope == ScopeAuto && cgroup.InContainer && p.config.RootPath == ""
	p.recorder.own = own
	p.recorder.describe(id, cgroup)
	p.judge = newJudge(p.signals, probe.NewSet(probe.Settings{
		Component: metadata.Type.String(),
		ScopeName: metadata.ScopeName,
		Resource:  p.recorder.resource,
		Interval:  p.config.CollectionInterval,
		Heartbeat: p.config.Heartbeat,
	}), newEntities(id, cgroup), own)
}

// look sees whether something is nearly exhausted, so that the next scan says who uses it.
func (p *hostProbe) look() {
	p.processes = false
	for c := range p.judge.set.Conditions() {
		if t := c.Signal.Type; t == typeCPU || t == typeMemory {
			p.processes = p.processes || c.Phase > 0 || c.Known && c.Value >= c.Signal.Limits.Clear
		}
	}
	p.processes = p.processes && p.config.TopConsumers.Count > 0
	if p.judge.set.LeftOut() > 0 && !p.crowded {
		p.crowded = true
		p.logger.Warn("there are more filesystems than can be followed; leave some out", zap.Int("left_out", p.judge.set.LeftOut()))
	}
}

func (p *hostProbe) countMounts(ctx context.Context) {
	stale := 0
	for i := range p.now.Filesystems {
		if p.now.Filesystems[i].NotAnswering {
			stale++
		}
	}
	p.telemetry.ReceiverHostProbeStaleFilesystems.Record(ctx, int64(stale), p.labels)
}

func (p *hostProbe) record(at time.Time, s *shares) pmetric.Metrics {
	r := &p.recorder
	r.at = stamp(at)
	r.host(p.now, s)
	if r.own {
		r.cgroup(&p.now.Cgroup, &s.own)
	}
	for c := range p.judge.set.Conditions() {
		r.condition(&c)
	}
	return r.builder.Emit(metadata.WithResource(r.resource))
}
