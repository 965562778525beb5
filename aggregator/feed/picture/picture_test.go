package picture

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTheBestAddressOfAnImageComesFirst(t *testing.T) {
	type attributes = []Attribute
	for name, c := range map[string]struct {
		img  attributes
		want []Source
	}{
		"src alone": {attributes{{"src", "/a.jpg"}}, []Source{{Address: "/a.jpg"}}},
		"src with its size": {
			attributes{{"src", "/a.jpg"}, {"width", "640px"}, {"height", "480"}}, []Source{{"/a.jpg", 640, 480}},
		},
		"nothing":                   {attributes{{"alt", "A mesa"}, {"src", "  "}}, nil},
		"a placeholder of its own":  {attributes{{"src", "data:image/gif;base64,R0lGOD"}}, nil},
		"the widest of srcset":      {attributes{{"srcset", "/a-300.jpg 300w, /a-1200.jpg 1200w, /a-600.jpg 600w"}}, []Source{{"/a-1200.jpg", 1200, 0}, {"/a-600.jpg", 600, 0}, {"/a-300.jpg", 300, 0}}},
		"a placeholder with srcset": {attributes{{"src", "data:,"}, {"srcset", "/a-300.jpg 300w, /a-1200.jpg 1200w"}}, []Source{{"/a-1200.jpg", 1200, 0}, {"/a-300.jpg", 300, 0}}},
		"the height follows the layout": {
			attributes{{"src", "/a.jpg"}, {"srcset", "/b.jpg 1200w"}, {"width", "600"}, {"height", "400"}},
			[]Source{{"/b.jpg", 1200, 800}, {"/a.jpg", 600, 400}},
		},
		"src wider than its srcset": {
			attributes{{"src", "/a.jpg"}, {"srcset", "/b.jpg 300w"}}, []Source{{Address: "/a.jpg"}, {"/b.jpg", 300, 0}},
		},
		"src in its srcset": {
			attributes{{"src", "/a.jpg"}, {"width", "300"}, {"srcset", "/a.jpg 1024w, /b.jpg 300w"}},
			[]Source{{"/a.jpg", 1024, 0}, {"/b.jpg", 300, 0}},
		},
		"densities": {
			attributes{{"src", "/a.jpg"}, {"srcset", "/a.jpg 1x,/a2.jpg 2x"}, {"width", "880"}, {"height", "587"}},
			[]Source{{"/a2.jpg", 1760, 1174}, {"/a.jpg", 880, 587}},
		},
		"densities without a size": {
			attributes{{"srcset", "/a.jpg, /a2.jpg 2x"}}, []Source{{Address: "/a2.jpg"}, {Address: "/a.jpg"}},
		},
		"loaded late": {
			attributes{{"src", "/blank.gif"}, {"data-src", "/a.jpg"}}, []Source{{Address: "/a.jpg"}, {Address: "/blank.gif"}},
		},
		"loaded late, in sizes": {
			attributes{{"src", "/i/blank.gif"}, {"data-srcset", "/a-300.jpg 300w, /a-1200.jpg 1200w"}},
			[]Source{{"/a-1200.jpg", 1200, 0}, {"/a-300.jpg", 300, 0}, {Address: "/i/blank.gif"}},
		},
		"loaded late, with a blurred one in its size": {
			attributes{{"src", "/blur.jpg"}, {"width", "1200"}, {"srcset", "/blur.jpg 1200w"}, {"data-lazy-src", "/a.jpg"}},
			[]Source{{"/a.jpg", 1200, 0}, {"/blur.jpg", 1200, 0}},
		},
		"loaded late, from the original": {attributes{{"data-original", "/a.jpg"}}, []Source{{Address: "/a.jpg"}}},
		"a set where an address belongs": {
			attributes{{"data-src", "/a.jpg 300w, /b.jpg 900w"}}, []Source{{"/b.jpg", 900, 0}, {"/a.jpg", 300, 0}},
		},
		"no address at all": {
			attributes{{"data-lazy", "true"}, {"data-image", "417"}, {"data-id", "/x.jpg"}, {"src", "/a.jpg"}},
			[]Source{{Address: "/a.jpg"}},
		},
		"commas in addresses": {
			attributes{{"srcset", "https://c.example/w_300,h_200/a.jpg 300w,https://c.example/w_900,h_600/a.jpg 900w"}},
			[]Source{{"https://c.example/w_900,h_600/a.jpg", 900, 0}, {"https://c.example/w_300,h_200/a.jpg", 300, 0}},
		},
		"descriptors that are none": {
			attributes{{"srcset", "/a.jpg wide, /b.jpg 0w, /c.jpg -2x, /d.jpg (1,2) 3w, /e.jpg 400w 300h"}},
			[]Source{{"/e.jpg", 400, 0}},
		},
		"too long an address": {attributes{{"src", strings.Repeat("a", 3000)}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := SourcesOf(c.img); !slices.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

func TestAddressesOfOnePictureHaveOneFile(t *testing.T) {
	for name, addresses := range map[string][]string{
		"WordPress": {
			"https://kmsa.example/wp/2026/02/dam.jpg", "http://www.kmsa.example/wp/2026/02/dam-300x225.jpg?w=300",
			"https://kmsa.example/wp/2026/02/dam-scaled.jpg", "https://i0.wp.com/kmsa.example/wp/2026/02/dam.jpg?resize=600%2C400&ssl=1",
			"https://kmsa.example/wp/2026/02/dam-1024x768.jpg.webp",
		},
		"a proxy that sizes": {
			"https://kdem-files.example/02/44/dam.jpg",
			"https://kdem.example/dims4/default/1a2b/2147483647/strip/true/resize/880x587!/quality/90/?url=https%3A%2F%2Fkdem-files.example%2F02%2F44%2Fdam.jpg",
			"https://kdem.example/dims4/default/3c4d/2147483647/resize/1760x1174!/?url=https%3A%2F%2Fkdem-files.example%2F02%2F44%2Fdam.jpg",
		},
		"Drupal": {
			"https://ajo.example/files/2026-02/dam.jpg", "https://ajo.example/files/styles/large/public/2026-02/dam.jpg?itok=x1",
		},
		"qualities": {
			"https://m.example/img/2026/dam_wide-9f.jpg", "https://m.example/img/2026/dam_wide-9f-s800-c85.webp",
		},
		"densities": {"https://m.example/dam.png", "https://m.example/dam@2x.png"},
	} {
		for _, a := range addresses {
			if got, want := FileOf(a), FileOf(addresses[0]); got != want || got == "" {
				t.Errorf("%s: %s is of the file %q, want %q", name, a, got, want)
			}
		}
	}
	for _, pair := range [][2]string{
		{"https://m.example/dam-1.jpg", "https://m.example/dam-2.jpg"},
		{"https://m.example/frame-c1.jpg", "https://m.example/frame-c2.jpg"},
		{"https://m.example/board-2x4.jpg", "https://m.example/board-2x6.jpg"},
		{"https://m.example/picture?id=4&w=300", "https://m.example/picture?id=5&w=300"},
		{"https://m.example/a/dam.jpg", "https://n.example/a/dam.jpg"},
		{"https://m.example/2026/01/dam.jpg", "https://m.example/2026/02/dam.jpg"},
	} {
		if FileOf(pair[0]) == FileOf(pair[1]) {
			t.Errorf("%s and %s are of one file", pair[0], pair[1])
		}
	}
	for _, none := range []string{"", "dam.jpg", "data:,", "https://%zz/", "mailto:ana@kmsa.example"} {
		if got := FileOf(none); got != "" {
			t.Errorf("%q is of the file %q", none, got)
		}
	}
}

func TestAddressesNameWidths(t *testing.T) {
	for address, want := range map[string]int{
		"https://kmsa.example/dam.jpg":                         0,
		"https://kmsa.example/dam-300x225.jpg":                 300,
		"https://kmsa.example/dam_1024x768.png":                1024,
		"https://kmsa.example/dam.jpg?w=150":                   150,
		"https://kmsa.example/dam.jpg?resize=600%2C400":        600,
		"https://kmsa.example/dam.jpg?fit=1200x800":            1200,
		"https://kmsa.example/strip/true/resize/880x587!/q/90": 880,
		"https://b.example/img/s72-c/dam.jpg":                  72,
		"https://b.example/img/w640-h480/dam.jpg":              640,
		"https://b.example/abc=w640-h480":                      640,
		"https://b.example/abc=s72-c":                          72,
		"https://c.example/upload/w_320,h_200/dam.jpg":         320,
		"https://kmsa.example/s3/2026/dam-12.jpg":              0,
		"https://kmsa.example/board-2x4.jpg":                   0,
		"":                                                     0,
	} {
		if got := WidthIn(address); got != want {
			t.Errorf("%s names the width %d, want %d", address, got, want)
		}
	}
}

func TestASetCostsNoMoreThanItsLength(t *testing.T) {
	begun := time.Now()
	for _, s := range []string{
		strings.Repeat(",", 1<<20), strings.Repeat("a 1w,", 1<<18), strings.Repeat("a (", 1<<18), strings.Repeat("a,b ", 1<<18),
		"a " + strings.Repeat("1w ", 1<<18), strings.Repeat("-", 1<<20),
	} {
		if n := len(SourcesOf([]Attribute{{"srcset", s}, {"data-src", s}, {"src", s}})); n > 2*maxSources {
			t.Errorf("%d sources", n)
		}
		FileOf("https://kmsa.example/" + s)
		WidthIn("https://kmsa.example/" + s)
	}
	if took := time.Since(begun); took > 2*time.Minute {
		t.Errorf("%v", took)
	}
}

func FuzzSources(f *testing.F) {
	f.Add("/a.jpg 300w, /b.jpg 2x", "/c.jpg", "600")
	f.Add("a,, b (x,y) 1w", "data:,", "-1")
	f.Fuzz(func(t *testing.T, set, src, width string) {
		for _, s := range SourcesOf([]Attribute{{"srcset", set}, {"data-lazy-src", src}, {"src", set}, {"width", width}}) {
			if s.Address == "" || s.Address != strings.TrimSpace(s.Address) || len(s.Address) > maxAddress ||
				s.Width < 0 || s.Width > maxSize || s.Height < 0 || s.Height > maxSize {
				t.Errorf("%+v", s)
			}
		}
		if w := WidthIn(src); w < 0 || w > maxSize {
			t.Errorf("%d", w)
		}
		FileOf(src)
	})
}
