package cluster_test

import (
	"testing"
	"time"

	"fronteras/aggregator/news"
	. "fronteras/store/storetest/neighbors"
)

// What a program's teasers begin with, 33 words.
const weekly = "Each week the valley's storytellers sit down in a mobile booth to record the conversations that " +
	"matter most to them, and we bring you one of those conversations here every Friday before the noon news."

func TestWhatAProgramBeginsWithJoinsNothing(t *testing.T) {
	host := By("Rosa Vidal")
	const doubt = "1 probable-copy, 2 probable-copy"
	pair := func(a, b, begin string, more ...change) []*news.Item {
		return two(append([]change{Title(a), Text(begin), host}, more...), append([]change{Title(b), Text(begin), host, Dated(Noon)}, more...))
	}
	all(t, []fall{
		{"one sentence that tells nothing of two headlines", pair("Two sisters remember the mine", "A ranger on the night shift", weekly), "1 | 2", doubt},
		{"nor of the word that they differ in", pair("StoryBooth: a mother and her daughter talk", "StoryBooth: a mother and her brother talk", weekly), "1 | 2", doubt},
		{"nor of which part it is", pair("The last ranch of the valley: first part", "The last ranch of the valley: second part", weekly), "1 | 2", doubt},
		{"a sentence behind it is another's, too", two([]change{Title("Two sisters remember the mine"), Text(weekly + " Today, two sisters."), host},
			[]change{Title("A ranger on the night shift"), Text(weekly + " Today, a ranger tells."), host}), "1 | 2", doubt},
		{"a whole text behind it as well", two([]change{Title("Two sisters remember the mine"), Text(weekly), host},
			[]change{Title("A ranger on the night shift"), Text(weekly + " " + Words(0, 160)), host}), "1 | 2", doubt},
		{"what tells of both headlines is a story", pair("Voters approve the school bond", "School bond passes in the valley by a hair",
			"The school bond passed by nine votes, and those who approved it say that they did so for the roof of the gym, which has leaked for the last eleven years."), "1 + 2(J7)", ""},
		{"so is what is longer than a sentence", pair("Two sisters remember the mine", "A ranger on the night shift", Words(0, 40)), "1 + 2(J7)", ""},
		{"and one headline that was cut", pair("Two sisters remember", "Two sisters remember the mine", weekly), "1 + 2(J7)", ""},
	})
	t.Run("nor does what comes again in a feed under another headline, however long", func(t *testing.T) {
		long := Text(Words(0, 60))
		n := Neighborhood([]*news.Item{Item(1, "kmsa", "mine", Title("Two sisters remember the mine"), long, host),
			Item(2, "ajo", "ranger", Title("A ranger on the night shift"), long, host),
			Item(3, "ajo", "baker", Title("The baker who came back"), long, host, Dated(Noon.Add(-48*time.Hour)))}, nil)
		fall{want: "1 | 2 | 3", notes: "1 probable-copy, 1 probable-copy, 2 probable-copy, 3 probable-copy"}.check(t, n)
	})
}

func TestAProgramsAddressJoinsNothing(t *testing.T) {
	host, program := By("Rosa Vidal"), at("the-morning-news-from-the-valley")
	const doubt = "1 probable-copy, 2 probable-copy"
	all(t, []fall{
		{"at one minute", two([]change{Title("Rain ends the dry spell"), host, program}, []change{Title("Council fires its manager"), host, program}), "1 | 2", doubt},
		{"nor with half of a headline", two([]change{Title("Valley roundup: rain and council"), host, program},
			[]change{Title("Valley roundup: depot and council"), host, program, Dated(Noon)}), "1 | 2", doubt},
		{"an address that is a whole sentence does, with half of a headline", two(
			[]change{Title("Rain ends the dry spell at last"), host, at("first-drops-fall-on-cracked-fields-after-eight-months")},
			[]change{Title("Rain ends the long dry spell"), host, at("first-drops-fall-on-cracked-fields-after-eight-months"), Dated(Noon)}), "1 + 2(J6)", ""},
	})
}

func TestWhoseTellingAnItemWithoutABylineIsMustBeClear(t *testing.T) {
	slug := at(ended)
	three := func(third ...change) []*news.Item {
		return append(released([]change{By("Rosa Vidal"), slug}, []change{By("Kim Day"), slug}),
			Item(3, "kdem", "dam", append([]change{Title(told), slug}, third...)...))
	}
	for _, c := range []fall{
		{"it is neither's where two reporters have the headline", three(), "1 | 2 | 3",
			"1 same-title, 1 same-title, 2 same-title, 2 same-title, 3 same-title, 3 same-title, 1 not by J6: V10"},
		{"an office names neither", three(By("KDEM Newsroom")), "1 | 2 | 3",
			"1 same-title, 1 same-title, 2 same-title, 2 same-title, 3 same-title, 3 same-title, 1 not by J6: V10"},
		{"a byline says whose it is", three(By("Kim Day")), "1 | 2=3(J6)", "1 same-title, 1 same-title, 2 same-title, 3 same-title, 1 not by J6: V10, 1 not by J6: V10"},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(t, Neighborhood(c.items, nil)) })
	}
}

func TestOneHeadlineOverTwoTextsOfNobodyInCommonIsShown(t *testing.T) {
	slug := at(ended)
	const doubt = "1 same-title, 2 same-title"
	all(t, []fall{
		{"25 words that have nothing in common", released([]change{slug, Text(Words(0, 25))}, []change{slug, Text(Words(1000, 1025))}), "1 | 2", doubt},
		{"fewer say nothing", released([]change{slug, Text(Words(0, 24))}, []change{slug, Text(Words(1000, 1160))}), "1=2(J6)", ""},
		{"one reporter's may", released([]change{slug, By("Rosa Vidal"), Text(Words(0, 60))}, []change{slug, By("Rosa Vidal"), Text(Words(1000, 1060))}), "1=2(J6)", ""},
	})
}
