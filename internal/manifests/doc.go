// Package manifests has the tests that decode the manifests of examples/kubernetes into the types of
// the Kubernetes API. It is a module of its own, so that no collector gets those types' version from us.
package manifests
