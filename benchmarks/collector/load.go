package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/failuredetector/failuredetector/benchmarks/internal/sample"
)

// exportMethod is the call of OTLP that takes logs.
const exportMethod = "/opentelemetry.proto.collector.logs.v1.LogsService/Export"

// requests are prepared once, so that making them takes nothing of the machine
// while it is measured.
type requests struct {
	encoded [][]byte
	// records is how many each has.
	records int
}

// prepare spreads lines over requests of so many records, each with six attributes.
func prepare(lines []string, records int) (requests, error) {
	r := requests{records: records}
	for len(lines) >= records && len(r.encoded) < 64 {
		encoded, err := plogotlp.NewExportRequestFromLogs(sample.Logs(lines[:records])).MarshalProto()
		if err != nil {
			return r, err
		}
		r.encoded = append(r.encoded, encoded)
		lines = lines[records:]
	}
	if len(r.encoded) == 0 {
		return r, fmt.Errorf("load: %d lines do not make a request of %d records", len(lines), records)
	}
	return r, nil
}

// encodedCodec sends what is encoded already and keeps the answer as it is.
type encodedCodec struct{}

// Name is that of the encoding on the wire.
func (encodedCodec) Name() string { return "proto" }

// Marshal gives the bytes that v is.
func (encodedCodec) Marshal(v any) ([]byte, error) { return v.([]byte), nil }

// Unmarshal keeps the bytes in v.
func (encodedCodec) Unmarshal(data []byte, v any) error {
	*v.(*[]byte) = append((*v.(*[]byte))[:0], data...)
	return nil
}

// sender has one connection to a collector.
type sender struct{ connection *grpc.ClientConn }

func dial(address string) (sender, error) {
	connection, err := grpc.NewClient(address,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(encodedCodec{})))
	if err != nil {
		return sender{}, fmt.Errorf("load: %w", err)
	}
	return sender{connection}, nil
}

func (s sender) close() error { return s.connection.Close() }

// requestLimit is how long an answer may take: less than the ten seconds after
// which exporters give up.
const requestLimit = 8 * time.Second

// send gives one request and waits for the answer.
func (s sender) send(ctx context.Context, encoded []byte) error {
	ctx, cancel := context.WithTimeout(ctx, requestLimit)
	defer cancel()
	var answer []byte
	if err := s.connection.Invoke(ctx, exportMethod, encoded, &answer); err != nil {
		return fmt.Errorf("load: %w", err)
	}
	response := plogotlp.NewExportResponse()
	if err := response.UnmarshalProto(answer); err != nil {
		return fmt.Errorf("load: answer: %w", err)
	}
	if rejected := response.PartialSuccess().RejectedLogRecords(); rejected > 0 {
		return fmt.Errorf("load: %d records were rejected: %s", rejected, response.PartialSuccess().ErrorMessage())
	}
	return nil
}

// underway is how many requests wait for an answer at any time: enough to keep
// two processors busy, however long the way is.
const underway = 4

// flood sends as much as is taken for some time, and gives how many records were.
func (s sender) flood(ctx context.Context, r requests, duration time.Duration) (int64, error) {
	var taken atomic.Int64
	var running sync.WaitGroup
	errs := make([]error, underway)
	until := time.Now().Add(duration)
	for worker := range underway {
		running.Go(func() {
			for next := worker; time.Now().Before(until) && errs[worker] == nil; next++ {
				if errs[worker] = s.send(ctx, r.encoded[next%len(r.encoded)]); errs[worker] == nil {
					taken.Add(int64(r.records))
				}
			}
		})
	}
	running.Wait()
	return taken.Load(), errors.Join(errs...)
}

// steady sends so many requests, one in each interval, and gives how long each answer took, in nanoseconds.
func (s sender) steady(ctx context.Context, r requests, interval time.Duration, count int) ([]float64, error) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	took := make([]float64, 0, count)
	for i := range count {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return took, ctx.Err()
		}
		started := time.Now()
		if err := s.send(ctx, r.encoded[i%len(r.encoded)]); err != nil {
			return took, err
		}
		took = append(took, float64(time.Since(started)))
	}
	return took, nil
}
