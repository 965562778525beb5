package sample

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// A seed makes one sample, and another seed another.
func TestASeedMakesOneSample(t *testing.T) {
	one := Generate(5, Teasers)
	if !reflect.DeepEqual(one, Generate(5, Teasers)) {
		t.Error("the same seed made two samples")
	}
	if reflect.DeepEqual(one.Items, Generate(6, Teasers).Items) {
		t.Error("two seeds made one sample")
	}
}

// What is true of a sample that is made does not contradict itself: addresses are one item's, and
// stories that are one in part are so both ways.
func TestTheTruthOfASampleIsSound(t *testing.T) {
	for _, form := range []Form{Headlines, Teasers, Texts} {
		s := Generate(7, form)
		perhaps, addresses := map[[2]string]bool{}, map[string]bool{}
		for _, i := range s.Items {
			if addresses[i.Address] {
				t.Errorf("%s: %s is there twice", s.Name, i.Address)
			}
			addresses[i.Address] = true
			for _, other := range i.Perhaps {
				perhaps[[2]string{i.Story, other}] = true
			}
			if !strings.HasPrefix(i.Address, "https://"+i.Station+".example/") || i.From.Before(i.Published) {
				t.Errorf("%s: %+v", s.Name, i)
			}
		}
		for pair := range perhaps {
			if !perhaps[[2]string{pair[1], pair[0]}] {
				t.Errorf("%s: %s is perhaps %s, and not the other way", s.Name, pair[0], pair[1])
			}
		}
	}
}

// A folder's feeds are read with what is true of them, and shown as they stood at a time.
func TestAFolderIsASample(t *testing.T) {
	folder := t.TempDir()
	feed := func(id string, items ...string) string {
		return `<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>` +
			`<title>Radio ` + id + `</title><link>https://www.` + id + `.example/news</link>` +
			`<atom:link href="https://www.` + id + `.example/rss" rel="self"/>` + strings.Join(items, "") +
			"\n</channel></rss>\n"
	}
	item := func(address, day string) string {
		return `<item><title>Rain &amp; sun</title><link>https://www.` + address + `</link><pubDate>Sun, ` + day +
			` Feb 2031 12:00:00 GMT</pubDate></item>`
	}
	for name, text := range map[string]string{
		"ajo.xml":  feed("ajo", item("ajo.example/rain", "09"), item("ajo.example/sun", "02")),
		"kmsa.xml": feed("kmsa", item("kmsa.example/rain", "09")),
		"expected.tsv": "story\tstation\taddress\tmaker\tperhaps\n" +
			"s2\tajo\thttps://www.ajo.example/rain\tajo\ts1 s7\n" +
			"s2\tkmsa\thttps://www.kmsa.example/rain\tajo\ts1 s7\n" +
			"s1\tajo\thttps://www.ajo.example/sun\t\ts2\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := ReadFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, i := range s.Items {
		have = append(have, i.Station+" "+i.Story+" "+i.Maker+" "+strings.Join(i.Perhaps, ","))
	}
	if got := strings.Join(have, "; "); got != "ajo s1  s2; ajo s2 ajo s1,s7; kmsa s2 ajo s1,s7" {
		t.Errorf("its items are %s", got)
	}
	at := time.Date(2031, 2, 9, 13, 0, 0, 0, time.UTC)
	if shown := s.shown("ajo", at.Add(-2*time.Hour), 9); len(shown) != 1 || shown[0].Story != "s1" {
		t.Errorf("before noon it shows %v", shown)
	}
	if shown := s.shown("ajo", at, 1); len(shown) != 1 || shown[0].Story != "s2" {
		t.Errorf("its newest item is %v", shown)
	}
	if got := string(s.Stations[0].document(s.shown("ajo", at, 9))); strings.Join(strings.Fields(got), " ") !=
		strings.Join(strings.Fields(feed("ajo", item("ajo.example/rain", "09"), item("ajo.example/sun", "02"))), " ") {
		t.Errorf("its document is %s", got)
	}
	if st := s.Stations[1].configured(); st.Hosts[0] != "kmsa.example" || st.Feeds[0].Station != "kmsa" {
		t.Errorf("it is configured as %+v", st)
	}
	if err := os.WriteFile(filepath.Join(folder, "kdem.xml"), []byte(feed("kdem", item("kdem.example/x", "09"))),
		0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadFolder(folder); err == nil || !strings.Contains(err.Error(), "kdem.example/x") {
		t.Errorf("an item of which nothing is known: %v", err)
	}
}
