package vocabulary

import "testing"

func TestNamespacesAreKnownHoweverTheyAreSpelled(t *testing.T) {
	for uri, want := range map[string]struct {
		space      Space
		misspelled bool // so that gofeed would not know it
	}{
		"http://www.w3.org/2005/Atom":                {Atom, false},
		" https://www.w3.org/2005/atom/ ":            {Atom, true},
		"http://purl.org/atom/ns#draft":              {Atom, true},
		"http://purl.org/rss/1.0/":                   {RSS, false},
		"http://www.itunes.com/DTDs/PodCast-1.0.dtd": {ITunes, false},
		"https://www.itunes.com/dtds/podcast-1.0":    {ITunes, false},
		"http://search.yahoo.com/mrss/":              {Media, false},
		"https://podcastindex.org/namespace/1.0":     {Podcast, false},
		"urn:station":                                {Other, false},
	} {
		ns, found, misspelled := LookupNamespace(uri)
		if ns.Space != want.space || found != (want.space != Other) || misspelled != want.misspelled {
			t.Errorf("%q: space %d, found %t, misspelled %t", uri, ns.Space, found, misspelled)
		}
	}
}

func TestReferencesAndTagsAreMeasured(t *testing.T) {
	for text, want := range map[string]string{
		"&amp; x": "amp", "&#8220;": "#8220", "&#x201c;": "#x201c", "&;": "", "& b;": "", "&amp": "", "&a b;": "",
		"": "",
	} {
		name, length := ReferenceAt([]byte(text))
		if string(name) != want || want != "" && length != len(want)+2 || want == "" && length != 0 {
			t.Errorf("%q: %q, %d bytes", text, name, length)
		}
	}
	for tag, want := range map[string]int{`<a href=">">x`: 12, "<a>x": 3, "<a x='": 6, "<a": 2} {
		if have := TagLength([]byte(tag)); have != want {
			t.Errorf("%q: %d bytes", tag, have)
		}
	}
}
