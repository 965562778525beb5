package admit

import (
	"slices"
	"testing"

	"fronteras/aggregator/news"
)

func TestAFileKeepsItsLengthUnderAnotherToken(t *testing.T) {
	files := func(list ...news.Enclosure) []news.Enclosure { return list }
	known := files(news.Enclosure{URL: "https://a.example/1.mp3?token=a", Length: 7})
	for _, test := range []struct {
		name                string
		list, known, wanted []news.Enclosure
	}{
		{"the same address", known, known, known},
		{"another token", files(news.Enclosure{URL: "https://a.example/1.mp3?token=b"}), known,
			files(news.Enclosure{URL: "https://a.example/1.mp3?token=b", Length: 7})},
		{"another file", files(news.Enclosure{URL: "https://a.example/2.mp3"}), known,
			files(news.Enclosure{URL: "https://a.example/2.mp3"})},
		{"what the document says", files(news.Enclosure{URL: "https://a.example/1.mp3?token=b", Length: 9}), known,
			files(news.Enclosure{URL: "https://a.example/1.mp3?token=b", Length: 9})},
		{"what only its query names", files(news.Enclosure{URL: "https://a.example/play?id=2"}),
			files(news.Enclosure{URL: "https://a.example/play?id=1", Length: 7}),
			files(news.Enclosure{URL: "https://a.example/play?id=2"})},
		{"files that differ by their queries", files(news.Enclosure{URL: "https://a.example/p.mp3?id=3"}),
			files(news.Enclosure{URL: "https://a.example/p.mp3?id=1", Length: 7},
				news.Enclosure{URL: "https://a.example/p.mp3?id=2", Length: 8}),
			files(news.Enclosure{URL: "https://a.example/p.mp3?id=3"})},
	} {
		if got := withKnownLengths(test.list, test.known); !slices.Equal(got, test.wanted) {
			t.Errorf("%s: %v, want %v", test.name, got, test.wanted)
		}
	}
}
