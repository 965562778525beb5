package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Call answers one question of the control socket. Question and answer are JSON.
type Call func(ctx context.Context, question json.RawMessage) (any, error)

// Stream is an answer of a call that is not JSON: Size bytes, which Send writes. The caller knows
// by the length if an answer breaks off.
type Stream struct {
	Size int64
	Send func(io.Writer) error
}

// ErrNobody: no daemon answers on a control socket.
var ErrNobody = errors.New("no daemon answers")

// ErrNoCall: the daemon that answers knows no such call; it runs another version.
var ErrNoCall = errors.New("the daemon runs another version, which cannot do that: restart it")

// Bounds of the control socket.
const (
	controlQuestion = 64 << 10
	controlWait     = 10 * time.Second
)

// ListenControl makes the control socket at a path. A socket that nobody answers on is replaced,
// and so is a link that [LinkControl] left; anything else at the path is left alone, and is an
// error.
func ListenControl(ctx context.Context, path string, mode os.FileMode) (net.Listener, error) {
	if err := clearSocket(ctx, path); err != nil {
		return nil, err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "unix", path)
	if err != nil {
		return nil, fmt.Errorf("control: %w", err)
	}
	if err := os.Chmod(path, mode); err != nil {
		return nil, errors.Join(fmt.Errorf("control: %w", err), l.Close())
	}
	return l, nil
}

// LinkControl leaves a link to the control socket in a place where commands look too. What is there
// is treated as [ListenControl] does.
func LinkControl(ctx context.Context, socket, place string) error {
	if to, err := os.Readlink(place); err == nil && to == socket {
		return nil
	}
	if err := clearSocket(ctx, place); err != nil {
		return err
	}
	return os.Symlink(socket, place)
}

// clearSocket takes away a socket that nobody answers on, or a link to one.
func clearSocket(ctx context.Context, path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("control: %w", err)
	}
	if info.Mode()&(fs.ModeSocket|fs.ModeSymlink) == 0 {
		return fmt.Errorf("control %s: exists and is not a socket", path)
	}
	if c, err := (&net.Dialer{Timeout: controlWait}).DialContext(ctx, "unix", path); err == nil {
		return errors.Join(fmt.Errorf("control %s: another daemon answers there; name another socket under the key "+
			"control", path), c.Close())
	}
	if err := os.Remove(path); err != nil {
		return fmt.Errorf("control: %w", err)
	}
	return nil
}

// ControlHandler answers the calls of the control socket, a number at a time: further ones wait for
// a while, and then hear that the daemon is busy. A call whose context ends hears that the daemon
// is stopping: contexts of requests are to end with the daemon's.
func ControlHandler(most int, calls map[string]Call) http.Handler {
	room := make(chan struct{}, most)
	mux := http.NewServeMux()
	for name, call := range calls {
		mux.HandleFunc("POST /"+name, func(w http.ResponseWriter, r *http.Request) {
			question, err := io.ReadAll(http.MaxBytesReader(w, r.Body, controlQuestion))
			if err != nil {
				http.Error(w, "the request is incomplete or too long", http.StatusRequestEntityTooLarge)
				return
			}
			// Some calls take minutes: visits of all feeds, a refold. If the limits cannot be
			// lifted, they stay. That of reading would end the call's context.
			c := http.NewResponseController(w)
			_, _ = c.SetReadDeadline(time.Time{}), c.SetWriteDeadline(time.Time{})
			wait := time.NewTimer(controlWait)
			defer wait.Stop()
			select {
			case room <- struct{}{}:
				defer func() { <-room }()
			case <-wait.C:
				http.Error(w, fmt.Sprintf("the daemon is busy: %d commands are running; try again later", most),
					http.StatusServiceUnavailable)
				return
			case <-r.Context().Done():
				refuseStopping(w)
				return
			}
			answerCall(w, r, call, question)
		})
	}
	return mux
}

// answerCall answers one call.
func answerCall(w http.ResponseWriter, r *http.Request, call Call, question json.RawMessage) {
	result, err := call(r.Context(), question)
	switch stream, ok := result.(Stream); {
	case err != nil && r.Context().Err() != nil:
		refuseStopping(w)
	case err != nil:
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
	case ok:
		stream.sendTo(w)
	default:
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(result) // the command has gone: nobody is left to tell
	}
}

// refuseStopping answers a command whose call was not finished.
func refuseStopping(w http.ResponseWriter) {
	http.Error(w, "the daemon is stopping: the command was not finished", http.StatusServiceUnavailable)
}

// sendTo sends a stream. A client that takes nothing for a while is given up.
func (s Stream) sendTo(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.FormatInt(s.Size, 10))
	if err := s.Send(patient{w, http.NewResponseController(w)}); err != nil {
		panic(http.ErrAbortHandler) // the answer is not whole, and must not look so
	}
}

// patient writes to a client as long as it takes something now and then.
type patient struct {
	io.Writer
	c *http.ResponseController
}

// Write implements [io.Writer].
func (p patient) Write(b []byte) (int, error) {
	if err := p.c.SetWriteDeadline(time.Now().Add(controlWait)); err != nil {
		return 0, err
	}
	return p.Writer.Write(b)
}

// CallDaemon has a daemon answer a call. It fails with ErrNobody if none listens on the socket,
// with ErrNoCall if it knows no such call, otherwise with what it says. A [Stream] is written into
// answer, which is an [io.Writer] then.
func CallDaemon(ctx context.Context, socket, name string, question, answer any) error {
	text, err := json.Marshal(question)
	if err != nil {
		return err
	}
	client := &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{Timeout: controlWait}).DialContext(ctx, "unix", socket)
		},
	}}
	defer client.CloseIdleConnections()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://control/"+name, bytes.NewReader(text))
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ENOTSOCK) {
		return fmt.Errorf("%w on %s", ErrNobody, socket)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) {
		return fmt.Errorf("control %s: the daemon closed the connection: it is stopping, or has just been started; "+
			"try again", socket)
	}
	if err != nil {
		var op *net.OpError // what http and net put around it says nothing
		if errors.As(err, &op) {
			err = op.Err
		}
		return fmt.Errorf("control %s: %w", socket, err)
	}
	defer response.Body.Close()
	if out, ok := answer.(io.Writer); ok && response.StatusCode == http.StatusOK {
		_, err := io.Copy(out, response.Body)
		return err
	}
	body, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return fmt.Errorf("control %s: %w", socket, err)
	case response.StatusCode == http.StatusNotFound:
		return ErrNoCall
	case response.StatusCode != http.StatusOK:
		return errors.New(strings.TrimSpace(string(body)))
	}
	return json.Unmarshal(body, answer)
}
