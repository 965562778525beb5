package config

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

const leastText = "desk: {title: T, url: 'https://desk.example'}\nstations: [{id: a, name: A, feeds: [{url: " +
	"'file:a.xml'}]}]\n"

func TestTheFirstExistingConfigurationIsUsed(t *testing.T) {
	tests := []struct {
		name, flag, environment string
		there                   []string
		want                    string
		tried                   []string
	}{
		{"the flag comes first", "a.yaml", "b.yaml", []string{"config.yaml", SystemFile}, "a.yaml", nil},
		{"then the environment", "", "b.yaml", []string{"config.yaml", SystemFile}, "b.yaml", nil},
		{"then the working directory", "", "", []string{"config.yaml", SystemFile}, "config.yaml", nil},
		{"then the system's", "", "", []string{SystemFile}, SystemFile, nil},
		{"a named one is not looked for", "a.yaml", "", nil, "a.yaml", nil},
		{"none", "", "", nil, "", []string{"config.yaml", SystemFile}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			getenv := func(name string) string { return map[string]string{"FRONTERAS_CONFIG": tt.environment}[name] }
			path, tried := FindFile(tt.flag, getenv, func(path string) bool { return slices.Contains(tt.there, path) })
			if path != tt.want || !reflect.DeepEqual(tried, tt.tried) {
				t.Errorf("%q of %q, want %q of %q", path, tried, tt.want, tt.tried)
			}
		})
	}
}

func TestStoreAndControlSocketHaveDefaultPlaces(t *testing.T) {
	tests := []struct {
		name, file, keys, state string
		store, control          string
		elsewhere               []string
	}{
		{
			"in a folder of one's own", "/srv/desk/config.yaml", "", "",
			"/srv/desk/fronteras.db", "/srv/desk/control.sock", []string{"/run/fronteras/control.sock"},
		},
		{
			"installed", "/etc/fronteras/config.yaml", "", "",
			"/var/lib/fronteras/fronteras.db", "/run/fronteras/control.sock",
			[]string{"/var/lib/fronteras/control.sock"},
		},
		{
			"installed, under systemd", "/etc/fronteras/config.yaml", "", "/var/lib/fronteras",
			"/var/lib/fronteras/fronteras.db", "/run/fronteras/control.sock",
			[]string{"/var/lib/fronteras/control.sock"},
		},
		{
			"in a folder of one's own, under systemd", "/opt/desk/config.yaml", "", "/var/lib/fronteras:/var/lib/other",
			"/var/lib/fronteras/fronteras.db", "/run/fronteras/control.sock",
			[]string{"/var/lib/fronteras/control.sock", "/opt/desk/control.sock"},
		},
		{
			"another state directory", "/opt/desk/config.yaml", "", "/var/lib/desk",
			"/var/lib/desk/fronteras.db", "/var/lib/desk/control.sock",
			[]string{"/opt/desk/control.sock", "/run/fronteras/control.sock"},
		},
		{
			"a store on another disk", "/etc/fronteras/config.yaml", "store: /srv/big/desk.db", "/var/lib/fronteras",
			"/srv/big/desk.db", "/srv/big/control.sock", []string{"/run/fronteras/control.sock"},
		},
		{
			"a relative store", "/etc/fronteras/config.yaml", "store: data/desk.db", "",
			"/etc/fronteras/data/desk.db", "/etc/fronteras/data/control.sock", []string{"/run/fronteras/control.sock"},
		},
		{
			"a folder in the state directory", "/etc/fronteras/config.yaml", "store: /var/lib/fronteras/a/desk.db", "",
			"/var/lib/fronteras/a/desk.db", "/run/fronteras/control.sock",
			[]string{"/var/lib/fronteras/a/control.sock"},
		},
		{
			"a folder whose name begins alike", "/etc-old/config.yaml", "", "",
			"/etc-old/fronteras.db", "/etc-old/control.sock", []string{"/run/fronteras/control.sock"},
		},
		{
			"a socket that is named", "/etc/fronteras/config.yaml", "control: /run/desk.sock", "/var/lib/fronteras",
			"/var/lib/fronteras/fronteras.db", "/run/desk.sock", nil,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			// The runtime directory is the daemon's alone, so nothing depends on it.
			getenv := func(name string) string {
				return map[string]string{"STATE_DIRECTORY": tt.state, "RUNTIME_DIRECTORY": "/run/somewhere"}[name]
			}
			c, err := Parse([]byte(leastText+tt.keys+"\n"), tt.file, getenv)
			if err != nil {
				t.Fatal(err)
			}
			if c.Store != tt.store || c.Control != tt.control || !reflect.DeepEqual(c.ControlElsewhere, tt.elsewhere) {
				t.Errorf("store %s, control %s, else %q; want %s, %s, %q", c.Store, c.Control, c.ControlElsewhere,
					tt.store, tt.control, tt.elsewhere)
			}
		})
	}
}

