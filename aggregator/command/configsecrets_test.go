package command

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// check and serve refuse a secret that others can read; commands that send nothing do not ask for it.
func TestASecretThatOthersCanReadIsRefusedByWhatNeedsIt(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "config.yaml")
	text := "desk: {title: T, url: 'https://desk.example'}\nlisten: 127.0.0.1:0\nstations: [{id: a, name: A, feeds: [{url: " +
		"'file:a.xml'}]}]\nmail: {smtp: 'smtp://desk@mail.example', from: a@desk.example, password: 'file:smtp-password'}\n"
	for name, text := range map[string]string{"config.yaml": text, "smtp-password": "hunter2\n"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	run := func(args ...string) (int, string) {
		var out, errs bytes.Buffer
		code := Run(t.Context(), append(args, "--config", path),
			Env{In: strings.NewReader(""), Out: &out, Err: &errs, Getenv: func(string) string { return "" }})
		return code, out.String() + errs.String()
	}
	for _, args := range [][]string{{"check", "--offline"}, {"check"}, {"serve"}} {
		code, said := run(args...)
		if code != exitConfig || !strings.Contains(said, path+":4: mail.password: ") ||
			!strings.Contains(said, "chmod 600") || strings.Contains(said, "hunter2") {
			t.Errorf("%s: %d, %s", args, code, said)
		}
	}
	if code, said := run("stories"); code != 0 {
		t.Errorf("stories: %d, %s", code, said)
	}
	if err := os.Chmod(filepath.Join(folder, "smtp-password"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, said := run("check", "--offline"); code != 0 {
		t.Errorf("check with mode 0600: %d, %s", code, said)
	}
}
