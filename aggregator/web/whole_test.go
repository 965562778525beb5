package web

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"testing"
)

// Bodies of all sizes about net/http's buffers arrive as they are, on one connection
// after another's.
func TestWholeAnswers(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{ConnContext: WithConnection, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Context().Value(jointKey{}) == nil {
			t.Error("the connection is not one that joins")
		}
		size, _ := strconv.Atoi(r.URL.Query().Get("size"))
		w.Header().Set("Content-Length", strconv.Itoa(size))
		write(w, r, bytes.Repeat([]byte("x"), size))
	})}
	go func() { _ = s.Serve(Whole(l)) }()
	defer s.Close()
	for _, size := range []int{0, 1, 2000, 2048, 3900, 3950, 4000, 4050, 4095, 4096, 4097, 6000, 8192, 8193, 1 << 20} {
		answer, err := http.Get(fmt.Sprintf("http://%s/?size=%d", l.Addr(), size))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if err != nil || len(body) != size || len(bytes.Trim(body, "x")) > 0 {
			t.Errorf("size %d: %d bytes came, error %v", size, len(body), err)
		}
	}
}

// What is written in pieces of any sizes arrives in order, whatever is kept of it,
// and what is kept does not leave alone.
func TestJointKeepsOrder(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	came := make(chan []byte)
	go func() {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Error(err)
			close(came)
			return
		}
		body, _ := io.ReadAll(c)
		came <- body
	}()
	c, err := Whole(l).Accept()
	if err != nil {
		t.Fatal(err)
	}
	j := WithConnection(context.Background(), c).Value(jointKey{}).(*joint)
	var want []byte
	for n, size := range []int{10, mostKept - 1, 5, mostKept, 1, 3 * mostKept, 0, 100} {
		if n%3 == 1 {
			j.keep()
		}
		piece := bytes.Repeat([]byte{byte('a' + n)}, size)
		want = append(want, piece...)
		if wrote, err := j.Write(piece); wrote != size || err != nil {
			t.Fatalf("piece %d: %d bytes were written, error %v", n, wrote, err)
		}
		if n == 1 && len(j.head) != size {
			t.Errorf("%d bytes of %d were kept", len(j.head), size)
		}
		if n%3 == 0 {
			j.release()
		}
	}
	j.release()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if got := <-came; !bytes.Equal(got, want) {
		t.Errorf("%d bytes came of %d, or others", len(got), len(want))
	}
	if wrote, err := j.Write(make([]byte, 1)); err == nil {
		t.Errorf("%d bytes were written to a closed connection", wrote)
	}
}
