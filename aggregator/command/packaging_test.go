package command

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// packaged is where the files of the package are.
var packaged = filepath.Join(root, "packaging")

// go test ./aggregator/command -update writes them again.
func TestManualAndCompletionsAreThoseOfTheCommands(t *testing.T) {
	tree := newRootCommand(&program{Env: Env{Out: os.Stdout, Err: os.Stderr}})
	for name, write := range map[string]func(*bytes.Buffer) error{
		"man/fronteras.1":            func(b *bytes.Buffer) error { b.WriteString(manual(tree)); return nil },
		"completions/fronteras.bash": func(b *bytes.Buffer) error { return tree.GenBashCompletionV2(b, true) },
		"completions/_fronteras":     func(b *bytes.Buffer) error { return tree.GenZshCompletion(b) },
		"completions/fronteras.fish": func(b *bytes.Buffer) error { return tree.GenFishCompletion(b, true) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(packaged, name)
		if *update {
			if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if kept, err := os.ReadFile(path); err != nil || !bytes.Equal(kept, b.Bytes()) {
			t.Errorf("%s is not what the commands are now; see go test ./aggregator/command -update (%v)", name, err)
		}
	}
}

// The package and the image come with the licenses of all that the binary links. Each Debian has the
// Apache license, and its checker wants packages to name it only.
func TestThePackageHasTheLicenseOfEachModule(t *testing.T) {
	modules, err := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}",
		"fronteras").Output()
	if err != nil {
		t.Fatal(err)
	}
	for form, c := range map[string]struct {
		module string // how the part of one begins
		apache bool   // in full
	}{"": {"%s v", true}, "debian": {"Files: %s/*\n", false}} {
		text, err := exec.Command(filepath.Join(packaged, "notices"), form).Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, module := range strings.Fields(string(modules)) {
			if !strings.Contains(string(text), fmt.Sprintf(c.module, module)) {
				t.Errorf("%q: nothing of %s", form, module)
			}
		}
		for phrase, wanted := range map[string]bool{
			"Copyright 2009 The Go Authors": true, "Redistribution and use in source and binary forms": true,
			"Permission is hereby granted, free of charge": true, "The Prometheus Authors": true,
			"TERMS AND CONDITIONS FOR USE, REPRODUCTION": c.apache, "/usr/share/common-licenses/Apache-2.0": !c.apache,
		} {
			if strings.Contains(string(text), phrase) != wanted {
				t.Errorf("%q has %q: %t", form, phrase, !wanted)
			}
		}
	}
}

// Within a command's entry, the manual says each sentence once.
func TestTheManualSaysASentenceOnce(t *testing.T) {
	text := manual(newRootCommand(&program{Env: Env{Out: os.Stdout, Err: os.Stderr}}))
	entries := strings.Split(text, "\n.It Ic ")
	if len(entries) < 20 {
		t.Fatalf("%d entries", len(entries))
	}
	for _, entry := range entries[1:] {
		said := map[string]bool{}
		for line := range strings.SplitSeq(entry, "\n") {
			if sentence := strings.TrimSuffix(line, "."); len(sentence) > 20 && !strings.HasPrefix(line, ".") {
				if said[sentence] {
					t.Errorf("%s: twice: %s", entry[:20], sentence)
				}
				said[sentence] = true
			}
		}
	}
}

// manual writes fronteras(1) in mdoc.
func manual(tree *cobra.Command) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line(manualHead, roff(tree.Long))
	for _, c := range tree.Commands() {
		if c.Hidden || c.Name() == "help" {
			continue
		}
		for _, c := range append([]*cobra.Command{c}, c.Commands()...) {
			line(".It Ic %s", roff(strings.TrimPrefix(c.CommandPath()+strings.TrimPrefix(c.Use, c.Name()), tree.Name()+" ")))
			if c.Long != "" { // which says what Short does
				line("%s", roff(c.Long))
			} else {
				line("%s.", roff(c.Short))
			}
			manualFlags(c, line)
		}
	}
	line(manualEnd)
	return b.String()
}

const manualHead = `.Dd November 30, 2026
.Dt FRONTERAS 1
.Os
.Sh NAME
.Nm fronteras
.Nd merge many radio stations' feeds into one
.Sh SYNOPSIS
.Nm fronteras
.Op Fl -config Ar file
.Ar command
.Op Ar argument ...
.Sh DESCRIPTION
%s
.Pp
Every command takes
.Fl -config Ar file ,
the configuration, see
.Xr fronteras-config 5 .
By default, it is
.Ev FRONTERAS_CONFIG ,
else
.Pa config.yaml
in the working directory, else
.Pa /etc/fronteras/config.yaml .
.Pp
Commands that show or change stories and feeds talk to the running daemon through its control socket.
If no daemon runs, they work on the store itself.
.Sh COMMANDS
.Bl -tag -width Ds`

