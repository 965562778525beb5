package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// writeFiles makes files in a folder, each with a mode.
func writeFiles(t *testing.T, folder string, mode os.FileMode, texts map[string]string) {
	t.Helper()
	for name, text := range texts {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil { // whatever the umask
			t.Fatal(err)
		}
	}
}

const secretsText = leastText + `mail: {smtp: "smtp://desk@mail.example", from: d@desk.example, password: "file:smtp-password"}
notify:
  to:
    - {address: "file:hooks/slack", as: slack}
    - {address: "https://cms.example/hook", secret: "file:hooks/cms"}
    - {address: "file:night"}
`

const signing = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

func secretsOf(t *testing.T, folder string, environment map[string]string) (*Config, error) {
	t.Helper()
	c, err := Parse([]byte(secretsText), filepath.Join(folder, "config.yaml"), noEnvironment)
	if err != nil {
		t.Fatal(err)
	}
	if !c.NeedsSecrets() || c.Mail.Password != "" || c.Notify.To[0].Target != "" {
		t.Errorf("secrets are read before they are asked for: %+v", c)
	}
	return c, c.ReadSecrets(func(name string) string { return environment[name] })
}

func TestSecretsAreReadBesideTheConfiguration(t *testing.T) {
	folder := t.TempDir()
	writeFiles(t, folder, 0o600, map[string]string{
		"smtp-password": "hunter2\n", "hooks/slack": "https://hooks.slack.example/T0/B0/xyz\r\n", "hooks/cms": signing,
		"night": "mailto:night@desk.example\n",
	})
	c, err := secretsOf(t, folder, nil)
	if err != nil {
		t.Fatal(err)
	}
	to := c.Notify.To
	if c.Mail.Password != "hunter2" || to[0].Target != "https://hooks.slack.example/T0/B0/xyz" || to[1].Secret != signing ||
		to[2].Target != "mailto:night@desk.example" || to[2].As != "mailto" || to[0].As != "slack" {
		t.Errorf("%+v, %+v", c.Mail, to)
	}
}

func TestCredentialsOfTheServiceManagerComeFirst(t *testing.T) {
	folder, credentials := t.TempDir(), t.TempDir()
	writeFiles(t, folder, 0o644, map[string]string{"smtp-password": "old", "hooks/slack": "old"})
	writeFiles(t, folder, 0o400, map[string]string{"night": "https://ntfy.example/night"})
	// The service manager opens the group's bits for the access list of the daemon's user.
	writeFiles(t, credentials, 0o440, map[string]string{
		"smtp-password": "hunter2", "hooks_slack": "https://hooks.slack.example/a", "hooks/cms": signing,
	})
	c, err := secretsOf(t, folder, map[string]string{"CREDENTIALS_DIRECTORY": credentials})
	if err != nil || c.Mail.Password != "hunter2" || c.Notify.To[0].Target != "https://hooks.slack.example/a" ||
		c.Notify.To[1].Secret != signing || c.Notify.To[2].Target != "https://ntfy.example/night" {
		t.Errorf("%v, %+v", err, c)
	}
}

