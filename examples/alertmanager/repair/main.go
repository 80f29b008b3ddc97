// Command repair acts on failures that commonly go away: it takes the alerts that Alertmanager sends it, and
// restarts or scales what its actions name, a few times an hour at most. It only says what it would do until
// it is started with -run.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Getenv("REPAIR_TOKEN"), os.Stdout)
	stop()
	os.Exit(status)
}

func run(ctx context.Context, args []string, token string, out io.Writer) int {
	flags := flag.NewFlagSet("repair", flag.ContinueOnError)
	flags.SetOutput(out)
	listen := flags.String("listen", "localhost:9095", "where Alertmanager reaches it")
	file := flags.String("actions", "actions.yaml", "what is done about which alert")
	really := flags.Bool("run", false, "run the commands; without it they are only written to the log")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	log := slog.New(slog.NewTextHandler(out, nil))
	if err := serve(ctx, *listen, *file, token, *really, log); err != nil {
		log.Error("repair ends", "error", err)
		return 1
	}
	return 0
}

func serve(ctx context.Context, listen, file, token string, really bool, log *slog.Logger) error {
	plan, err := loadPlan(file)
	if err != nil {
		return err
	}
	if host, _, err := net.SplitHostPort(listen); err != nil {
		return fmt.Errorf("listen: %w", err)
	} else if token == "" && host != "localhost" && !net.ParseIP(host).IsLoopback() {
		return fmt.Errorf("listen: %q can be reached from other machines: set REPAIR_TOKEN, and the same token in Alertmanager", listen)
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	r := newRepairer(plan, really, log)
	server := &http.Server{
		Handler: r.handler(token), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second,
	}
	working := make(chan struct{})
	go func() {
		r.work(ctx)
		close(working)
	}()
	context.AfterFunc(ctx, func() { _ = server.Close() }) // Alertmanager sends again what was on its way.
	log.Info("repair listens", "address", listener.Addr().String(), "run", really, "actions", len(plan.Actions))
	if err = server.Serve(listener); errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	<-working
	return err
}
