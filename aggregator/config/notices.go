package config

import (
	"cmp"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// Mail says how mail is sent.
type Mail struct {
	Server   string // host:port; "": no mail is sent
	TLS      bool   // from the first byte on (smtps); otherwise the server is asked for it (STARTTLS)
	User     string // "": the server asks for none
	Password string // see [Config.ReadSecrets]
	From     string
}

// Notify says who hears of what happens, and when what lasts is told.
type Notify struct {
	Ill    time.Duration // a feed is ill when its last success is so long ago
	Backup time.Duration // a backup is late when the last one is so old
	To     []news.Recipient
}

// Defaults and bounds of notify.after.
const (
	defaultIll    = 6 * time.Hour
	defaultLate   = 48 * time.Hour // of a desk that makes no backups itself
	intervalsLate = 2              // backups that are missed, of one that does
	minAfter      = time.Second
	maxAfter      = 366 * 24 * time.Hour
	maxRecipients = 1000
)

// Ports of mail servers (RFC 8314).
const (
	portStartTLS = "587"
	portTLS      = "465"
)

func readMail(c *Config) func(value) {
	return func(v value) {
		var server string
		var password secretFile
		m := v.readMapping(fields{
			"smtp":     readText(&server, checkMailServer),
			"from":     readText(&c.Mail.From, checkMail),
			"password": readSecretName(&password),
		}, "smtp", "from")
		if server == "" {
			return
		}
		c.Mail.Server, c.Mail.TLS, c.Mail.User, _ = parseMailServer(server)
		if password.file == "" {
			if c.Mail.User != "" && !m.isWritten("password") {
				m.valueAt("password").reportFault("missing: smtp names a user; write file: and the name of a file that " +
					"holds the password")
			}
			return
		}
		if c.Mail.User == "" {
			m.valueAt("password").reportFault("smtp names no user, so it is of no use: write smtp://USER@HOST:PORT, " +
				"or leave the password out")
			return
		}
		password.use = takePassword
		c.secrets = append(c.secrets, password)
	}
}

const mailServerNeeded = "allowed is smtp://USER@HOST:PORT, or smtps:// where the server expects TLS from the start"

// checkMailServer accepts the address of a mail server.
func checkMailServer(s string) error {
	_, _, _, err := parseMailServer(s)
	return err
}

// parseMailServer reads smtp://user@host:port, or smtps://.
func parseMailServer(s string) (server string, tls bool, user string, err error) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" {
		if strings.Contains(s, "@") { // what is before it may be a password
			return "", false, "", fmt.Errorf("not a mail server's address: %s", mailServerNeeded)
		}
		return "", false, "", notAllowed(s, "is not a mail server's address: "+mailServerNeeded)
	}
	if _, found := u.User.Password(); found {
		return "", false, "", fmt.Errorf(
			`a password in the address found: write it into a file, and password: "file:NAME" beside smtp`)
	}
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", false, "", notAllowed(s, "has something after the host: "+mailServerNeeded)
	}
	port := portStartTLS
	if tls = u.Scheme == "smtps"; tls {
		port = portTLS
	}
	server = net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), port))
	if err := checkListen(server); err != nil {
		return "", false, "", notAllowed(server, "is not a host and a port: "+mailServerNeeded)
	}
	return server, tls, u.User.Username(), nil
}

func readNotify(c *Config) func(value) {
	return func(v value) {
		n := &c.Notify
		seen := map[string]value{}
		m := v.readMapping(fields{
			"after": func(v value) {
				v.readMapping(fields{
					"ill":    readDuration(&n.Ill, minAfter, maxAfter),
					"backup": readDuration(&n.Backup, minAfter, maxAfter),
				})
			},
			"to": func(v value) { v.readList(func(item value) { readRecipient(c, item, seen) }) },
		})
		if count := len(n.To); count > maxRecipients {
			m.valueAt("to").reportFault("%d recipients found: %d are allowed", count, maxRecipients)
		}
	}
}

// fillNotify fills in what depends on the desk's own backups.
func fillNotify(c *Config) {
	late := defaultLate
	if c.Backup.To != "" {
		late = intervalsLate * c.Backup.Every
	}
	c.Notify.Ill = cmp.Or(c.Notify.Ill, defaultIll)
	c.Notify.Backup = cmp.Or(c.Notify.Backup, late)
}

// readRecipient reads who hears of what.
func readRecipient(c *Config, v value, seen map[string]value) {
	var r news.Recipient
	var as string
	var of []string
	var secret secretFile
	kinds := func(v value) {
		before := len(v.faults)
		if readTexts(&of, checkLine)(v); len(of) == 0 && len(v.faults) == before {
			v.reportFault("nothing found, so nothing would be sent: allowed are %s; without it, all are sent",
				joinWords(news.NoticeKinds))
		}
	}
	m := v.readMapping(fields{
		"address":  readText(&r.Address, checkRecipient),
		"of":       kinds,
		"as":       readText(&as, checkFormat),
		"secret":   readSecretName(&secret),
		"digest":   readText(&r.Digest, checkTimeOfDay),
		"timezone": readText(&r.Timezone, checkTimezone),
		"partner":  readText(&r.Partner, checkID),
	}, "address")
	r.Of = m.noticeKinds(of, r.Partner != "" || m.isWritten("partner"))
	index := len(c.Notify.To)
	if r.Address != "" {
		m.settleFormat(c, &r, as, index)
		// One address may have some at once, and others in a digest.
		m.reportDoubled(seen, "address", r.Address+" "+r.Digest+" "+r.Partner, "this address is",
			"name each recipient once, or with another digest")
	}
	if secret.file != "" {
		if r.As != "" && r.As != news.AsJSON {
			m.valueAt("secret").reportFault("found, and what is sent as %s is not signed: leave it out", r.As)
		}
		secret.recipient, secret.use = index, takeSigningSecret
		c.secrets = append(c.secrets, secret)
	}
	v.whenAllIsRead(func(c *Config, sections members) {
		if m.checkStation(c, "partner", r.Partner); r.Timezone == "" {
			c.Notify.To[index].Timezone = timezoneOf(c, r.Partner)
		}
		if r.As == news.AsMail && !sections.isWritten("mail") {
			m.valueAt("address").reportFault("a mail address found, and there is no section mail: it is needed, " +
				"with smtp and from")
		}
	})
	c.Notify.To = append(c.Notify.To, r)
}

