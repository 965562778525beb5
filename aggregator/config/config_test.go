package config

import (
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

const folder = "../../testdata/config"

func noEnvironment(string) string { return "" }

// load reads a file of testdata that is right.
func load(t *testing.T, name string) *Config {
	t.Helper()
	c, err := Load(filepath.Join(folder, name), noEnvironment)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// here is the absolute path of a file next to the configurations of testdata.
func here(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(filepath.Join(folder, path))
	if err != nil {
		t.Fatal(err)
	}
	return abs
}

// Each testdata/config/*.bad.yaml has the expected messages in its "# want: " lines, without the
// file's name before each.
func TestBadFilesAreRejectedWithTheirMessages(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(folder, "*.bad.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for _, line := range strings.Split(string(text), "\n") {
				if message, ok := strings.CutPrefix(line, "# want: "); ok {
					want = append(want, message)
				}
			}
			c, err := Load(file, noEnvironment)
			var wrong *Error
			if c != nil || !errors.As(err, &wrong) {
				t.Fatalf("%v, %v, want an *Error alone", c, err)
			}
			got := strings.ReplaceAll("\n"+err.Error(), "\n"+file+":", "\n")
			got = strings.ReplaceAll(got, "\n ", "\n")
			if got != "\n"+strings.Join(want, "\n") {
				t.Errorf("got:%s\nwant:\n%s", got, strings.Join(want, "\n"))
			}
		})
	}
}

