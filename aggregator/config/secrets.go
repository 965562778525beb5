package config

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"fronteras/aggregator/link"
)

// secretFile is a file that holds what is not to stand in the configuration.
type secretFile struct {
	line      int
	key       string
	file      string // as the configuration names it, without file:
	recipient int    // the index of the one whose it is
	settled   bool   // the configuration says in which form the address in it takes notices
	use       func(*Config, secretFile, string) error
}

// maxSecret is how long a secret may be, in bytes.
const maxSecret = 4 << 10

// readSecretName reads the name of a file that holds a secret.
func readSecretName(to *secretFile) func(value) {
	return func(v value) {
		var s string
		readText(&s, checkSecretName)(v)
		name, _ := cutFileScheme(s)
		*to = secretFile{line: v.line, key: v.key, file: name}
	}
}

// checkSecretName accepts the name of a file that holds a secret. What else is found may be the secret
// itself, so it is not shown.
func checkSecretName(s string) error {
	const needed = `allowed is file: and the name of a file that holds it, such as "file:smtp-password"`
	name, ok := cutFileScheme(s)
	switch {
	case !ok:
		return errors.New("something else than the name of a file found, perhaps the secret itself: " + needed)
	case strings.Trim(name, "/.") == "" || strings.HasSuffix(name, "/") || strings.HasPrefix(name, "//"):
		return notAllowed(s, "does not name a file: "+needed)
	}
	return checkLine(s)
}

// ReadSecrets reads the files that the configuration names for passwords, secrets and addresses of
// hooks: in $CREDENTIALS_DIRECTORY, otherwise beside the configuration. Getenv is as for [Load]. It
// fails with an [*Error]. Only who sends needs them, and who checks the configuration: the daemon's
// credentials are open to nobody else.
func (c *Config) ReadSecrets(getenv func(string) string) error {
	e := &Error{File: c.File}
	for _, s := range c.secrets {
		text, err := s.read(filepath.Dir(c.File), getenv("CREDENTIALS_DIRECTORY"))
		if err == nil {
			err = s.use(c, s, text)
		}
		if err != nil {
			e.Faults = append(e.Faults, Fault{s.line, s.key, err.Error()})
		}
	}
	if len(e.Faults) > 0 {
		r := reader{faults: e.Faults}
		e.Faults = r.sortedFaults()
		return e
	}
	return nil
}

// NeedsSecrets reports whether the configuration names files for [Config.ReadSecrets].
func (c *Config) NeedsSecrets() bool { return len(c.secrets) > 0 }

// Modes of a file that more can read than its owner. Of a credential the service manager may open the
// group's bits: they are the mask of an access list that names the daemon's user alone.
const (
	readableByOthers           fs.FileMode = 0o077
	credentialReadableByOthers fs.FileMode = 0o007
)

// read gives what a file holds, without the line break at its end.
func (s secretFile) read(folder, credentials string) (string, error) {
	if credentials != "" && filepath.IsLocal(s.file) {
		// A folder's files are credentials with a "_" for each "/" (systemd.exec(5), LoadCredential).
		for _, name := range []string{s.file, strings.ReplaceAll(s.file, "/", "_")} {
			path := filepath.Join(credentials, name)
			if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
				return readSecret(path, credentialReadableByOthers)
			}
		}
	}
	path := resolvePath(folder, s.file)
	text, err := readSecret(path, readableByOthers)
	if errors.Is(err, fs.ErrNotExist) {
		where := ""
		if credentials != "" {
			where = ", nor is it in " + credentials + " ($CREDENTIALS_DIRECTORY)"
		}
		return "", fmt.Errorf("%s: no such file%s: write it there, with mode 0600", path, where)
	}
	return text, err
}

// readSecret reads a file that must be closed to others.
func readSecret(path string, readable fs.FileMode) (string, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", err
	case err != nil:
		return "", fmt.Errorf("%s: %w: the daemon's user must be able to read it", path, unwrapPathError(err))
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("%s is not a file: a file that holds the text alone is needed", path)
	case info.Mode().Perm()&readable != 0:
		return "", fmt.Errorf("%s can be read by others (mode %04o): allowed is 0600; run chmod 600 %s",
			path, info.Mode().Perm(), path)
	}
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("%s: %w: it must belong to the daemon's user", path, unwrapPathError(err))
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, unwrapPathError(err))
	}
	text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\ufeff")))
	switch {
	case len(text) == 0:
		return "", fmt.Errorf("%s is empty: one line is needed", path)
	case len(text) > maxSecret:
		return "", fmt.Errorf("%s is longer than %d bytes, which is the limit", path, maxSecret)
	case !utf8.Valid(text) || bytes.ContainsFunc(text, func(c rune) bool { return c < ' ' || c == 0x7F }):
		return "", fmt.Errorf("%s holds more than one line, or is not a text: one line is needed", path)
	}
	return string(text), nil
}

// takePassword takes what a file holds for the mail server's password.
func takePassword(c *Config, _ secretFile, text string) error {
	c.Mail.Password = text
	return nil
}

// takeAddress takes what a file holds for a recipient's address.
func takeAddress(c *Config, s secretFile, text string) error {
	r := &c.Notify.To[s.recipient]
	if checkTarget(text) != nil || link.Resolve("", text) == "" && !strings.HasPrefix(text, mailScheme) {
		return errors.New("what the file holds is not an address: allowed is https:// or http:// and a host, " +
			"or mailto: and a mail address")
	}
	as := r.As
	if !s.settled {
		as = ""
	}
	if err := fitsFormat(text, &as); err != nil {
		return fmt.Errorf("as: %w", err)
	}
	if strings.HasPrefix(text, mailScheme) && c.Mail.Server == "" {
		return errors.New("the file holds a mail address, and there is no section mail: it is needed, with smtp and from")
	}
	r.As, r.Target = as, text
	return nil
}

// Bounds of what notices are signed with (Standard Webhooks).
const (
	signingPrefix = "whsec_"
	minSigning    = 24 // bytes
	maxSigning    = 64
)

// takeSigningSecret takes what a file holds for what a recipient's notices are signed with.
func takeSigningSecret(c *Config, s secretFile, text string) error {
	encoded, ok := strings.CutPrefix(text, signingPrefix)
	key, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil || len(key) < minSigning || len(key) > maxSigning {
		return fmt.Errorf("what the file holds is not a signing secret: allowed is %s and %d to %d bytes in base64, "+
			"such as: echo %s$(head -c 32 /dev/urandom | base64)", signingPrefix, minSigning, maxSigning, signingPrefix)
	}
	c.Notify.To[s.recipient].Secret = text
	return nil
}