func TestSecretsThatCannotServeAreFaultsWithLineAndKey(t *testing.T) {
	folder, credentials := t.TempDir(), t.TempDir()
	writeFiles(t, folder, 0o640, map[string]string{"smtp-password": "hunter2"})
	writeFiles(t, folder, 0o600, map[string]string{"hooks/slack": "hooks.slack.example", "hooks/cms": "hunter2"})
	_, err := secretsOf(t, folder, map[string]string{"CREDENTIALS_DIRECTORY": credentials})
	var wrong *Error
	if !errors.As(err, &wrong) {
		t.Fatalf("%v, want an *Error", err)
	}
	file := filepath.Join(folder, "config.yaml")
	want := strings.Join([]string{
		file + ":3: mail.password: " + folder + "/smtp-password can be read by others (mode 0640): allowed is 0600; " +
			"run chmod 600 " + folder + "/smtp-password",
		file + ":6: notify.to[0].address: what the file holds is not an address: allowed is https:// or http:// and a host, " +
			"or mailto: and a mail address",
		file + ":7: notify.to[1].secret: what the file holds is not a signing secret: allowed is whsec_ and 24 to 64 bytes " +
			"in base64, such as: echo whsec_$(head -c 32 /dev/urandom | base64)",
		file + ":8: notify.to[2].address: " + folder + "/night: no such file, nor is it in " + credentials +
			" ($CREDENTIALS_DIRECTORY): write it there, with mode 0600",
	}, "\n")
	if err.Error() != want {
		t.Errorf("got:\n%v\nwant:\n%s", err, want)
	}
	for _, leaked := range []string{"hunter2", "hooks.slack.example"} {
		if strings.Contains(err.Error(), leaked) {
			t.Errorf("the error shows a secret: %v", err)
		}
	}
}

func TestAFileOfASecretHoldsOneShortLine(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{
		"empty": " \n", "two lines": "a\nb\n", "no text": "a\xff", "NUL": "a\x00", "long": strings.Repeat("a", maxSecret+1),
	} {
		writeFiles(t, folder, 0o600, map[string]string{"smtp-password": text})
		if _, err := readSecret(filepath.Join(folder, "smtp-password"), readableByOthers); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if _, err := readSecret(folder, readableByOthers); err == nil || !strings.Contains(err.Error(), "is not a file") {
		t.Errorf("a folder: %v", err)
	}
}

// A name that leads out of the folder of credentials is no credential.
func TestNamesOfCredentialsStayInTheirFolder(t *testing.T) {
	folder := t.TempDir()
	credentials := filepath.Join(folder, "run", "credentials")
	writeFiles(t, folder, 0o600, map[string]string{"run/secret": "outside"})
	if err := os.Mkdir(credentials, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := secretFile{file: "../secret"}.read(folder, credentials)
	if err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("%v", err)
	}
	text, err := secretFile{file: filepath.Join(folder, "run/secret")}.read("/", credentials)
	if err != nil || text != "outside" {
		t.Errorf("a path: %q, %v", text, err)
	}
}

// Whoever tries the sample uncomments one line, and can sign in on this machine.
func TestOneLineOfTheSamplesCommentsTurnsEditorsOn(t *testing.T) {
	text, err := os.ReadFile("../../config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := Parse(text, "config.yaml", noEnvironment)
	if err != nil || len(c.Editors.People) > 0 {
		t.Fatalf("%v, or the sample has editors as it is", err)
	}
	with := strings.Replace(string(text), "\n# editors: {", "\neditors: {", 1)
	c, err = Parse([]byte(with), "config.yaml", noEnvironment)
	if err != nil || len(c.Editors.People) != 1 || c.Editors.URL != "http://"+c.Listen || c.Editors.Listen != "" {
		t.Errorf("%v, %+v", err, c)
	}
}

// What the comments of the sample say of all keys is a configuration that is accepted.
func TestTheKeysInTheSamplesCommentsAreRight(t *testing.T) {
	text, err := os.ReadFile("../../config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	before, after, found := strings.Cut(string(text), "# All of its keys:\n")
	if !found {
		t.Fatal("the comments have no list of all keys")
	}
	var keys strings.Builder
	for line := range strings.SplitSeq(after, "\n") {
		if line = strings.TrimPrefix(line, "# "); line != "" && line == strings.TrimLeft(line, " ") &&
			!strings.HasSuffix(line, ":") {
			line = "# " + line // a sentence
		}
		keys.WriteString(line + "\n")
	}
	c, err := Parse([]byte(before+keys.String()), "config.yaml", noEnvironment)
	if err != nil || len(c.Editors.Proxy.From) != 1 || c.Mail.Server != "mail.example:587" || len(c.Notify.To) != 5 {
		t.Errorf("%v, %+v", err, c)
	}
}
