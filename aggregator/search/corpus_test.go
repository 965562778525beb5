package search

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// corpus writes stories of made-up words, as often as words of a language are (Zipf).
type corpus struct {
	random *rand.Rand
	zipf   *rand.Zipf
	words  [2][]string // English, Spanish
	length int         // words of a text, on average
}

func newCorpus(vocabulary, length int) *corpus {
	c := &corpus{random: rand.New(rand.NewPCG(1, 2)), length: length}
	c.zipf = rand.NewZipf(c.random, 1.07, 2.7, uint64(vocabulary-1))
	syllables := strings.Fields("ba ce di fo gu ra le mi no tu sar ten vil por cu an est in or ul")
	endings := strings.Fields("- s ed ing er es ion")
	for language, before := range []string{"", "qu"} {
		for n := range vocabulary {
			w := before
			for x := n/2 + 7; x > 0; x /= len(syllables) {
				w += syllables[x%len(syllables)]
			}
			c.words[language] = append(c.words[language], w+strings.Trim(endings[n*7%len(endings)], "-"))
		}
	}
	return c
}

func (c *corpus) text(language, words int) string {
	list := make([]string, words)
	for n := range list {
		list[n] = c.words[language][c.zipf.Uint64()]
	}
	return strings.Join(list, " ")
}

func (c *corpus) document(n int) Document {
	language := 0
	if c.random.IntN(10) < 3 {
		language = 1
	}
	return Document{
		Story: uint64(n + 1), Language: []string{"en-US", "es"}[language],
		Published: time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n) * 25 * time.Minute),
		Headline:  c.text(language, 8),
		Parts: []string{c.text(language, c.length/15), c.text(language, c.length*2/3+c.random.IntN(c.length*2/3)), c.text(0, 2),
			fmt.Sprint("Radio ", c.random.IntN(40))},
		Stations: []string{fmt.Sprint("station", c.random.IntN(40))}, Topics: []string{fmt.Sprint("topic", c.random.IntN(30))},
	}
}

// query is one that readers could ask: of a kind, of one to four words.
func (c *corpus) query(kind string) Query {
	language := 0
	if c.random.IntN(10) < 3 {
		language = 1
	}
	var list []string
	for range 1 + c.random.IntN(4) {
		at := c.zipf.Uint64()
		switch kind {
		case "rare":
			at = 1000 + c.random.Uint64N(uint64(len(c.words[0])/10))
		case "common":
			at = c.random.Uint64N(50)
		}
		list = append(list, c.words[language][at])
	}
	q := Query{Limit: 20}
	text := strings.Join(list, " ")
	switch kind {
	case "phrase":
		text = `"` + text + `"`
	case "filter":
		q.Stations = []string{fmt.Sprint("station", c.random.IntN(40))}
		q.From = time.Date(2018, 1, 1, 0, 0, 0, 0, time.UTC)
	case "no words":
		text = ""
		q.Topics = []string{fmt.Sprint("topic", c.random.IntN(30))}
	}
	q.Clauses, _ = ParseWords(text)
	return q
}