// timezoneOf is the time zone of a station, or of the desk.
func timezoneOf(c *Config, station string) string {
	for _, s := range c.Stations {
		if s.ID == station && s.Timezone != "" {
			return s.Timezone
		}
	}
	return c.Desk.Timezone
}

// noticeKinds gives what a recipient hears of.
func (m members) noticeKinds(of []string, partner bool) []news.NoticeKind {
	allowed, needed := news.NoticeKinds, ""
	if partner {
		allowed, needed = news.PartnerNoticeKinds, " with partner"
	}
	var kinds []news.NoticeKind
	for _, name := range of {
		kind := news.NoticeKind(name)
		switch {
		case slices.Contains(kinds, kind):
			m.valueAt("of").reportFault("%s is written twice: write each once", quoteShort(name))
		case kind == news.NoticeMissing && !partner:
			m.valueAt("of").reportFault("%s is for partners: write partner: and a station's id beside it", name)
		case !slices.Contains(allowed, kind):
			m.valueAt("of").reportFault("%s found: allowed%s are %s", quoteShort(name), needed, joinWords(allowed))
		default:
			kinds = append(kinds, kind)
		}
	}
	if len(kinds) == 0 {
		return slices.Clone(allowed)
	}
	return kinds
}

// joinWords lists words for a message.
func joinWords[T ~string](list []T) string {
	var words []string
	for _, word := range list {
		words = append(words, string(word))
	}
	return strings.Join(words, ", ")
}

// webFormats are those of notices to web addresses.
var webFormats = []news.RecipientFormat{
	news.AsJSON, news.AsSlack, news.AsDiscord, news.AsTeams, news.AsNtfy,
}

func checkFormat(s string) error {
	if f := news.RecipientFormat(s); f != news.AsMail && !slices.Contains(webFormats, f) {
		return notAllowed(s, "found: allowed are "+joinWords(webFormats))
	}
	return nil
}

// settleFormat says in which form a recipient takes notices, and where that is known already, at which
// address.
func (m members) settleFormat(c *Config, r *news.Recipient, as string, index int) {
	r.As = news.RecipientFormat(as)
	if name, ok := cutFileScheme(r.Address); ok {
		at := m.valueAt("address")
		r.As = cmp.Or(r.As, news.AsJSON)
		c.secrets = append(c.secrets, secretFile{
			line: at.line, key: at.key, file: name, recipient: index, use: takeAddress, settled: as != "",
		})
		return
	}
	r.Target = r.Address
	if err := fitsFormat(r.Target, &r.As); err != nil {
		m.valueAt("as").reportFault("%v", err)
	}
}

// fitsFormat fills in the form in which notices go to an address, or says why they cannot go there in
// that form.
func fitsFormat(target string, as *news.RecipientFormat) error {
	isMail := strings.HasPrefix(target, mailScheme)
	switch {
	case *as == "" && isMail:
		*as = news.AsMail
	case *as == "":
		*as = news.AsJSON
	case isMail && *as != news.AsMail:
		return fmt.Errorf("%s found, and the address is a mail address: leave it out", *as)
	case !isMail && *as == news.AsMail:
		return fmt.Errorf("%s found, and the address is a web address: allowed are %s", *as, joinWords(webFormats))
	}
	return nil
}

const mailScheme = "mailto:"

// checkRecipient accepts where notices go. What is found is not shown where it may be a hook that
// anybody could use who knows it.
func checkRecipient(s string) error {
	if name, ok := cutFileScheme(s); ok {
		return checkSecretName("file:" + name)
	}
	return checkTarget(s)
}

// checkTarget accepts a mail address or the address of a hook.
func checkTarget(s string) error {
	if address, ok := strings.CutPrefix(s, mailScheme); ok {
		return checkMail(address)
	}
	const needed = "allowed is mailto: and a mail address, https:// or http:// and a host, or file: and the name of a " +
		"file that holds one of these"
	if strings.Contains(s, "\n") || link.Resolve("", s) == "" {
		if scheme, _, ok := strings.Cut(s, ":"); ok && plainKey.MatchString(scheme) {
			return fmt.Errorf("an address that begins with %s: found: %s", quoteShort(scheme), needed)
		}
		return notAllowed(s, "is not an address: "+needed)
	}
	return checkAddress(s)
}

// checkTimeOfDay accepts hours and minutes.
func checkTimeOfDay(s string) error {
	const layout = "15:04"
	if t, err := time.Parse(layout, s); err != nil || t.Format(layout) != s {
		return notAllowed(s, `is not a time of day: allowed is one from "00:00" to "23:59", in quotes`)
	}
	return nil
}
