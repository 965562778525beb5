package notify

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/wneessen/go-mail"

	"fronteras/aggregator/news"
)

// NoticeID is the id of the notice of an event to a recipient: the same whenever it is sent again.
func NoticeID(d Desk, r news.Recipient, event uint64) string {
	digest := sha256.Sum256([]byte(d.URL + "\n" + r.Key()))
	return hex.EncodeToString(digest[:8]) + "-" + strconv.FormatUint(event, 10)
}

// MailServer is the server that takes the desk's mail.
type MailServer struct {
	Address        string      // host:port
	TLS            bool        // from the first byte on
	User, Password string      // "": it asks for none
	Name, From     string      // of the sender: what it is called, and its address
	Host           string      // the desk's, in Message-IDs
	Config         *tls.Config // nil: the system's
}

// Mail is one mail.
type Mail struct {
	ID          string // the same whenever it is sent again; "": it is sent once
	To          string
	Subject     string
	Text        string
	Unsubscribe string // address at which the recipient unsubscribes; "": it is no notice
}

const mailTime = 30 * time.Second

// Send gives a mail to the server. When it returns nil the server has taken it. It fails with
// [PermanentError] if the server refuses the mail for good (5xx), and with [UnclearError] if it does not
// say whether it has taken it. Errors name no address.
func (s MailServer) Send(ctx context.Context, m Mail) error {
	ctx, cancel := context.WithTimeout(ctx, mailTime)
	defer cancel()
	host, port, err := net.SplitHostPort(s.Address)
	if err != nil {
		return fmt.Errorf("mail server: %w", err)
	}
	message, err := s.newMessage(m)
	if err != nil {
		return &PermanentError{errors.New("the mail address cannot be used")}
	}
	client, err := mail.NewClient(host, s.options(host, port)...)
	if err != nil {
		return fmt.Errorf("mail server %s: %w", host, err)
	}
	if err := client.DialWithContext(ctx); err != nil {
		return fmt.Errorf("mail server %s: %w", host, err)
	}
	err = client.Send(message)
	_ = client.Close() // the server has taken the mail, or has not: how it parts says nothing
	var refused *mail.SendError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused) && refused.ErrorCode() >= 500:
		return &PermanentError{fmt.Errorf("mail server %s refused the mail: %d", host, refused.ErrorCode())}
	case errors.As(err, &refused) && refused.ErrorCode() != 0:
		return fmt.Errorf("mail server %s did not take the mail: %d", host, refused.ErrorCode())
	}
	return &UnclearError{fmt.Errorf("mail server %s did not say that it has the mail", host)}
}

// options are those of a connection: encrypted unless the server is on this machine.
func (s MailServer) options(host, port string) []mail.Option {
	number, _ := strconv.Atoi(port) // the configuration has checked it
	options := []mail.Option{mail.WithPort(number), mail.WithTimeout(mailTime), mail.WithoutNoop()}
	if s.Host != "" {
		options = append(options, mail.WithHELO(s.Host))
	}
	if s.Config != nil {
		trusted := s.Config.Clone()
		trusted.ServerName = host
		options = append(options, mail.WithTLSConfig(trusted))
	}
	switch {
	case s.TLS:
		options = append(options, mail.WithSSL())
	case isLoopback(host):
		options = append(options, mail.WithTLSPolicy(mail.TLSOpportunistic))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if s.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.User),
			mail.WithPassword(s.Password))
	}
	return options
}

func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

func (s MailServer) newMessage(m Mail) (*mail.Msg, error) {
	message := mail.NewMsg(mail.WithEncoding(encodingOf(m.Text)), mail.WithNoDefaultUserAgent())
	if err := errors.Join(message.FromFormat(OneLine(s.Name, maxLine), s.From), message.To(m.To)); err != nil {
		return nil, err
	}
	message.Subject(OneLine(m.Subject, maxSubject))
	message.SetDate()
	if m.ID == "" {
		message.SetMessageID()
	} else {
		message.SetMessageIDWithValue(m.ID + "@" + s.Host)
	}
	message.SetGenHeader("Auto-Submitted", "auto-generated")
	if m.Unsubscribe != "" {
		message.SetGenHeader(mail.HeaderListUnsubscribe, "<"+m.Unsubscribe+">")
		message.SetGenHeader(mail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	message.SetBodyString(mail.TypeTextPlain, m.Text)
	return message, nil
}

// maxMailLine is how long a line of a mail may be that is sent as it is, in bytes (RFC 5322 2.1.1).
const maxMailLine = 998

// encodingOf is how a text is sent: as it is, if every server takes that, so that addresses in it stay in
// one piece for all that look for them.
func encodingOf(text string) mail.Encoding {
	for line := range strings.Lines(text) {
		if len(line) > maxMailLine || strings.ContainsFunc(line, func(r rune) bool { return r >= utf8.RuneSelf }) {
			return mail.EncodingQP
		}
	}
	return mail.NoEncoding
}

// MailAddressOf is the address in a mailto: address.
func MailAddressOf(target string) string {
	address := strings.TrimPrefix(target, "mailto:")
	if plain, err := url.PathUnescape(address); err == nil {
		return plain
	}
	return address
}