const manualEnd = `.El
.Sh ENVIRONMENT
.Bl -tag -width Ds
.It Ev FRONTERAS_CONFIG
The configuration, unless
.Fl -config
names one.
.It Ev FRONTERAS_TITLE , FRONTERAS_CONTACT , FRONTERAS_FEEDS , FRONTERAS_URL , FRONTERAS_LISTEN
In a container,
.Ic serve
writes a first configuration from these.
.El
.Sh FILES
.Bl -tag -width Ds
.It Pa /etc/fronteras/config.yaml
The configuration of the packaged daemon.
.It Pa /var/lib/fronteras/fronteras.db
Its store.
.It Pa /run/fronteras/control.sock
Its control socket.
.El
.Sh EXIT STATUS
.Bl -tag -width Ds
.It 0
Done.
.It 1
It did not work.
.It 2
The command line is wrong.
.It 78
The configuration is wrong.
.El
.Sh SEE ALSO
.Xr systemctl 1 ,
.Xr fronteras-config 5`

func manualFlags(c *cobra.Command, line func(string, ...any)) {
	if !c.HasLocalFlags() {
		return
	}
	line(".Bl -tag -width Ds")
	c.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		if value, usage := pflag.UnquoteUsage(f); value == "" {
			line(".It Fl -%s\n%s.", f.Name, roff(usage))
		} else {
			line(".It Fl -%s Ar %s\n%s.", f.Name, value, roff(usage))
		}
	})
	line(".El")
}

// roff makes text harmless for roff: each sentence on a line of its own, and no line that begins
// like a macro.
func roff(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "…", "...", ". ", ".\n").Replace(text)
	return regexp.MustCompile(`(?m)^([.'])`).ReplaceAllString(text, `\&$1`)
}

// README.md begins with the commands that docs/operation.md prints, which the trial of the package
// runs, and both name the version that is released.
func TestTheFirstCommandsAreTheSameEverywhere(t *testing.T) {
	read := func(path ...string) string {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(append([]string{root}, path...)...))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	_, block, found := strings.Cut(read("docs", "operation.md"), "\n```sh install\n")
	block, _, closed := strings.Cut(block, "\n```\n")
	if !found || !closed || strings.Count(block, "\n") != 4 {
		t.Fatalf("docs/operation.md installs with %q, want five commands", block)
	}
	if !strings.Contains(read("README.md"), "\n```\n"+block+"\n```\n") {
		t.Errorf("README.md lacks the commands of docs/operation.md:\n%s", block)
	}
	version := regexp.MustCompile(`(?m)^## \[(\d+\.\d+\.\d+)\] `).FindStringSubmatch(read("CHANGELOG.md"))
	if version == nil || !strings.Contains(block, "fronteras_"+version[1]+"-1_amd64.deb") {
		t.Errorf("CHANGELOG.md releases %q, the commands install %q", version, block)
	}
}

// fronteras-config(5) tells of every key that the reference configuration has.
func TestConfigurationManualNamesEveryKey(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "config.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(packaged, "man", "fronteras-config.5"))
	if err != nil {
		t.Fatal(err)
	}
	var document yaml.MapSlice
	if err := yaml.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	for _, key := range keysOf("", document) {
		if !bytes.Contains(page, []byte(".It Ic "+key+"\n")) {
			t.Errorf("fronteras-config(5) does not tell of %s", key)
		}
	}
}

// keysOf returns the paths of all keys, those of lists without their places.
func keysOf(path string, value any) (keys []string) {
	switch v := value.(type) {
	case yaml.MapSlice:
		for _, item := range v {
			key := strings.TrimPrefix(path+"."+fmt.Sprint(item.Key), ".")
			if slices.Contains([]string{"links.aliases", "desk.title", "desk.description", "desk.credit"}, path) {
				continue // names of hosts, and languages
			}
			keys = append(append(keys, key), keysOf(key, item.Value)...)
		}
	case []any:
		for _, item := range v {
			keys = append(keys, keysOf(path, item)...)
		}
	}
	return keys
}

// Alerts and dashboard ask for metrics that there are.
func TestAlertsAskForMetricsThatThereAre(t *testing.T) {
	golden, err := os.ReadFile(filepath.Join(root, "testdata", "golden", "metrics.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"fronteras.rules.yml", "dashboard.json"} {
		text, err := os.ReadFile(filepath.Join(packaged, name))
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(`fronteras_[a-z_]+`).FindAllString(string(text), -1)
		if len(found) == 0 {
			t.Errorf("%s asks for nothing", name)
		}
		for _, metric := range found {
			if !bytes.Contains(golden, []byte(strings.TrimSuffix(metric, "_bucket")+" ")) {
				t.Errorf("%s asks for %s, which there is not", name, metric)
			}
		}
	}
}

// The version of a release is written once for people and once for Debian.
func TestPackageHasTheNewestVersionOfTheChangelog(t *testing.T) {
	newest := func(name, pattern string) string {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(pattern).FindSubmatch(text)
		if found == nil {
			t.Fatalf("%s names no version", name)
		}
		return string(found[1]) + " of " + string(found[2])
	}
	people := newest("CHANGELOG.md", `(?m)^## \[([0-9.]+)\] - (\S+)$`)
	debian := newest("packaging/changelog.yaml", `(?m)^- semver: ([0-9.]+)\n  date: (\d+-\d+-\d+)T`)
	if people != debian {
		t.Errorf("CHANGELOG.md has %s, packaging/changelog.yaml %s", people, debian)
	}
}
