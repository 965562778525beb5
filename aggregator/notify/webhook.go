package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"fronteras/aggregator/news"
)

// PermanentError says that a notice is not to be sent again: its recipient takes none, or not this one.
type PermanentError struct{ Err error }

func (e *PermanentError) Error() string { return e.Err.Error() }

func (e *PermanentError) Unwrap() error { return e.Err }

// UnclearError says that a recipient may have taken a notice, or not.
type UnclearError struct{ Err error }

func (e *UnclearError) Error() string { return e.Err.Error() }

func (e *UnclearError) Unwrap() error { return e.Err }

// Bounds of a request to a webhook.
const (
	requestTime = 20 * time.Second
	maxAnswer   = 64 << 10 // bytes of an answer that are read, so that the connection can be used again
	maxDiscord  = 2000     // letters of a message
)

// Webhooks sends notices to web addresses. The zero value serves.
type Webhooks struct{ Transport http.RoundTripper }

// Send sends a notice in the form that its recipient takes, at a time. It fails with [PermanentError] if
// the recipient is gone (410), and with [UnclearError] if there is no answer to what was sent. Errors name
// the host alone: the rest of an address may be a secret.
func (w Webhooks) Send(ctx context.Context, r news.Recipient, n Notice, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	host := HostOf(r.Target)
	body, header, err := requestOf(r, n, now)
	if err != nil {
		return fmt.Errorf("%s: %w", host, err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.Target, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%s: the address cannot be used", host)
	}
	request.Header = header
	client := http.Client{Transport: w.Transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	answer, err := client.Do(request)
	if err != nil {
		var of *url.Error
		if errors.As(err, &of) { // it has the address
			err = of.Err
		}
		var dialed *net.OpError
		if errors.As(err, &dialed) && dialed.Op == "dial" {
			return fmt.Errorf("%s: %w", host, err)
		}
		return &UnclearError{fmt.Errorf("%s: %w", host, err)}
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, maxAnswer)) // what it says is for people
	switch status := answer.StatusCode; {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusGone:
		return &PermanentError{fmt.Errorf("%s: %d %s", host, status, http.StatusText(status))}
	case status >= 300 && status < 400:
		return fmt.Errorf("%s: %d: it leads to another address, which is not followed", host, status)
	default:
		return fmt.Errorf("%s: %d %s", host, status, http.StatusText(status))
	}
}

// HostOf is the host of an address, as it may be shown; of a mail address "mail".
func HostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "mail"
	}
	return u.Hostname()
}

// requestOf is the body and the headers of a request.
func requestOf(r news.Recipient, n Notice, now time.Time) (body []byte, header http.Header, err error) {
	header = http.Header{"User-Agent": {"fronteras"}, "Content-Type": {"application/json"}}
	switch r.As {
	case news.AsSlack:
		body, err = marshal(map[string]string{"text": escapeSlack(plainText(n))})
	case news.AsDiscord:
		body, err = marshal(map[string]any{"content": cutText(escapeDiscord(plainText(n)), maxDiscord),
			"allowed_mentions": map[string][]string{"parse": {}}})
	case news.AsTeams:
		body, err = marshal(newTeamsMessage(n))
	case news.AsNtfy:
		body = []byte(n.Text)
		header.Set("Content-Type", "text/plain; charset=utf-8")
		header.Set("Title", mime.QEncoding.Encode("utf-8", n.Subject))
		if n.URL != "" {
			header.Set("Click", n.URL)
		}
		if n.Kind == news.NoticeKilled {
			header.Set("Priority", "4")
		}
	default:
		if body, err = marshal(newWebhookBody(n)); err != nil {
			return nil, nil, err
		}
		header.Set("Webhook-Id", n.ID)
		stamp := strconv.FormatInt(now.Unix(), 10)
		header.Set("Webhook-Timestamp", stamp)
		if r.Secret != "" {
			signature, err := signWebhook(r.Secret, n.ID, stamp, body)
			if err != nil {
				return nil, nil, err
			}
			header.Set("Webhook-Signature", signature)
		}
	}
	return body, header, err
}

// marshal is a value as JSON in UTF-8, with no more escapes than JSON needs.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}

// plainText is a notice as one text.
func plainText(n Notice) string { return n.Subject + "\n" + strings.TrimRight(n.Text, "\n") }

// escapeSlack has a text show as it is.
func escapeSlack(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

// escapeDiscord keeps foreign words from being a link that shows another address than its own.
func escapeDiscord(text string) string { return strings.ReplaceAll(text, "](", `]\(`) }

// webhookBody is a notice for programs. Its shape is a contract.
type webhookBody struct {
	Type      news.NoticeKind `json:"type"`
	Timestamp time.Time       `json:"timestamp"`
	Data      webhookData     `json:"data"`
}

type webhookData struct {
	Case    string  `json:"case"`
	URL     string  `json:"url"`
	Text    string  `json:"text"`
	Feed    string  `json:"feed"`
	Stories []Story `json:"stories"`
}

func newWebhookBody(n Notice) webhookBody {
	return webhookBody{n.Kind, n.When.UTC().Truncate(time.Second),
		webhookData{n.Case, n.URL, n.Text, n.Feed, append([]Story{}, n.Stories...)}}
}

// signWebhook signs a request as Standard Webhooks have it.
func signWebhook(secret, id, timestamp string, body []byte) (string, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return "", errors.New("the secret is not whsec_ and base64")
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.", id, timestamp)
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
}

// teamsMessage is a message with one Adaptive Card, as a workflow of Teams takes it.
type teamsMessage struct {
	Type        string            `json:"type"`
	Attachments []teamsAttachment `json:"attachments"`
}

type teamsAttachment struct {
	ContentType string       `json:"contentType"`
	ContentURL  *string      `json:"contentUrl"`
	Content     adaptiveCard `json:"content"`
}

type adaptiveCard struct {
	Schema  string        `json:"$schema"`
	Type    string        `json:"type"`
	Version string        `json:"version"`
	Body    []cardElement `json:"body"`
	Actions []cardAction  `json:"actions,omitempty"`
}

type cardElement struct {
	Type   string `json:"type"`
	Text   string `json:"text"`
	Weight string `json:"weight,omitempty"`
	Wrap   bool   `json:"wrap"`
}

type cardAction struct {
	Type  string `json:"type"`
	Title string `json:"title"`
	URL   string `json:"url"`
}

func newTeamsMessage(n Notice) teamsMessage {
	card := adaptiveCard{
		Schema: "http://adaptivecards.io/schemas/adaptive-card.json", Type: "AdaptiveCard", Version: "1.4",
		Body: []cardElement{{"TextBlock", escapeMarkdown(n.Subject), "Bolder", true}},
	}
	for _, line := range strings.Split(strings.TrimRight(n.Text, "\n"), "\n") {
		if line != "" {
			card.Body = append(card.Body, cardElement{Type: "TextBlock", Text: escapeMarkdown(line), Wrap: true})
		}
	}
	if n.URL != "" {
		card.Actions = []cardAction{{"Action.OpenUrl", n.URL, n.URL}}
	}
	return teamsMessage{Type: "message", Attachments: []teamsAttachment{
		{ContentType: "application/vnd.microsoft.card.adaptive", Content: card}}}
}

// escapeMarkdown has a text show as it is where Markdown is read.
func escapeMarkdown(text string) string {
	return strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, "*", `\*`, "_", `\_`, "`", "\\`").Replace(text)
}
