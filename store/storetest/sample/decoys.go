package sample

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// addDecoys adds what looks like one story and is not.
func (g *generator) addDecoys(day time.Time, n int) {
	g.english = true
	defer func() { g.english = false }()
	g.addEditions(day)
	if n%7 == 2 {
		g.addSeries(day)
	}
	if n%5 == 1 {
		g.addHourly(day, n == 1)
	}
	switch n % 10 {
	case 0:
		g.addSameHeadline(day)
	case 1:
		g.addExplainerAgain(day)
	case 2:
		g.addCount(day)
	case 3:
		g.addPressRelease(day)
	case 4:
		g.addRoundup(day)
	case 5:
		g.addSharedQuotation(day)
	case 6:
		g.addHeadlineAgain(day)
	case 7:
		g.addRadioPiece(day)
	case 8:
		g.addWeather(day)
	case 9:
		g.addSeriesNote(day)
		g.addTwoPlaces(day)
	}
}

// titled makes a story with that headline.
func (g *generator) titled(maker, headline string, people ...string) *story {
	s := g.newStory(maker, people...)
	s.headline = headline
	return s
}

// plainly has a station publish a story as it is.
func (g *generator) plainly(s *story, id string, at time.Time) {
	g.publish(s, id, outlets[g.outletOf[id]].path, at, &telling{headline: s.headline, slug: slugOf(s.headline),
		byline: strings.Join(s.people, ", "), opening: s.opening, paragraphs: s.paragraphs, stays: true})
}

// addEditions adds the day's editions of programs that have one name: a newscast of each of two
// stations, and on some days the network's brief, whose hosts are the same each day.
func (g *generator) addEditions(day time.Time) {
	at := day.Add(11 * time.Hour)
	if w := day.Weekday(); w != time.Saturday && w != time.Sunday {
		headline := "Weekday Newscast: " + day.Format("Monday, January 2")
		g.plainly(g.titled("ajo", headline, g.own["ajo"][0]), "ajo", at)
		g.plainly(g.titled("kdem", headline), "kdem", at.Add(g.hour(0, 1)))
	}
	if day.Day()%3 == 0 {
		var briefs []*story
		for range 3 {
			briefs = append(briefs, g.titled(Network, "Morning news brief", g.network[0], g.network[1]))
		}
		for n, s := range briefs {
			for _, other := range briefs {
				if other != s { // it is one piece of work; who can tell it from yesterday's?
					s.perhaps = append(s.perhaps, other.name)
				}
			}
			g.plainly(s, outlets[n].id, at.Add(g.hour(0, 2)))
		}
	}
}

// addHourly adds the bulletins of a day, which have one name and one host, and of which each station
// takes some. On the first day nobody can know that they are no one story; those of one hour are one,
// which nobody can tell from the others.
func (g *generator) addHourly(day time.Time, first bool) {
	var all []*story
	for range 4 {
		all = append(all, g.titled(Network, "Headlines of this hour from around the borderlands", g.network[2]))
	}
	for a, one := range all {
		for b, other := range all {
			if a != b && (first || a+b == 3 && a*b == 2) {
				one.perhaps = append(one.perhaps, other.name)
			}
		}
	}
	g.plainly(all[0], "ajo", day.Add(9*time.Hour))
	g.plainly(all[1], "ajo", day.Add(12*time.Hour))
	g.plainly(all[2], "kdem", day.Add(12*time.Hour))
	g.plainly(all[3], "kdem", day.Add(15*time.Hour))
}

// addSeries adds what has one title each week, at two stations.
func (g *generator) addSeries(day time.Time) {
	for _, id := range []string{"ajo", "bisbee"} {
		g.plainly(g.titled(id, "Song of the week", g.own[id][1]), id, day.Add(g.hour(15, 18)))
		g.plainly(g.titled(id, "Field notes from the valley: What is blooming and flying", g.own[id][2]), id,
			day.Add(g.hour(15, 18)))
	}
}

