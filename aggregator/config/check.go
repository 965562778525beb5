package config

import (
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

// checkLine refuses line breaks.
func checkLine(s string) error {
	if strings.Contains(s, "\n") {
		return fmt.Errorf("%s has more than one line: one is allowed", quote(s))
	}
	return nil
}

var identifier = regexp.MustCompile(`^[a-z0-9-]{1,64}$`)

// checkID takes what stands in addresses and on command lines.
func checkID(s string) error {
	if !identifier.MatchString(s) {
		return fmt.Errorf("%s is no id: allowed are up to 64 of a-z, 0-9 and -", quote(s))
	}
	return nil
}

// checkAddress takes the address of a page or a picture.
func checkAddress(s string) error {
	if strings.Contains(s, "\n") || link.Resolve("", s) == "" {
		return fmt.Errorf("%s is no web address: allowed is http:// or https:// and a host", quote(s))
	}
	_, rest, _ := strings.Cut(s, "//")
	if authority := rest[:strings.IndexAny(rest+"/", "/?#")]; strings.Contains(authority, "@") {
		return fmt.Errorf("a user before the host found: an address here has none")
	}
	return nil
}

// checkBase takes an address below which others are made, and which stands in
// a comment of the User-Agent (RFC 9110 5.6.5).
func checkBase(s string) error {
	if err := checkAddress(s); err != nil {
		return err
	}
	if strings.ContainsAny(s, `?#()\`) {
		return fmt.Errorf("%s holds one of ? # ( ) \\: the base of all addresses has none", quote(s))
	}
	return nil
}

// checkFeed takes the address of a feed: http, https, or a file.
func checkFeed(s string) error {
	path, ok := cutFile(s)
	switch {
	case !ok:
		return checkAddress(s)
	case path == "" || strings.HasSuffix(path, "/"):
		return fmt.Errorf("%s names no file: write file: and a path, such as file:feeds/news.xml", quote(s))
	case strings.HasPrefix(path, "//") && !strings.HasPrefix(path, "///"):
		return fmt.Errorf("%s names a file on another host: write file: and a path, such as file:feeds/news.xml", quote(s))
	}
	return checkLine(s)
}

func checkHost(s string) error {
	_, err := link.ParseHost(s)
	return err
}

// checkSection takes a host and a path, below which links name a source.
func checkSection(s string) error {
	name, path, _ := strings.Cut(s, "/")
	if strings.Trim(path, "/") == "" || strings.ContainsAny(path, "?#\n") {
		return fmt.Errorf("%s is no section: allowed is a host and a path, such as radioajo.example/wire/", quote(s))
	}
	return checkHost(name)
}

// checkLanguage takes a language tag (BCP 47).
func checkLanguage(s string) error {
	if _, err := language.Parse(s); err != nil || strings.Contains(s, "_") {
		return fmt.Errorf("%s is no language: allowed is a tag such as en, es or es-MX", quote(s))
	}
	return nil
}

// checkTimezone takes a name of the IANA time zone database. Whose "Local" it
// would be depends on the machine, so that is none.
func checkTimezone(s string) error {
	if _, err := time.LoadLocation(s); err != nil || s == "Local" {
		return fmt.Errorf("%s is no time zone: allowed is a name such as America/Phoenix or UTC", quote(s))
	}
	return nil
}

// checkMail takes a mail address that may stand in a comment of the User-Agent
// (RFC 9110 5.6.5) and in feeds: no name, no brackets, no quotes.
func checkMail(s string) error {
	address, err := mail.ParseAddress(s)
	if err != nil || address.Address != s || strings.ContainsFunc(s, notInMail) {
		return fmt.Errorf("%s is no mail address: allowed is a plain one, such as desk@fronteras.example", quote(s))
	}
	return nil
}

func notInMail(c rune) bool {
	return c <= ' ' || c > '~' || strings.ContainsRune(`()<>[]{}"\,;:`, c)
}

// checkListen takes what a server listens on.
func checkListen(s string) error {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return fmt.Errorf("%s is nothing to listen on: allowed is host:port, such as 127.0.0.1:8080", quote(s))
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("%s has the port %s: allowed is a number from 0 to 65535", quote(s), quote(port))
	}
	if host == "" {
		return nil
	}
	if _, err := link.ParseHost(host); err != nil {
		return fmt.Errorf("%s has the host %s: allowed is an address or a host's name", quote(s), quote(host))
	}
	return nil
}

// checkStore takes the path of a file.
func checkStore(s string) error {
	scheme, _, ok := strings.Cut(s, "://")
	switch {
	case ok && (scheme == "postgres" || scheme == "postgresql"):
		return fmt.Errorf("a PostgreSQL store is not supported yet: allowed is the path of a file, such as fronteras.db")
	case ok:
		return fmt.Errorf("%s is an address: allowed is the path of a file, such as fronteras.db", quote(s))
	case strings.HasSuffix(s, "/"):
		return fmt.Errorf("%s is a folder: allowed is the path of a file, such as fronteras.db", quote(s))
	}
	return checkLine(s)
}

// checkFolder takes the path of a folder on this machine. What has a colon before
// its first slash is meant as an address: s3://bucket, or host:/path.
func checkFolder(s string) error {
	if first, _, _ := strings.Cut(s, "/"); strings.Contains(first, ":") {
		return fmt.Errorf("%s is an address, which is not supported yet: allowed is a folder, such as /var/backups/fronteras", quote(s))
	}
	return checkLine(s)
}
