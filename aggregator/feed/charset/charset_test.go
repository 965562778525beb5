package charset

import (
	"strings"
	"testing"

	"fronteras/aggregator/feed/damage"
)

func TestBytesDecideTheCharsetBeforeLabelsDo(t *testing.T) {
	const declared = `<?xml version="1.0" encoding="iso-8859-1"?>`
	for _, c := range []struct{ name, body, contentType, want, repair string }{
		{"UTF-8", "<a>año</a>", "", "<a>año</a>", ""},
		{"ASCII under any label", "<a>ano</a>", "text/xml; charset=koi8-r", "<a>ano</a>", ""},
		{"UTF-8 with a mark", "\xef\xbb\xbf<a>año</a>", "", "<a>año</a>", ""},
		{"UTF-8 with two marks", "\xef\xbb\xbf\xef\xbb\xbf<a/>", "", "<a/>", ""},
		{"UTF-8 with a wrong label", declared + "<a>año</a>", "", declared + "<a>año</a>", damage.Charset},
		{"UTF-16 with a mark", "\xff\xfe<\x00a\x00/\x00>\x00", "", "<a/>", ""},
		{"UTF-16 without a mark", "\x00<\x00a\x00/\x00>", "", "<a/>", ""},
		{"UTF-32 with a mark", "\xff\xfe\x00\x00<\x00\x00\x00a\x00\x00\x00/\x00\x00\x00>\x00\x00\x00", "", "<a/>", ""},
		{"the header's label", "<a>\xa4</a>", "text/xml; charset=iso-8859-15", "<a>€</a>", ""},
		{"the declaration's label", declared + "<a>a\xf1o</a>", "", declared + "<a>año</a>", ""},
		{"no label", "<a>\x93a\xf1o\x94 \xe9t\xe9 \xfc</a>", "", "<a>“año” été ü</a>", ""},
		{"one bad byte", strings.Repeat("ñ", 20) + "\x93", "", strings.Repeat("ñ", 20) + "“", damage.Charset},
		{"encoded twice", strings.Repeat("Ã±", 8), "", strings.Repeat("ñ", 8), damage.DoubleEncoded},
		{
			"encoded twice by way of ISO-8859-1", strings.Repeat("\u00e2\u0080\u009cÃ±", 4), "", strings.Repeat("“ñ", 4),
			damage.DoubleEncoded,
		},
		{"a word about encoding twice", "Ã±", "", "Ã±", ""},
		{"a character cut at the end", "<a>a\xc3", "", "<a>a", ""},
	} {
		text, repairs := Decode([]byte(c.body), c.contentType)
		names := ""
		for _, r := range repairs {
			names += r.Name
		}
		if string(text) != c.want || names != c.repair {
			t.Errorf("%s: %q, repaired %q; want %q, %q", c.name, text, names, c.want, c.repair)
		}
	}
}

func TestCharactersThatXMLForbidsAreDropped(t *testing.T) {
	text, repairs := DropIllegal([]byte("a\x00b\tc\r\n\x1bd\ufffee\uffffñ"))
	if string(text) != "ab\tc\r\ndeñ" {
		t.Errorf("%q", text)
	}
	if len(repairs) != 1 || repairs[0].Name != damage.IllegalCharacters || repairs[0].Count != 4 ||
		repairs[0].Column != 2 {
		t.Errorf("%+v", repairs)
	}
	sound := []byte("año\t“nuevo” \uff0c")
	if text, repairs := DropIllegal(sound); &text[0] != &sound[0] || repairs != nil {
		t.Errorf("a sound text is copied, or repaired: %q, %v", text, repairs)
	}
}