// addSameHeadline adds two newsrooms' own stories of one rain.
func (g *generator) addSameHeadline(day time.Time) {
	short, long := "Rain at last", fmt.Sprintf("Rain returns to %s after a long dry %s", g.pick(places), g.noun())
	for _, id := range []string{"bisbee", "kmsa"} {
		g.plainly(g.titled(id, short, g.own[id][0]), id, day.Add(g.hour(9, 12)))
		g.plainly(g.titled(id, long, g.own[id][1]), id, day.Add(g.hour(12, 18)))
	}
}

// addExplainerAgain adds an explainer, and two days later the same reporter's next one: most of its
// headline is as it was, and its text is another.
func (g *generator) addExplainerAgain(day time.Time) {
	by := g.pick(g.network)
	what := fmt.Sprintf("What to know about the %s %s in %s", g.adjective(), g.noun(), g.pick(places))
	g.plainly(g.titled(Network, what, by), "ajo", day.Add(12*time.Hour))
	g.plainly(g.titled(Network, what+" as it ends", by), "bisbee", day.Add(62*time.Hour))
}

// addCount adds two hours of a night on which votes are counted.
func (g *generator) addCount(day time.Time) {
	by, what := g.pick(g.network), fmt.Sprintf("Recall of the %s mayor leads with", g.pick(places))
	counted := 20 + g.r.IntN(40)
	first := g.titled(Network, fmt.Sprintf("%s %d percent counted", what, counted), by)
	second := g.titled(Network, fmt.Sprintf("%s %d percent counted", what, counted+11), by)
	second.paragraphs = slices.Concat(first.paragraphs[:len(first.paragraphs)-1], second.paragraphs[:1])
	for _, s := range []*story{first, second} {
		s.opening[0] = s.headline + ", the county clerk said, and the rest of the ballots of that precinct are " +
			"expected in the morning, when the counting goes on."
	}
	second.opening[1] = first.opening[1]
	g.plainly(first, "ajo", day.Add(20*time.Hour))
	g.plainly(second, "kmsa", day.Add(22*time.Hour))
	g.addCountUnderOneHeadline(day, by)
}

// addCountUnderOneHeadline adds two hours of a night whose headline stays: the numbers of their
// openings tell them apart, and where there is no opening nothing does.
func (g *generator) addCountUnderOneHeadline(day time.Time, by string) {
	first := g.titled(Network, fmt.Sprintf("Race for sheriff of %s too close to call tonight", g.pick(places)), by)
	second := g.titled(Network, first.headline, by)
	counted, lead, place, other := 20+g.r.IntN(50), 100+g.r.IntN(800), g.pick(places), g.noun()
	for n, s := range []*story{first, second} {
		s.opening = []string{
			fmt.Sprintf("The race for sheriff in %s stayed too close to call as of the last report, with "+
				"%d percent of precincts counted and a lead of %d votes for the challenger, the county clerk "+
				"said.", place,
				counted+17*n, lead+340*n),
			"The ballots from the " + other + " are expected in the morning.",
		}
		if g.form == Headlines {
			s.perhaps = []string{[]*story{second, first}[n].name}
		}
	}
	g.plainly(first, "ajo", day.Add(21*time.Hour))
	g.plainly(second, "bisbee", day.Add(23*time.Hour))
}

// addSeriesNote adds two stories of a series by one reporter, which begin with one note.
func (g *generator) addSeriesNote(day time.Time) {
	by, note := g.pick(g.network), "This story is part of our series on "+g.noun()+", "+g.noun()+" and "+g.noun()+
		" in the borderlands, which was made with the help of listeners who wrote to us about their towns."
	for n, id := range []string{"bisbee", "kdem"} {
		s := g.newStory(Network, by)
		s.opening[0], s.opening[1] = note, g.long(30)
		g.plainly(s, id, day.Add(time.Duration(9+4*n)*time.Hour))
	}
}

