package notify_test

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/quotedprintable"
	"strings"
	"sync/atomic"
	"testing"

	"fronteras/aggregator/notify"
	"fronteras/aggregator/notify/mailtest"
)

// notice is a mail with a notice.
func notice() notify.Mail {
	return notify.Mail{ID: "id-1", To: "night@desk.example", Subject: "[Desk] Killed: Ñandú\r\nBcc: all@desk.example",
		Text:        "A notice of its source says that the story is withdrawn. Está retenida.\n.\nhttps://desk.example/desk/cases/1\n",
		Unsubscribe: "https://desk.example/unsubscribe/token"}
}

func bodyOf(t *testing.T, m mailtest.Mail) string {
	t.Helper()
	if m.Header.Get("Content-Transfer-Encoding") != "quoted-printable" {
		return m.Body
	}
	text, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(m.Body)))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}

func TestAMailHasTheHeadersOfANotice(t *testing.T) {
	server := &mailtest.Server{}
	at := server.Start(t, "127.0.0.1:0")
	s := notify.MailServer{Address: at, Name: "Fronteras, the Desk\r\nBcc: x", From: "desk@fronteras.example",
		Host: "fronteras.example"}
	if err := s.Send(t.Context(), notice()); err != nil {
		t.Fatal(err)
	}
	m := server.Mails()[0]
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != "[Desk] Killed: Ñandú Bcc: all@desk.example" {
		t.Errorf("subject %q, %v", subject, err)
	}
	for name, want := range map[string]string{
		"Message-Id": "<id-1@fronteras.example>", "Auto-Submitted": "auto-generated", "Bcc": "",
		"List-Unsubscribe":      "<https://desk.example/unsubscribe/token>",
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "From": `"Fronteras, the Desk Bcc: x" <desk@fronteras.example>`,
		"To": "<night@desk.example>", "Content-Type": "text/plain; charset=UTF-8",
	} {
		if have := m.Header.Get(name); have != want {
			t.Errorf("%s: %q, want %q", name, have, want)
		}
	}
	if have := bodyOf(t, m); have != notice().Text {
		t.Errorf("body %q", have)
	}
	if m.To != "night@desk.example" || m.From != "desk@fronteras.example" {
		t.Errorf("envelope %q %q", m.From, m.To)
	}
}

// Addresses in a mail are in one piece, whoever looks for them in it.
func TestAPlainTextIsSentAsItIs(t *testing.T) {
	server := &mailtest.Server{}
	s := notify.MailServer{Address: server.Start(t, "127.0.0.1:0"), From: "desk@fronteras.example", Host: "fronteras.example"}
	m := notice()
	m.Text = "Open this:\nhttps://desk.example/desk/sign-in/" + strings.Repeat("x=", 60) + "\n.\n..\nend\n"
	if err := s.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if have := server.Mails()[0]; have.Body != m.Text || have.Header.Get("Content-Transfer-Encoding") != "8bit" {
		t.Errorf("%v %q", have.Header, have.Body)
	}
	m.Text = strings.Repeat("x", 2000) + "\n"
	if err := s.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if have := bodyOf(t, server.Mails()[1]); have != m.Text {
		t.Errorf("a long line: %q", have)
	}
}

func TestMailIsEncryptedAndSignedIn(t *testing.T) {
	encrypted, trusting := mailtest.Certificate(t)
	for _, direct := range []bool{false, true} {
		server := &mailtest.Server{Password: "s3cret", TLS: encrypted, Direct: direct}
		at := server.Start(t, "127.0.0.1:0")
		s := notify.MailServer{Address: at, From: "desk@fronteras.example", User: "desk", Password: "s3cret", TLS: direct,
			Host: "fronteras.example", Config: trusting.Clone()}
		if err := s.Send(t.Context(), notice()); err != nil {
			t.Errorf("directly %v: %v", direct, err)
			continue
		}
		if m := server.Mails(); len(m) != 1 || !m[0].Encrypted || m[0].User != "desk" {
			t.Errorf("directly %v: %+v", direct, m)
		}
		s.Password = "wrong"
		if err := s.Send(t.Context(), notice()); err == nil || strings.Contains(err.Error(), "wrong") {
			t.Errorf("a wrong password: %v", err)
		}
	}
}

// A server elsewhere gets neither a mail nor a password without encryption.
func TestMailGoesNowhereElseUnencrypted(t *testing.T) {
	var asked atomic.Int32
	server := &mailtest.Server{Password: "s3cret", Answer: func(string) string { asked.Add(1); return "" }}
	at := server.Start(t, "127.0.0.1:0")
	_, port, _ := strings.Cut(at, ":")
	// An address that leads here, and is none of this machine alone.
	s := notify.MailServer{Address: "0.0.0.0:" + port, From: "desk@fronteras.example", User: "desk",
		Password: "s3cret", Host: "fronteras.example"}
	err := s.Send(t.Context(), notice())
	if err == nil || len(server.Mails()) != 0 || asked.Load() == 0 {
		t.Errorf("%v, %d mails, asked %d times", err, len(server.Mails()), asked.Load())
	}
}

func TestAnswersOfAMailServerSayWhatBecomesOfAMail(t *testing.T) {
	permanent, unclear := new(*notify.PermanentError), new(*notify.UnclearError)
	for _, c := range []struct {
		name, word, answer string
		want               any // nil: it is tried again, and is known not to have been taken
	}{
		{"a mailbox that is not there", "RCPT", "550 5.1.1 night@desk.example unknown", permanent},
		{"a mailbox that is full", "RCPT", "452 night@desk.example is full", nil},
		{"a mail that is refused", ".", "554 no", permanent},
		{"a mail that is put off", ".", "451 later", nil},
		{"no answer to a mail", ".", "cut", unclear},
		{"a server that is not ready", "EHLO", "421 later", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := &mailtest.Server{Answer: func(word string) string {
				if word == c.word || c.word == "EHLO" && word == "HELO" {
					return c.answer
				}
				return ""
			}}
			s := notify.MailServer{Address: server.Start(t, "127.0.0.1:0"), From: "desk@fronteras.example", Host: "fronteras.example"}
			err := s.Send(t.Context(), notice())
			if err == nil || strings.Contains(err.Error(), "night") {
				t.Fatalf("%v", err)
			}
			if (c.want == permanent) != errors.As(err, permanent) || (c.want == unclear) != errors.As(err, unclear) {
				t.Errorf("%T %v", err, err)
			}
		})
	}
}

func TestAMailServerThatIsNotThereIsTriedAgain(t *testing.T) {
	s := notify.MailServer{Address: "127.0.0.1:1", From: "desk@fronteras.example"}
	err := s.Send(t.Context(), notice())
	if err == nil || errors.As(err, new(*notify.PermanentError)) || errors.As(err, new(*notify.UnclearError)) {
		t.Errorf("%T %v", err, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Send(ctx, notice()); err == nil {
		t.Error("a mail was sent although nobody waits")
	}
}
