package markup

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestALinkIsWhereItsWordsStand(t *testing.T) {
	for fragment, want := range map[string]int{
		`<p>A report. Read <a href="x">report</a> two.</p>`:                                    15,
		`<p><a href="x">A  report</a>. A report.</p>`:                                          0,
		"<p>\n \u00a0 Ca\u00f1\u00f3n &amp; <b> mill </b>  <a href=\"x\"> wells </a> run.</p>": 15,
		"<p>dry<a href=\"x\"> wells</a></p>":                                                   4,
		`<p>a <a href="y"> </a> <a href="x">b</a></p>`:                                         2,
	} {
		b := Blocks(fragment)[0]
		l := b.Links[len(b.Links)-1]
		if l.Start != want || b.Text[l.Start:l.End] != l.Text {
			t.Errorf("%s: the link %q is at %d to %d of %q", fragment, l.Text, l.Start, l.End, b.Text)
		}
	}
}

func TestABlockIsCutWhereItsTextIs(t *testing.T) {
	for _, c := range []struct{ fragment, from, want string }{
		{`<p>One. Two.</p>`, "Two", `<p>One.</p>`},
		{`<p>One. <a href="x">Two</a> three.</p>`, "Two", `<p>One.</p>`},
		{`<p><b>One. Two</b> three.</p>`, "Two", `<p><b>One.</b></p>`},
		{`<p>R&amp;D &#8230;&nbsp; <i>Two <b>three</b></i></p>`, "Two", `<p>R&amp;D &#8230;&nbsp;</p>`},
		{`<p>One</p>`, "One", ``},
		{`One Two`, "Two", `One`},
		{`<p><b>Zero<br/>One Two</b></p>`, "Two", `<b>Zero<br/>One</b>`},
	} {
		blocks := Blocks(c.fragment)
		b := blocks[len(blocks)-1]
		have := CutAt(c.fragment, b, strings.Index(b.Text, c.from))
		if len(blocks) > 1 { // the last line alone is the block
			have = strings.TrimPrefix(c.fragment[:b.Start], "<p>") + have
		}
		if have != c.want {
			t.Errorf("%s without what begins with %s is %s, want %s", c.fragment, c.from, have, c.want)
		}
	}
}

func FuzzPlacesInBlocks(f *testing.F) {
	f.Add(`<p>One &amp; <a href="x"> two </a>  three.</p><ul><li>a<br/><b>b</b></li></ul>`, 5)
	f.Add("\u00a0<a href=\"x\">\xff \u3000</a>&nbsp;&lt", 2)
	f.Fuzz(func(t *testing.T, fragment string, at int) {
		if !utf8.ValidString(fragment) { // the cleaner lets nothing else through
			return
		}
		for _, b := range Blocks(fragment) {
			for _, l := range b.Links {
				if b.Text[l.Start:l.End] != l.Text {
					t.Fatalf("the link %q is at %d to %d of %q", l.Text, l.Start, l.End, b.Text)
				}
			}
			if at < 0 || at > len(b.Text) || !utf8.RuneStart((b.Text + " ")[at]) {
				continue
			}
			piece := fragment[b.Start:b.End]
			if have := CutAt(fragment, b, at); Balanced(piece) && !Balanced(have) {
				t.Fatalf("%q cut at %d is %q", piece, at, have)
			}
		}
	})
}