// addTwoPlaces adds a reporter's stories of two places: one word tells their headlines apart.
func (g *generator) addTwoPlaces(day time.Time) {
	by, what := g.pick(g.network), fmt.Sprintf("How the %s %s changed everyday life for families in",
		g.adjective(), g.noun())
	for n, id := range []string{"ajo", "kmsa"} {
		g.plainly(g.titled(Network, what+" "+places[3*n+7], by), id, day.Add(time.Duration(8+3*n)*time.Hour))
	}
}

// addPressRelease adds a text that two stations print, each under its own headline, signed by a role.
func (g *generator) addPressRelease(day time.Time) {
	text := g.newStory("")
	for n, id := range []string{"bisbee", "kdem"} {
		s := g.newStory("", []string{"Web Producer", "Staff"}[g.r.IntN(2)])
		s.opening, s.paragraphs = text.opening, text.paragraphs
		g.plainly(s, id, day.Add(time.Duration(14+n)*time.Hour))
	}
}

// addRoundup adds a text that holds two stations' stories whole.
func (g *generator) addRoundup(day time.Time) {
	one, two := g.newStory("ajo", g.own["ajo"][3]), g.newStory("kmsa", g.own["kmsa"][3])
	both := g.newStory("", one.people[0], two.people[0])
	both.paragraphs = slices.Concat([]string{strings.Join(one.opening, " ")}, one.paragraphs,
		[]string{strings.Join(two.opening, " ")}, two.paragraphs)
	g.plainly(one, "ajo", day.Add(9*time.Hour))
	g.plainly(two, "kmsa", day.Add(10*time.Hour))
	g.plainly(both, "bisbee", day.Add(16*time.Hour))
}

// addSharedQuotation adds two stories that quote one statement, by one reporter.
func (g *generator) addSharedQuotation(day time.Time) {
	by, quotation := g.pick(g.network), g.long(70)
	for n, id := range []string{"ajo", "bisbee"} {
		s := g.newStory(Network, by)
		s.paragraphs[1] = quotation
		g.plainly(s, id, day.Add(time.Duration(10+3*n)*time.Hour))
	}
}

// addHeadlineAgain adds a story, and the next day the same reporter's next one under its headline.
// Whether that is an update or another story, people differ.
func (g *generator) addHeadlineAgain(day time.Time) {
	by := g.pick(g.network)
	first := g.newStory(Network, by)
	second, copied := g.titled(Network, first.headline, by), g.titled(Network, first.headline, by)
	first.perhaps, second.perhaps = []string{second.name, copied.name}, []string{first.name, copied.name}
	copied.perhaps = []string{first.name, second.name}
	copied.opening, copied.paragraphs = second.opening, second.paragraphs
	g.plainly(first, "ajo", day.Add(14*time.Hour))
	g.plainly(second, "ajo", day.Add(37*time.Hour))
	g.plainly(copied, "bisbee", day.Add(37*time.Hour))
}

// addRadioPiece adds a reporter's story for the web and her piece for the radio.
func (g *generator) addRadioPiece(day time.Time) {
	by := g.pick(g.network)
	web, radio := g.newStory(Network, by), g.newStory(Network, by)
	web.perhaps, radio.perhaps = []string{radio.name}, []string{web.name}
	g.plainly(web, "ajo", day.Add(13*time.Hour))
	g.plainly(radio, "bisbee", day.Add(15*time.Hour))
}

// addWeather adds the forecasts of two stations, each by its own forecaster, and those that nobody
// signs and that are dated.
func (g *generator) addWeather(day time.Time) {
	for _, id := range []string{"ajo", "kdem"} {
		g.plainly(
			g.titled(id, "Warm and windy across the whole valley today", g.own[id][4]),
			id,
			day.Add(g.hour(10, 12)),
		)
		g.plainly(g.titled(id, "Valley weather for "+day.Format("Monday, Jan. 2")), id, day.Add(g.hour(10, 12)))
	}
}