func TestEveryKeyIsRead(t *testing.T) {
	want := &Config{
		File: here(t, "full.good.yaml"),
		Desk: news.Site{
			Title:       "Border Desk",
			URL:         "https://desk.example/border",
			Description: "Border news from public radio stations of the Southwest",
			Language:    "en-US",
			Contact:     "desk@desk.example",
			Image:       "https://desk.example/logo.png",
			Credit: "This story is from the {{.Desk}}{{if .Brand}}, a collaboration of public radio stations, " +
				"including {{.Brand}}{{end}}. Read more from the {{.DeskLink}}.",
			Timezone: "America/Hermosillo",
			Titles:   map[string]string{"en": "Border Desk", "es": "Mesa de la Frontera"},
			Descriptions: map[string]string{
				"en-US": "Border news from public radio stations of the Southwest", "es": "Noticias de la frontera",
			},
			Credits: map[string]string{
				"en": "This story is from the {{.Desk}}{{if .Brand}}, a collaboration of public radio stations, " +
					"including {{.Brand}}{{end}}. Read more from the {{.DeskLink}}.",
				"es": "Esta nota es de {{.DeskLink}}.",
			},
		},
		Listen: "[::1]:8081",
		Proxies: []netip.Prefix{
			netip.MustParsePrefix("192.0.2.8/32"), netip.MustParsePrefix("10.1.0.0/16"),
			netip.MustParsePrefix("10.2.0.0/16"), netip.MustParsePrefix("::1/128"),
		},
		Store:        here(t, "data/desk.db"),
		Control:      here(t, "run/desk.sock"),
		ControlLinks: []string{here(t, "data/control.sock")},
		Backup:       Backup{Every: 12 * time.Hour, Keep: 30, To: here(t, "data/backups")},
		Poll: Poll{Every: 10 * time.Minute, Timeout: 20 * time.Second, MaxSize: 8 << 20, Concurrency: 4,
			PrivateNetworks: true, ReadPages: false},
		Publish: Publish{Stories: 50, MaxAge: 240 * time.Hour},
		Podcast: Podcast{
			Title: "Border Audio", Author: "The Border Desk", Image: "https://desk.example/podcast.png",
			Category: []string{"News", "Daily News"}, Explicit: true, OwnerEmail: "audio@desk.example",
		},
		Page:     Page{Pictures: LeadPicture},
		Crawlers: "https://desk.example/license.xml?for=crawlers",
		Stations: []news.Station{
			{
				ID: "kmsa", Name: "KMSA Mesilla", Brand: "Radio 91.5", URL: "https://www.kmsa.example/",
				Hosts:    []string{"news.kmsa.example", "kmsa.example", "192.0.2.17"},
				Language: "es-MX", Timezone: "America/Phoenix", Rights: "© KMSA Mesilla",
				Reporters: []string{"Ana Paz", "Lee Orr"},
				Page:      news.PageSelectors{Body: ".story, .report", Drop: []string{".donate", "aside.more"}},
				Feeds: []news.Feed{
					{
						Station: "kmsa", URL: "https://kmsa.example/news.rss",
						Public: "https://www.kmsa.example/public.rss", Every: time.Second, Agreed: true,
						Only:       news.Filter{Topics: []string{"Border", "Frontera"}, Words: []string{"fence"}},
						Skip:       news.Filter{Topics: []string{"Sports"}},
						WholePages: true,
					},
					{Station: "kmsa", URL: "file:feeds/kmsa.xml", Path: here(t, "feeds/kmsa.xml"),
						Every: 10 * time.Minute},
				},
			},
			{
				ID: "radio-ajo", Name: "Radio Ajo", Brand: "Radio Ajo",
				Feeds: []news.Feed{
					{Station: "radio-ajo", URL: "file:///var/lib/feeds/ajo.json", Path: "/var/lib/feeds/ajo.json",
						Every: 10 * time.Minute},
				},
			},
		},
		Links: link.Rules{
			Aliases:   map[string]string{"m.radioajo.example": "radioajo.example"},
			KeepSlash: []string{"plain.example"},
			Hosts: []link.HostRule{
				{Name: "ajo-story", Hosts: []string{"radioajo.example"}, Path: "^/story/([0-9]+)/", Key: "ajo:$1",
					Drop: []string{"view"}},
				{Name: "ajo-print", Hosts: []string{"*.radioajo.example"}, Path: "^/.+/print$", Strip: "/print",
					Fragment: "^p"},
				{Name: "ajo-show", Hosts: []string{"radioajo.example"}, Path: "^/show$", Query: "id",
					Key: "ajo:show:$1"},
			},
		},
		Outside: []news.Outside{{
			ID: "sonora-wire", Name: "Sonora Wire", Hosts: []string{"sonorawire.example"},
			Bylines:  []string{"Sonora Wire"},
			Sections: []string{"radioajo.example/wire/"}, Dateline: "SW",
		}},
		Editors: Editors{
			People: []news.DeskEditor{
				{ID: "ana", Name: "Ana Paz", Email: "ana@kmsa.example", Station: "kmsa", Language: "es-MX"},
				{ID: "night", Name: "Night desk", Email: "night@desk.example"},
			},
			URL: "https://edit.desk.example/border", Listen: "127.0.0.1:8082",
			Proxy: SignInProxy{Header: "X-Remote-User", From: []netip.Prefix{
				netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.3.0.0/16"),
			}},
		},
		Mail: Mail{Server: "mail.example:465", TLS: true, User: "desk@desk.example", From: "desk@desk.example"},
		Notify: Notify{
			Ill: 3 * time.Hour, Backup: 26 * time.Hour,
			To: []news.Recipient{
				{Address: "mailto:night@desk.example", Target: "mailto:night@desk.example", As: news.AsMail,
					Of: []news.NoticeKind{news.NoticeKilled, news.NoticeWithdrawn}, Timezone: "America/Hermosillo"},
				{Address: "mailto:ana@kmsa.example", Target: "mailto:ana@kmsa.example", As: news.AsMail,
					Of: news.NoticeKinds, Digest: "07:00", Timezone: "America/Denver"},
				{Address: "file:hooks/slack", As: news.AsSlack, Of: []news.NoticeKind{news.NoticePair},
					Timezone: "America/Hermosillo"},
				{Address: "https://cms.example/hook", Target: "https://cms.example/hook", As: news.AsJSON,
					Of: news.NoticeKinds, Timezone: "America/Hermosillo"},
				{Address: "mailto:web@kmsa.example", Target: "mailto:web@kmsa.example", As: news.AsMail,
					Of: news.PartnerNoticeKinds, Digest: "06:30", Timezone: "America/Phoenix", Partner: "kmsa"},
			},
		},
	}
	got := load(t, "full.good.yaml")
	if n := len(got.secrets); n != 3 {
		t.Errorf("%d files with secrets, want 3", n)
	}
	if got.secrets = nil; !reflect.DeepEqual(got, want) {
		t.Errorf("got:\n%+v\nwant:\n%+v", got, want)
	}
}

