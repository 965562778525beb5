package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
)

// control serves calls on a socket of its own until the test ends.
func control(t *testing.T, calls map[string]Call) (socket string) {
	t.Helper()
	socket = filepath.Join(t.TempDir(), "control.sock")
	l, err := ListenControl(t.Context(), socket, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: ControlHandler(16, calls), ConnContext: WithPeer}
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return socket
}

// It has the mode that it is to have, whatever the umask.
func TestTheSocketReplacesOneThatNobodyAnswersOnAndNothingElse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "control.sock")
	l, err := ListenControl(t.Context(), path, 0o660)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o660 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if _, err := ListenControl(t.Context(), path, 0o600); err == nil ||
		!strings.Contains(err.Error(), "another daemon answers") {
		t.Errorf("next to a daemon: %v", err)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if l, err = ListenControl(t.Context(), path, 0o600); err != nil {
		t.Fatalf("a socket that nobody answers on stays: %v", err)
	}
	defer l.Close()
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	file := filepath.Join(t.TempDir(), "control.sock")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ListenControl(t.Context(), file, 0o600); err == nil || !strings.Contains(err.Error(), "not a socket") {
		t.Errorf("over a file: %v", err)
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "mine" {
		t.Errorf("the file is %q now, %v", text, err)
	}
}

func TestWhoAsksIsKnownByTheSocketAndAQuestionHasABound(t *testing.T) {
	socket := control(t, map[string]Call{"who": func(ctx context.Context, _ json.RawMessage) (any, error) {
		uid, ok := PeerUID(ctx)
		return map[string]any{"uid": uid, "ok": ok}, nil
	}})
	var answer struct {
		UID int
		OK  bool
	}
	if err := CallDaemon(t.Context(), socket, "who", struct{}{}, &answer); err != nil || !answer.OK ||
		answer.UID != os.Getuid() {
		t.Errorf("%+v, %v", answer, err)
	}
	if err := CallDaemon(t.Context(), socket, "who", strings.Repeat("a", controlQuestion+1), &answer); err == nil ||
		!strings.Contains(err.Error(), "too long") {
		t.Errorf("a long question: %v", err)
	}
	if err := CallDaemon(t.Context(), socket, "nothing", struct{}{}, &answer); err == nil {
		t.Error("a question that nobody answers was answered")
	}
	if err := CallDaemon(t.Context(), socket, "nothing", struct{}{}, &answer); !errors.Is(err, ErrNoCall) {
		t.Errorf("a call of another version: %v", err)
	}
	if err := CallDaemon(t.Context(), filepath.Join(t.TempDir(), "none.sock"), "who", struct{}{},
		&answer); !errors.Is(err, ErrNobody) {
		t.Errorf("where nobody listens: %v", err)
	}
}

// A stream comes whole, and one that breaks off is known to have.
func TestStreamsThatBreakOffAreKnown(t *testing.T) {
	text := bytes.Repeat([]byte("store"), 1<<18)
	stream := func(n int) Call {
		return func(context.Context, json.RawMessage) (any, error) {
			return Stream{Size: int64(len(text)), Send: func(w io.Writer) error {
				if _, err := w.Write(text[:n]); err != nil || n == len(text) {
					return err
				}
				return errors.New("the disk cannot be read")
			}}, nil
		}
	}
	socket := control(t, map[string]Call{"whole": stream(len(text)), "half": stream(len(text) / 2), "none": stream(0)})
	var out bytes.Buffer
	if err := CallDaemon(t.Context(), socket, "whole", struct{}{}, &out); err != nil ||
		!bytes.Equal(out.Bytes(), text) {
		t.Errorf("%d bytes came, %v", out.Len(), err)
	}
	for _, name := range []string{"half", "none"} {
		if err := CallDaemon(t.Context(), socket, name, struct{}{}, &bytes.Buffer{}); err == nil {
			t.Errorf("%s: it looked whole", name)
		}
	}
}

// FuzzControl: no question ends the daemon.
func FuzzControl(f *testing.F) {
	f.Add("stories", []byte(`{"flagged":true}`))
	f.Add("../x", []byte("\x00"))
	handler := ControlHandler(1, map[string]Call{"stories": func(_ context.Context, text json.RawMessage) (any, error) {
		var q struct{ Flagged bool }
		return q, json.Unmarshal(text, &q)
	}})
	f.Fuzz(func(t *testing.T, path string, question []byte) {
		r, err := http.NewRequest(http.MethodPost, "http://control/", bytes.NewReader(question))
		if err != nil {
			t.Fatal(err)
		}
		r.URL.Path = "/" + path
		handler.ServeHTTP(&discarded{header: http.Header{}}, r)
	})
}

// discarded is an answer that nobody reads.
type discarded struct{ header http.Header }

func (d *discarded) Header() http.Header         { return d.header }
func (d *discarded) WriteHeader(int)             {}
func (d *discarded) Write(b []byte) (int, error) { return len(b), nil }

// If as many commands are running as may be, one more waits for a while, and then hears so; it
// continues as soon as one of them ends.
func TestTooManyCommandsWaitAndHearThatTheDaemonIsBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		let := make(chan struct{})
		handler := ControlHandler(1, map[string]Call{"long": func(context.Context, json.RawMessage) (any, error) {
			<-let
			return "done", nil
		}})
		ask := func() *httptest.ResponseRecorder {
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/long", strings.NewReader("{}")))
			return w
		}
		answers := make(chan *httptest.ResponseRecorder, 2)
		go func() { answers <- ask() }()
		synctest.Wait()
		if w := ask(); w.Code != http.StatusServiceUnavailable ||
			!strings.Contains(w.Body.String(), "the daemon is busy: 1 commands are running") {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		go func() { answers <- ask() }()
		synctest.Wait()
		close(let)
		for range 2 {
			if w := <-answers; w.Code != http.StatusOK {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		}
	})
}
