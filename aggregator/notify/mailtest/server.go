// Package mailtest is a mail server for tests: it keeps what it takes.
package mailtest

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"net/textproto"
	"strings"
	"sync"
	"testing"
)

// Server is a mail server (RFC 5321) on this machine.
type Server struct {
	// Password is that of the user desk; "": the server asks for none.
	Password string
	// Answer, if not nil, is asked before each command is answered, with its first word, or with "." when
	// a mail has arrived; what it returns is the answer, unless it is "". "cut" ends the connection.
	Answer func(word string) string
	TLS    *tls.Config // nil: connections are not encrypted
	Direct bool        // encrypted from the first byte on

	listener net.Listener
	mu       sync.Mutex
	mails    []Mail
	changed  chan struct{}
}

// Mail is a mail that the server has taken.
type Mail struct {
	From, To  string
	Header    mail.Header
	Body      string // decoded from its transfer encoding, if that is none or 7bit or 8bit; otherwise as it is
	Encrypted bool
	User      string // who sent it
}

// Certificate is a server's configuration for encrypted connections to 127.0.0.1, and a client's that
// trusts it.
func Certificate(t testing.TB) (server, client *tls.Config) {
	t.Helper()
	s := httptest.NewTLSServer(http.NotFoundHandler())
	defer s.Close()
	transport := s.Client().Transport.(*http.Transport) //nolint:forcetypeassert // it is one
	return &tls.Config{Certificates: s.TLS.Certificates}, &tls.Config{RootCAs: transport.TLSClientConfig.RootCAs}
}

// Start has the server listen at an address, such as 127.0.0.1:0, until the test ends, and gives the
// address.
func (s *Server) Start(t testing.TB, address string) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	if s.Direct {
		l = tls.NewListener(l, s.TLS)
	}
	s.listener, s.changed = l, make(chan struct{}, 1)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(c)
		}
	}()
	return l.Addr().String()
}

// Mails are those that the server has taken so far.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail{}, s.mails...)
}

// Wait gives the mails once there are as many as n.
func (s *Server) Wait(t testing.TB, n int) []Mail {
	t.Helper()
	for {
		if mails := s.Mails(); len(mails) >= n {
			return mails
		}
		select {
		case <-s.changed:
		case <-t.Context().Done():
			t.Fatalf("%d mails, want %d", len(s.Mails()), n)
		}
	}
}

// connection is one client.
type connection struct {
	net.Conn
	text *textproto.Conn
	mail Mail
}

func (s *Server) serve(c net.Conn) {
	defer func() { _ = c.Close() }()
	one := &connection{Conn: c, text: textproto.NewConn(c)}
	one.mail.Encrypted = s.Direct
	_ = one.text.PrintfLine("220 mail.example")
	for {
		line, err := one.text.ReadLine()
		if err != nil {
			return
		}
		word, rest, _ := strings.Cut(line, " ")
		word = strings.ToUpper(word)
		answer := ""
		if s.Answer != nil {
			answer = s.Answer(word)
		}
		if answer == "" {
			answer = s.obey(one, word, rest)
		}
		if answer == "cut" {
			return
		}
		if answer != "" && one.text.PrintfLine("%s", answer) != nil {
			return
		}
		switch {
		case word == "QUIT":
			return
		case word == "STARTTLS" && strings.HasPrefix(answer, "220"):
			one.Conn = tls.Server(one.Conn, s.TLS)
			one.text, one.mail.Encrypted = textproto.NewConn(one.Conn), true
		case word == "DATA" && strings.HasPrefix(answer, "354"):
			if !s.take(one) {
				return
			}
		}
	}
}

// obey answers a command.
func (s *Server) obey(c *connection, word, rest string) string {
	switch word {
	case "EHLO", "HELO":
		lines := []string{"mail.example", "8BITMIME"}
		if s.TLS != nil && !c.mail.Encrypted {
			lines = append(lines, "STARTTLS")
		}
		if s.Password != "" {
			lines = append(lines, "AUTH PLAIN")
		}
		for n := range lines[:len(lines)-1] {
			lines[n] = "250-" + lines[n]
		}
		lines[len(lines)-1] = "250 " + lines[len(lines)-1]
		return strings.Join(lines, "\r\n")
	case "STARTTLS":
		return "220 go ahead"
	case "AUTH":
		_, secret, _ := strings.Cut(rest, " ")
		plain, _ := base64.StdEncoding.DecodeString(secret)
		if string(plain) != "\x00desk\x00"+s.Password {
			return "535 no"
		}
		c.mail.User = "desk"
		return "235 yes"
	case "MAIL":
		if s.Password != "" && c.mail.User == "" {
			return "530 who are you?"
		}
		c.mail.From = between(rest)
	case "RCPT":
		c.mail.To = between(rest)
	case "DATA":
		return "354 go ahead"
	}
	return "250 ok"
}

func between(text string) string {
	_, text, _ = strings.Cut(text, "<")
	text, _, _ = strings.Cut(text, ">")
	return text
}

// take reads a mail, keeps it, and answers; it reports whether the connection goes on.
func (s *Server) take(c *connection) bool {
	text, err := io.ReadAll(c.text.DotReader())
	if err != nil {
		return false
	}
	answer := ""
	if s.Answer != nil {
		answer = s.Answer(".")
	}
	if answer == "" || answer == "cut" {
		m, err := mail.ReadMessage(bufio.NewReader(strings.NewReader(string(text))))
		if err != nil {
			_ = c.text.PrintfLine("554 %v", err)
			return true
		}
		body, _ := io.ReadAll(m.Body)
		kept := c.mail
		kept.Header, kept.Body = m.Header, strings.ReplaceAll(string(body), "\r\n", "\n")
		s.mu.Lock()
		s.mails = append(s.mails, kept)
		s.mu.Unlock()
		select {
		case s.changed <- struct{}{}:
		default:
		}
		answer = fmt.Sprint(answer, "250 ok")
	}
	if strings.HasPrefix(answer, "cut") {
		return false
	}
	return c.text.PrintfLine("%s", answer) == nil
}