func TestOneSectionOfEditorsHasTheDesksAddress(t *testing.T) {
	c, err := Parse([]byte(leastText+"editors: {people: [{id: ana, name: Ana, email: ana@a.example}]}\n"),
		"config.yaml", noEnvironment)
	if err != nil || c.Editors.URL != "https://desk.example" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestEditorsOfADeskThatIsNotEncryptedNeedAnAddressOfTheirOwn(t *testing.T) {
	text := func(desk, url string) []byte {
		return []byte("desk: {title: T, url: '" + desk + "'}\nstations: [{id: a, name: A, feeds: [{url: 'file:a.xml'}]}]\n" +
			"editors:\n  people: [{id: ana, name: Ana, email: ana@a.example}]\n" + url)
	}
	for _, desk := range []string{"http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080",
		"http://127.8.8.8", "http://desk.localhost"} {
		if _, err := Parse(text(desk, ""), "config.yaml", noEnvironment); err != nil {
			t.Errorf("%s, where nobody else listens: %v", desk, err)
		}
	}
	for _, desk := range []string{"http://desk.example", "http://192.0.2.7", "http://127.0.0.1.desk.example"} {
		_, err := Parse(text(desk, ""), "config.yaml", noEnvironment)
		if err == nil || !strings.HasPrefix(err.Error(), "config.yaml:3: editors.url: missing, and desk.url") {
			t.Errorf("%s: %v", desk, err)
		}
		if c, err := Parse(text(desk, "  url: https://edit.example/\n"), "config.yaml", noEnvironment); err != nil ||
			c.Editors.URL != "https://edit.example" {
			t.Errorf("%s with an address for editors: %v", desk, err)
		}
	}
}

func TestABackupIsLateAfterTwoThatWereMissedUnlessTheFileSaysWhen(t *testing.T) {
	for keys, want := range map[string]time.Duration{
		"":                           48 * time.Hour,
		"backup: {to: b}":            48 * time.Hour,
		"backup: {to: b, every: 1h}": 2 * time.Hour,
		"backup: {to: b, every: 1h}\nnotify: {after: {backup: 5h}}": 5 * time.Hour,
	} {
		c, err := Parse([]byte(leastText+keys+"\n"), "config.yaml", noEnvironment)
		if err != nil || c.Notify.Backup != want || c.Notify.Ill != 6*time.Hour {
			t.Errorf("%q: %v, %+v, want %s", keys, err, c, want)
		}
	}
}

func TestMailServersHaveTheirPorts(t *testing.T) {
	for written, want := range map[string]Mail{
		"smtp://mail.example":   {Server: "mail.example:587"},
		"smtp://127.0.0.1:2525": {Server: "127.0.0.1:2525"},
		"smtps://mail.example/": {Server: "mail.example:465", TLS: true},
		"smtp://[::1]:25":       {Server: "[::1]:25"},
	} {
		want.From = "a@desk.example"
		c, err := Parse([]byte(leastText+"mail: {smtp: '"+written+"', from: a@desk.example}\n"), "config.yaml",
			noEnvironment)
		if err != nil || c.Mail != want {
			t.Errorf("%s: %v, %+v", written, err, c)
		}
	}
}

func TestKeysThatAreNotWrittenHaveDefaults(t *testing.T) {
	want := &Config{
		File: here(t, "least.good.yaml"),
		Desk: news.Site{Title: "Border Desk", URL: "https://desk.example", Language: "en",
			Credit: defaultCredits["en"], Credits: defaultCredits, Timezone: "UTC"},
		Listen:           "127.0.0.1:8080",
		Store:            here(t, "fronteras.db"),
		Control:          here(t, "control.sock"),
		ControlElsewhere: []string{"/run/fronteras/control.sock"},
		Poll: Poll{Every: 15 * time.Minute, Timeout: 30 * time.Second, MaxSize: 16 << 20, Concurrency: 16,
			ReadPages: true},
		Publish: Publish{Stories: 100, MaxAge: 720 * time.Hour},
		Notify:  Notify{Ill: 6 * time.Hour, Backup: 48 * time.Hour},
		Podcast: Podcast{Title: "Border Desk", Author: "Border Desk", Category: []string{"News"}},
		Page:    Page{Pictures: AllPictures},
		Stations: []news.Station{{
			ID: "kmsa", Name: "KMSA Mesilla", Brand: "KMSA Mesilla",
			Feeds: []news.Feed{{Station: "kmsa", URL: "https://kmsa.example/news.rss", Every: 15 * time.Minute}},
		}},
	}
	if got := load(t, "least.good.yaml"); !reflect.DeepEqual(got, want) {
		t.Errorf("got:\n%+v\nwant:\n%+v", got, want)
	}
}

func TestBackupWithOnlyAFolderHasDefaults(t *testing.T) {
	want := Backup{Every: 24 * time.Hour, Keep: 14, To: "/var/backups/fronteras"}
	if got := load(t, "backup.good.yaml").Backup; got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestAFileFromWindowsIsRead(t *testing.T) {
	c := load(t, "windows.good.yaml") // byte order mark, CR LF, sections with nothing in them
	if got := c.Stations[0].Hosts; !reflect.DeepEqual(got, []string{"kmsa.example"}) {
		t.Errorf("hosts %q, want that of the url", got)
	}
	if got := c.Stations[0].Feeds[1].URL; got != "http://192.0.2.17:8080/kmsa.rss?a=1&b=2" {
		t.Errorf("feed %q, want the address as written", got)
	}
}

// write makes a configuration file and returns its path.
func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFilesThatAreNotAConfigurationAreRejected(t *testing.T) {
	const least = "desk: {title: T, url: 'https://desk.example'}\nstations: [{id: a, name: A, feeds: [{url: " +
		"'file:a.xml'}]}]\n"
	manyKeys := "links:\n  aliases:\n"
	for i := range maxKeys + 1 {
		manyKeys += "    a" + strings.Repeat("a", i%60) + ".example: b.example\n"
	}
	manyFaults := least
	for range 60 {
		manyFaults += "unknown: 1\n"
	}
	deep := t.TempDir() + "/" + strings.Repeat("long/", 20) + "config.yaml"
	if err := os.MkdirAll(filepath.Dir(deep), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(deep, []byte(least), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, path, want string }{
		{"missing", filepath.Join(t.TempDir(), "config.yaml"),
			"config.yaml: no such file: name the configuration with --config"},
		{"a folder", t.TempDir(), "is a directory"},
		{"empty", write(t, ""), "config.yaml: empty: a configuration is needed"},
		{"over 1 MiB", write(t, least+strings.Repeat("#\n", maxFile/2)), "config.yaml: longer than 1 MiB"},
		{"too many keys", write(t, manyKeys), "config.yaml:2003: more than 2000 keys in one mapping"},
		{"too many faults", write(t, manyFaults), "and 10 more faults"},
		{"default socket too long", deep, ": control: \"/"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Load(tt.path, noEnvironment)
			var wrong *Error
			if !errors.As(err, &wrong) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want an *Error with %q", err, tt.want)
			}
		})
	}
}

func TestSizesAreReadInEveryUnit(t *testing.T) {
	for written, want := range map[string]int64{
		"1": 1, "512B": 512, "8KiB": 8 << 10, "16 MiB": 16 << 20, "1GiB": 1 << 30, "5kB": 5000, "5KB": 5000, "2MB": 2e6,
	} {
		c, err := Load(write(t, "desk: {title: T, url: 'https://desk.example'}\npoll: {max_size: "+written+"}\n"+
			"stations: [{id: a, name: A, feeds: [{url: 'file:a.xml'}]}]\n"), noEnvironment)
		if err != nil {
			t.Errorf("%s: %v", written, err)
		} else if c.Poll.MaxSize != want {
			t.Errorf("%s: %d bytes, want %d", written, c.Poll.MaxSize, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r := &reader{}
		c := Default()
		root, ok := r.parseYAML(text)
		if !ok {
			if len(r.faults) == 0 {
				t.Errorf("%q is refused without a reason", text)
			}
			return
		}
		m := readSections(c, root)
		fillDefaults(c, m, "/etc/fronteras", noEnvironment)
		for _, line := range strings.Split((&Error{File: "config.yaml", Faults: r.sortedFaults()}).Error(), "\n") {
			if len(r.faults) > 0 && !strings.HasPrefix(line, "config.yaml:") {
				t.Errorf("%q: a message of more than one line: %q", text, line)
			}
		}
		if len(r.faults) == 0 && (c.Desk.Title == "" || c.Desk.URL == "" || len(c.Stations) == 0) {
			t.Errorf("%q is accepted: %+v", text, c)
		}
	})
}

func TestDaysBeginInTheTimeZoneOfTheFirstStationUnlessTheDeskNamesOne(t *testing.T) {
	for keys, want := range map[string]string{
		"":                                   "America/Denver",
		"desk, timezone: UTC":                "UTC",
		"desk, timezone: America/Hermosillo": "America/Hermosillo",
	} {
		_, of, _ := strings.Cut(keys, "desk")
		c, err := Parse([]byte("desk: {title: T, url: 'https://desk.example'"+of+"}\nstations:\n"+
			"- {id: a, name: A, timezone: America/Denver, feeds: [{url: 'file:a.xml'}]}\n"+
			"- {id: b, name: B, timezone: America/Phoenix}\n"), "config.yaml", noEnvironment)
		if err != nil || c.Desk.Timezone != want {
			t.Errorf("%q: %v, want %s", keys, err, want)
		}
	}
}

func TestADeskWithoutACreditHasOneInItsLanguageAndInOthers(t *testing.T) {
	for language, want := range map[string]string{"en-US": "en", "es-MX": "es", "nah": "en"} {
		c, err := Parse([]byte("desk: {title: T, url: 'https://desk.example', language: "+language+"}\n"+
			"stations: [{id: a, name: A, feeds: [{url: 'file:a.xml'}]}]\n"), "config.yaml", noEnvironment)
		if err != nil || c.Desk.Credit != defaultCredits[want] || len(c.Desk.Credits) != len(defaultCredits) {
			t.Errorf("%s: %v, %+v, want the credit in %s", language, err, c, want)
		}
	}
}

// One text is for stories of every language: none of the built-in ones stays beside it.
func TestACreditInOneTextReplacesAll(t *testing.T) {
	c, err := Parse([]byte("desk: {title: T, url: 'https://desk.example', credit: 'From {{.Desk}}'}\n"+
		"stations: [{id: a, name: A, feeds: [{url: 'file:a.xml'}]}]\n"), "config.yaml", noEnvironment)
	if err != nil || c.Desk.Credit != "From {{.Desk}}" || c.Desk.Credits != nil {
		t.Errorf("%v, %+v", err, c)
	}
}
