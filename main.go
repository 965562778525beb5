// Fronteras is the daemon between partner radio stations: it polls their feeds,
// recognizes which items are one story, and republishes one merged feed.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // stations' time zones, on machines that have none

	"fronteras/aggregator/command"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, exitOnSecondSignal)
	code := command.Main(ctx)
	stop()
	os.Exit(code)
}

// exitOnSecondSignal ends the process at once if it gets a second signal to stop. The store is safe
// at any moment.
func exitOnSecondSignal() {
	again := make(chan os.Signal, 1)
	signal.Notify(again, os.Interrupt, syscall.SIGTERM)
	<-again
	os.Exit(1)
}
