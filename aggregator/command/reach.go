package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"fronteras/aggregator/web"
	"fronteras/store"
)

// lockWait is how long a command waits for another process to let go of the store.
const lockWait = time.Second

// ask has a call answered: by the daemon where one runs, else on the store
// itself. Either way the answer is the same.
func (p *program) ask(ctx context.Context, name string, question, answer any) (err error) {
	c, err := p.load()
	if err != nil {
		return err
	}
	err = web.Ask(ctx, c.Control, name, question, answer)
	if !errors.Is(err, web.ErrNobody) {
		return err
	}
	d, err := p.open(c, store.Options{Wait: lockWait})
	if errors.Is(err, store.ErrBusy) {
		return fmt.Errorf("a daemon holds %s but does not answer on %s", c.Store, c.Control)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	text, err := json.Marshal(question)
	if err != nil {
		return err
	}
	return d.answer(ctx, name, text, answer)
}

// answer calls one of the desk's calls in this process.
func (d *desk) answer(ctx context.Context, name string, question json.RawMessage, answer any) error {
	result, err := d.calls()[name](ctx, question)
	if err != nil {
		return err
	}
	if stream, ok := result.(web.Stream); ok {
		return stream.Send(answer.(io.Writer))
	}
	text, err := json.Marshal(result)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, answer)
}

// calls are what a desk can be asked, by name.
func (d *desk) calls() map[string]web.Call {
	return map[string]web.Call{
		"stories":  call(d.listStories),
		"judged":   call(d.judge),
		"explain":  call(d.explain),
		"stations": call(d.listStations),
		"poll":     call(d.pollNow),
		"rule":     call(d.rule),
		"refold":   call(d.refoldAll),
		"backup":   call(d.backup),
		"backedup": call(d.backedUp),
		"verify":   call(d.verify),
	}
}

// call makes a web.Call of a function of one question.
func call[Q, A any](f func(context.Context, Q) (A, error)) web.Call {
	return func(ctx context.Context, text json.RawMessage) (any, error) {
		var q Q
		if err := json.Unmarshal(text, &q); err != nil {
			return nil, fmt.Errorf("question: %w", err)
		}
		return f(ctx, q)
	}
}
