package config

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"fronteras/aggregator/link"
)

// notAllowed is the error of a text: what was found, what is wrong with it, and what is allowed.
func notAllowed(s, reason string) error { return fmt.Errorf("%s %s", quoteShort(s), reason) }

// checkLine rejects line breaks.
func checkLine(s string) error {
	if strings.Contains(s, "\n") {
		return notAllowed(s, "has more than one line: one is allowed")
	}
	return nil
}

var identifier = regexp.MustCompile(`^[a-z0-9-]{1,64}$`)

// checkID accepts what can be part of addresses and command lines.
func checkID(s string) error {
	if !identifier.MatchString(s) {
		return notAllowed(s, "is not a valid id: allowed are up to 64 of a-z, 0-9 and -")
	}
	return nil
}

// checkAddress accepts the address of a page or a picture.
func checkAddress(s string) error {
	if strings.Contains(s, "\n") || link.Resolve("", s) == "" {
		return notAllowed(link.Redact(s), "is not a web address: allowed is http:// or https:// and a host")
	}
	_, rest, _ := strings.Cut(s, "//")
	if authority := rest[:strings.IndexAny(rest+"/", "/?#")]; strings.Contains(authority, "@") {
		return errors.New("a user name before the host found: an address here must not have one")
	}
	return nil
}

// checkLicense accepts the address of a license that robots.txt can name: what follows # is a comment
// there (RFC 9309 2.2).
func checkLicense(s string) error {
	if err := checkAddress(s); err != nil {
		return err
	}
	if strings.Contains(s, "#") {
		return notAllowed(s, "contains #: robots.txt, which names the license, ends an address there")
	}
	return nil
}

// checkBase accepts an address that others are built on, and that can be part of a comment of the
// User-Agent (RFC 9110 5.6.5).
func checkBase(s string) error {
	if err := checkAddress(s); err != nil {
		return err
	}
	if strings.ContainsAny(s, `?#()\`) {
		return notAllowed(s, "contains one of ? # ( ) \\: the base of all addresses must not")
	}
	return nil
}

// checkFeed accepts the address of a feed: http, https, or a file.
func checkFeed(s string) error {
	path, ok := cutFileScheme(s)
	switch {
	case !ok:
		return checkAddress(s)
	case path == "" || strings.HasSuffix(path, "/"):
		return notAllowed(s, "does not name a file: write file: and a path, such as file:feeds/news.xml")
	case strings.HasPrefix(path, "//") && !strings.HasPrefix(path, "///"):
		return notAllowed(s, "names a file on another host: write file: and a path, such as file:feeds/news.xml")
	}
	return checkLine(s)
}

func checkHost(s string) error {
	_, err := link.ParseHost(s)
	return err
}

// checkSection accepts a host and a path: links below them name a source.
func checkSection(s string) error {
	name, path, _ := strings.Cut(s, "/")
	if strings.Trim(path, "/") == "" || strings.ContainsAny(path, "?#\n") {
		return notAllowed(s, "is not a section: allowed is a host and a path, such as radioajo.example/wire/")
	}
	return checkHost(name)
}

// checkLanguage accepts a language tag (BCP 47).
func checkLanguage(s string) error {
	if _, err := language.Parse(s); err != nil || strings.Contains(s, "_") {
		return notAllowed(s, "is not a language: allowed is a tag such as en, es or es-MX")
	}
	return nil
}

// checkTimezone accepts a name of the IANA time zone database. It rejects "Local", which depends on
// the machine.
func checkTimezone(s string) error {
	if _, err := time.LoadLocation(s); err != nil || s == "Local" {
		return notAllowed(s, "is not a time zone: allowed is a name such as America/Phoenix or UTC")
	}
	return nil
}

// checkMail accepts an email address that can be part of feeds and of a comment of the User-Agent
// (RFC 9110 5.6.5): no name, no brackets, no quotes.
func checkMail(s string) error {
	address, err := mail.ParseAddress(s)
	isForbidden := func(c rune) bool { return c <= ' ' || c > '~' || strings.ContainsRune(`()<>[]{}"\,;:`, c) }
	if err != nil || address.Address != s || strings.ContainsFunc(s, isForbidden) {
		return notAllowed(s, "is not an email address: allowed is a plain one, such as desk@fronteras.example")
	}
	return nil
}

// checkListen accepts what a server listens on.
func checkListen(s string) error {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return notAllowed(s, "is not an address to listen on: allowed is host:port, such as 127.0.0.1:8080")
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("%s has the port %s: allowed is a number from 0 to 65535", quoteShort(s), quoteShort(port))
	}
	if host == "" {
		return nil
	}
	if _, err := link.ParseHost(host); err != nil {
		return fmt.Errorf("%s has the host %s: allowed is a host name or an IP address",
			quoteShort(s), quoteShort(host))
	}
	return nil
}

// checkStore accepts the path of a file.
func checkStore(s string) error {
	scheme, _, ok := strings.Cut(s, "://")
	switch {
	case ok && (scheme == "postgres" || scheme == "postgresql"):
		return errors.New("a PostgreSQL store is not supported yet: " +
			"allowed is the path of a file, such as fronteras.db")
	case ok:
		return notAllowed(s, "is an address: allowed is the path of a file, such as fronteras.db")
	case strings.HasSuffix(s, "/"):
		return notAllowed(s, "is a folder: allowed is the path of a file, such as fronteras.db")
	}
	return checkLine(s)
}

// checkFolder accepts the path of a folder on this machine. A colon before the first slash makes it
// an address: s3://bucket, or host:/path.
func checkFolder(s string) error {
	if first, _, _ := strings.Cut(s, "/"); strings.Contains(first, ":") {
		return notAllowed(s, "is an address, which is not supported yet: "+
			"allowed is a folder, such as /var/backups/fronteras")
	}
	return checkLine(s)
}
