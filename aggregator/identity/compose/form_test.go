package compose_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"fronteras/aggregator/identity/compose"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/news"
	. "fronteras/store/storetest/neighbors"
)

// said is an entry with a deck and a text, in HTML.
func said(deck, text string) *news.Entry { return &news.Entry{Summary: deck, Content: text} }

// sentences are n sentences of eight invented words each, from the word of that number on.
func sentences(from, n int) string {
	list := make([]string, n)
	for k := range list {
		w := Words(from+8*k, from+8*k+8)
		list[k] = strings.ToUpper(w[:1]) + w[1:] + "."
	}
	return strings.Join(list, " ")
}

// One entry that is all of its document.
func TestAnEntryThatIsGivenInAnotherForm(t *testing.T) {
	teaser := "<p>" + sentences(0, 3) + "</p>"
	full := teaser + "<p>" + sentences(100, 6) + "</p><p>" + sentences(200, 6) + "</p>"
	cut := func(end string) string { return "<p>" + strings.TrimSuffix(sentences(0, 4), ".") + end + "</p>" }
	long := "<p>" + sentences(0, 14) + "</p>"
	for _, c := range []struct {
		name        string
		before, now *news.Entry
		want        bool
	}{
		{"a deck, and its text beside it", said(teaser, ""), said(teaser, full), true},
		{"a deck that becomes the text", said(teaser, ""), said(full, ""), true},
		{"a deck that gives way to the text", said(teaser, ""), said("", full), true},
		{"a deck in other words than the text, which stays", said("<p>"+sentences(900, 2)+"</p>", ""), said("<p>"+sentences(900, 2)+"</p>", full), true},
		{"a deck in other words than the text, which goes", said("<p>"+sentences(900, 2)+"</p>", ""), said("", full), false},
		{"nothing, and a text", said("", ""), said("", full), true},
		{"nothing, and a teaser", said("", ""), said(teaser, ""), true},
		{"a text that is cut", said("", cut(" …")), said("", full+"<p>"+sentences(24, 1)+"</p>"), true},
		{"a text that is cut in a word", said("", cut("xy[&hellip;]")), said("", full+"<p>"+sentences(24, 1)+"</p>"), true},
		{"a text that ends in a call to read more", said("", cut(". Read more on our page")), said("", full+"<p>"+sentences(24, 1)+"</p>"), true},
		{"markup alone", said("", "<div>"+sentences(0, 3)+"</div>"), said("", full), true},
		{"a whole text of which a teaser stays", said("", full), said(teaser, ""), true},
		{"a sentence of the teaser is another", said("<p>"+sentences(0, 2)+" "+sentences(500, 1)+"</p>", ""), said("", full), false},
		{"a word of the teaser is another", said("<p>"+sentences(0, 2)+" Zzz "+sentences(16, 1)+"</p>", ""), said("", full), false},
		{"a number of the teaser is another", said("<p>"+sentences(0, 3)+" It had 12 roads.</p>", ""), said("", full+"<p>It had 13 roads.</p>"), false},
		{"a whole text that grows", said("", long), said("", long+"<p>"+sentences(300, 14)+"</p>"), false},
		{"a teaser with some words more", said(teaser, ""), said("<p>"+sentences(0, 5)+"</p>", ""), false},
		{"the same text", said("", full), said("", full), false},
		{"a teaser, and a text of others", said(teaser, ""), said("", "<p>"+sentences(600, 15)+"</p>"), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			have := compose.Reshaped(evidence.NewReader(Desk), nil, []compose.Edit{{Item: 1, Before: c.before, Now: c.now}}, nil)
			if have[1] != c.want {
				t.Errorf("it is another form: %t", have[1])
			}
			if c.want && !compose.MayBeReshaped(c.before, c.now) {
				t.Error("by its lengths it is none")
			}
		})
	}
}

