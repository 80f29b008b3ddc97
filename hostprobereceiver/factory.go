package hostprobereceiver

import (
	"go.opentelemetry.io/collector/receiver"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/metadata"
)

// NewFactory gives the factory of the receiver.
func NewFactory() receiver.Factory {
	return receiver.NewFactory(metadata.Type, createDefaultConfig)
}
