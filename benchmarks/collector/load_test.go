package main

import (
	"context"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"google.golang.org/grpc"

	"github.com/failuredetector/failuredetector/benchmarks/internal/sample"
)

// receiver counts what arrives, and rejects so many records of each request.
type receiver struct {
	plogotlp.UnimplementedGRPCServer
	records, attributes, rejects atomic.Int64
}

// Export takes a request.
func (r *receiver) Export(_ context.Context, request plogotlp.ExportRequest) (plogotlp.ExportResponse, error) {
	r.records.Add(int64(request.Logs().LogRecordCount()))
	r.attributes.Store(int64(request.Logs().ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes().Len()))
	response := plogotlp.NewExportResponse()
	response.PartialSuccess().SetRejectedLogRecords(r.rejects.Load())
	return response, nil
}

func newReceiver(t *testing.T) (*receiver, sender) {
	t.Helper()
	r := &receiver{}
	server := grpc.NewServer()
	plogotlp.RegisterGRPCServer(server, r)
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	s, err := dial(listener.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, s.close())
		server.Stop()
		require.NoError(t, <-served)
	})
	return r, s
}

func TestRequestsHaveSoManyRecords(t *testing.T) {
	r, err := prepare(sample.Repeated("quiet", 25), 10)
	require.NoError(t, err)
	require.Len(t, r.encoded, 2, "what does not fill a request is left over")
	_, err = prepare(sample.Repeated("quiet", 9), 10)
	require.ErrorContains(t, err, "9 lines do not make a request of 10 records")
}

func TestFloodCountsWhatWasTaken(t *testing.T) {
	at, s := newReceiver(t)
	r, err := prepare(sample.Repeated("quiet", 20), 10)
	require.NoError(t, err)
	taken, err := s.flood(t.Context(), r, 100*time.Millisecond)
	require.NoError(t, err)
	require.Positive(t, taken)
	require.Equal(t, at.records.Load(), taken)
	require.EqualValues(t, 6, at.attributes.Load())
}

func TestRejectedRecordsAreAnError(t *testing.T) {
	at, s := newReceiver(t)
	at.rejects.Store(3)
	r, err := prepare(sample.Repeated("quiet", 10), 10)
	require.NoError(t, err)
	taken, err := s.flood(t.Context(), r, time.Minute)
	require.ErrorContains(t, err, "3 records were rejected")
	require.Zero(t, taken)
}

func TestSteadySendsOneRequestAnInterval(t *testing.T) {
	at, s := newReceiver(t)
	r, err := prepare(sample.Repeated("quiet", 10), 10)
	require.NoError(t, err)
	started := time.Now()
	took, err := s.steady(t.Context(), r, 10*time.Millisecond, 5)
	require.NoError(t, err)
	require.Len(t, took, 5)
	require.EqualValues(t, 50, at.records.Load())
	require.GreaterOrEqual(t, time.Since(started), 45*time.Millisecond)
}