// Where a daemon has a variable that commands lack, they look where it listens.
func TestCommandsLookWhereADaemonWithAStateDirectoryListens(t *testing.T) {
	for _, file := range []string{"/etc/fronteras/config.yaml", "/opt/desk/config.yaml", "/home/ana/config.yaml"} {
		for _, keys := range []string{"", "store: desk.db", "control: desk.sock"} {
			daemon, err := Parse([]byte(leastText+keys+"\n"), file, func(name string) string {
				return map[string]string{"STATE_DIRECTORY": "/var/lib/fronteras"}[name]
			})
			if err != nil {
				t.Fatal(err)
			}
			command, err := Parse([]byte(leastText+keys+"\n"), file, noEnvironment)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Contains(append(command.ControlElsewhere, command.Control), daemon.Control) {
				t.Errorf("%s, %q: the daemon listens on %s, commands look on %s and %q", file, keys, daemon.Control,
					command.Control, command.ControlElsewhere)
			}
		}
	}
}

func TestADaemonLeavesLinksWhereCommandsLook(t *testing.T) {
	for _, tt := range []struct {
		file, keys, state string
		want              []string
	}{
		{"/srv/desk/config.yaml", "", "", nil},
		{"/etc/fronteras/config.yaml", "", "/var/lib/fronteras", []string{"/var/lib/fronteras/control.sock"}},
		{"/opt/desk/config.yaml", "", "/var/lib/desk", []string{"/opt/desk/control.sock"}},
		{"/opt/desk/config.yaml", "control: /run/desk.sock", "/var/lib/desk", []string{"/var/lib/desk/control.sock"}},
	} {
		c, err := Parse([]byte(leastText+tt.keys+"\n"), tt.file,
			func(name string) string { return map[string]string{"STATE_DIRECTORY": tt.state}[name] })
		if err != nil || !reflect.DeepEqual(c.ControlLinks, tt.want) {
			t.Errorf("%s, %q, %q: %+v, %v, want %q", tt.file, tt.keys, tt.state, c, err, tt.want)
		}
	}
}

func TestAFolderThatLeadsToEtcCountsAsEtc(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "desk")
	if err := os.Symlink("/etc", folder); err != nil {
		t.Fatal(err)
	}
	c, err := Parse([]byte(leastText), filepath.Join(folder, "config.yaml"), noEnvironment)
	if err != nil || c.Store != "/var/lib/fronteras/fronteras.db" {
		t.Errorf("store %v, %v", c, err)
	}
}

func TestADeskWithoutAddressCallsItselfWhereItCanBeReached(t *testing.T) {
	for listen, want := range map[string]string{
		"127.0.0.1:8081": "http://127.0.0.1:8081", ":8080": "http://localhost:8080",
		"0.0.0.0:80": "http://localhost:80", "'[::]:8080'": "http://localhost:8080",
		"'[::1]:8080'": "http://[::1]:8080", "desk.example:8080": "http://desk.example:8080",
	} {
		c, err := Parse([]byte(strings.Replace(leastText, "url: 'https://desk.example'", "contact: a@desk.example",
			1)+"listen: "+listen+"\n"), "config.yaml", noEnvironment)
		if err != nil || c.Desk.URL != want {
			t.Errorf("%s: %+v, %v, want %s", listen, c, err, want)
		}
	}
}

func TestSchemesHaveNoCase(t *testing.T) {
	for address, path := range map[string]string{
		"FILE:a.xml": "/srv/desk/a.xml", "File:///srv/feeds/a.xml": "/srv/feeds/a.xml", "file:/a.xml": "/a.xml",
		"HTTPS://Station.Example/rss": "",
	} {
		c, err := Parse([]byte(strings.Replace(leastText, "file:a.xml", address, 1)), "/srv/desk/config.yaml",
			noEnvironment)
		if err != nil || c.Stations[0].Feeds[0].Path != path {
			t.Errorf("%s: %+v, %v, want the path %q", address, c, err, path)
		}
	}
}
