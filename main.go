// Fronteras is the daemon between partner radio stations: it polls their feeds,
// recognises which items are one story, and republishes one merged feed.
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
	context.AfterFunc(ctx, impatient)
	code := command.Main(ctx)
	stop()
	os.Exit(code)
}

// impatient ends the process at once when it is told to stop a second time. The
// store is safe at any moment.
func impatient() {
	again := make(chan os.Signal, 1)
	signal.Notify(again, os.Interrupt, syscall.SIGTERM)
	<-again
	os.Exit(1)
}