// The rest of the document tells a new form of the feed from entries that grow.
func TestANewFormIsTheFeeds(t *testing.T) {
	teaser := func(n int) *news.Entry { return said("<p>"+sentences(1000*n, 3)+"</p>", "") }
	full := func(n int) *news.Entry { return said("", "<p>"+sentences(1000*n, 20)+"</p>") }
	grow := func(n int) compose.Edit { return compose.Edit{Item: uint64(n), Before: teaser(n), Now: full(n)} }
	shrink := func(n int) compose.Edit { return compose.Edit{Item: uint64(n), Before: full(n), Now: teaser(n)} }
	corrected := func(n int) compose.Edit {
		now := full(n)
		now.Content = strings.Replace(now.Content, sentences(1000*n, 1), "Another sentence stands here now, of several words.", 1)
		return compose.Edit{Item: uint64(n), Before: teaser(n), Now: now}
	}
	lengthened := func(n int) compose.Edit {
		before, now := said("", "<p>"+sentences(1000*n, 20)+"</p>"), said("", "<p>"+sentences(1000*n, 40)+"</p>")
		return compose.Edit{Item: uint64(n), Before: before, Now: now}
	}
	for _, c := range []struct {
		name   string
		edits  []compose.Edit
		others []*news.Entry
		want   []uint64
	}{
		{"all of its entries", []compose.Edit{grow(1), grow(2), grow(3)}, nil, []uint64{1, 2, 3}},
		{"all of its entries, shorter", []compose.Edit{shrink(1), shrink(2), shrink(3)}, nil, []uint64{1, 2, 3}},
		{"all that were teasers", []compose.Edit{grow(1), grow(2)}, []*news.Entry{full(7), full(8), full(9)}, []uint64{1, 2}},
		{"four of five", []compose.Edit{grow(1), grow(2), grow(3), grow(4)}, []*news.Entry{teaser(9)}, []uint64{1, 2, 3, 4}},
		{"three of four, which is a part", []compose.Edit{grow(1), grow(2), grow(3)}, []*news.Entry{teaser(9)}, nil},
		{"one of two, which is a part", []compose.Edit{grow(1)}, []*news.Entry{teaser(9)}, nil},
		{"one of two, shorter", []compose.Edit{shrink(1)}, []*news.Entry{full(9)}, nil},
		{"all, and one is corrected as well", []compose.Edit{grow(1), grow(2), corrected(3), grow(4)}, nil, []uint64{1, 2, 4}},
		{"some longer and some shorter", []compose.Edit{grow(1), shrink(2)}, nil, nil},
		{"three whole texts that grow together", []compose.Edit{lengthened(1), lengthened(2), lengthened(3)}, nil, []uint64{1, 2, 3}},
		{"two whole texts that grow together", []compose.Edit{lengthened(1), lengthened(2)}, nil, nil},
		{"nothing", nil, []*news.Entry{teaser(9)}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			have := slices.Sorted(maps.Keys(compose.Reshaped(evidence.NewReader(Desk), nil, c.edits, c.others)))
			if !slices.Equal(have, c.want) {
				t.Errorf("in another form are %v, want %v", have, c.want)
			}
		})
	}
}

func TestWhatReadersSeeOfANewForm(t *testing.T) {
	picture := []news.Image{{URL: "https://kmsa.example/fence.jpg"}}
	for _, c := range []struct {
		name   string
		change func(a, b *news.Entry)
		want   bool
	}{
		{"the form alone", func(_, _ *news.Entry) {}, false},
		{"a picture of the text", func(_, b *news.Entry) { b.Images = picture }, false},
		{"another picture", func(a, b *news.Entry) {
			a.Images, b.Images = []news.Image{{URL: "https://kmsa.example/a.jpg"}}, picture
		}, true},
		{"a word of the headline", func(_, b *news.Entry) { b.Title = "Fences" }, true},
		{"a byline", func(_, b *news.Entry) { b.Authors = []news.Person{{Name: "Luz Mora"}} }, true},
		{"a note of correction", func(_, b *news.Entry) { b.Content += "<p>Correction: a name.</p>" }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := said("<p>"+sentences(0, 3)+"</p>", ""), said("", "<p>"+sentences(0, 20)+"</p>")
			a.Title, b.Title = "Fence", "Fence"
			c.change(a, b)
			b.Digest[0]++
			d := compose.Composer{Reader: evidence.NewReader(Desk), Neighborhood: &evidence.Neighborhood{}}
			if have := d.IsSignificant("", a, b, true); have != c.want {
				t.Errorf("significant: %t", have)
			}
		})
	}
}
