package explain_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/identity/explain"
	"fronteras/aggregator/news"
	. "fronteras/store/storetest/neighbors"
)

const fence = "https://kmsa.example/2031/02/fence"

// told is a story of two items with all that can be explained of it.
func told() *news.Story {
	s := Published(5, Item(1, "kmsa", "fence", Title("Fence gap closed")), Item(2, "ajo", "gap", Title("Gap in the fence"), By("Lee Orr")))
	s.ID, s.PublicID = "abcdefghijklm", "https://kmsa.example/?p=1"
	s.Origin = &news.Origin{Maker: Desk.Maker("kmsa"), Rule: news.O2, Reason: "the original's address is on kmsa.example"}
	s.Edges[1] = news.Edge{
		Item: 2, Rule: news.J1, Confidence: news.Certain, Why: "its page names as canonical " + fence,
		Evidence: []news.Evidence{{Kind: "claim", Value: fence, Source: "page", First: Noon.Add(-time.Minute)}},
		Checks:   &news.Checks{Title: .41, C5: .92, Hours: 4, Languages: []string{"en", "en"}, Words: []int{200, 220}},
	}
	s.Rejected = []news.Rejected{{Item: 2, With: "KDEM “Dam”", Rule: news.J5, Veto: news.V7, Reason: "their numbers or days differ"}, {Item: 2, With: "KDEM “Fence”", Rule: news.J4, Reason: "a stronger edge leads elsewhere"}}
	s.Flags = []news.Flag{{Kind: news.FlagSameTitle, With: "https://kdem.example/1", Why: "join them if they are one", When: Noon}, {Kind: news.FlagReturned, When: Noon.Add(-31 * 24 * time.Hour)}}
	return s
}

func explained(s *news.Story) explain.Explanation {
	rulings := []news.Ruling{{Number: 3, Verb: news.Join, When: Noon, UID: 1000, User: "Luz", Reason: "one story"},
		{Number: 4, Verb: news.Hold, When: Noon, UID: 1000}, {Number: 5, Verb: news.Retract, When: Noon, User: "Luz", Reason: "wrong", Undone: 6}}
	return explain.Story(Desk, 3, fence, s, rulings, Noon)
}

func TestAStoryIsExplainedInSentences(t *testing.T) {
	want := `“Fence gap closed”
  Story abcdefghijklm, live. Public id https://kmsa.example/?p=1.
  Published 4 Feb 2031 11:00.
  Origin: KMSA Mesilla (O2): the original's address is on kmsa.example.

  KMSA Mesilla “Fence gap closed” is the original (I0, certain): as it was.
    https://kmsa.example/2031/02/fence

  Radio Ajo “Gap in the fence” is a copy (J1, certain): its page names as canonical https://kmsa.example/2031/02/fence, first seen 4 Feb 2031 11:59, still so.
    https://ajo.example/2031/02/gap
    41% of the headline agrees, 4 hours apart, 92% of the shorter text agrees, vetoes against others: V7.
    Not joined by J5 with KDEM “Dam”: V7: their numbers or days differ.
    Not joined by J4 with KDEM “Fence”: a stronger edge leads elsewhere.

  Flag same-title https://kdem.example/1: join them if they are one.
  Ruling: join, 4 Feb 2031 12:00 by Luz, decision 3: one story.
  Ruling: hold, 4 Feb 2031 12:00 by uid 1000, decision 4.
  Ruling: retract, 4 Feb 2031 12:00 by Luz, decision 5: wrong. Decision 6 has undone it: it does not count.

  To override: join abcdefghijklm OTHER, split abcdefghijklm ITEM, origin abcdefghijklm STATION, undo 4.
`
	for _, r := range []news.Rule{news.I0, news.J1, news.J4, news.J5, news.V7, news.O2} {
		want += "  " + string(r) + ": " + r.Sentence() + ".\n"
	}
	if have := explained(told()).Words(); have != want {
		t.Errorf("it says\n%s\nwant\n%s", have, want)
	}
}

func TestWhatElseAnExplanationSays(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(s *news.Story)
		want   string
	}{
		{"an origin that is not stated", func(s *news.Story) { s.Origin = nil }, "  Origin: not stated: a claim, a credit or a roster would say who made it. An editor names it: origin abcdefghijklm STATION.\n"},
		{"why an origin is not stated", func(s *news.Story) {
			s.Origin, s.Unstated = nil, "its reporter Rosa Vidal was also seen at KDEM Deming and is on no roster: add Rosa Vidal to `reporters` of the station"
		}, "  Origin: not stated: its reporter Rosa Vidal was also seen at KDEM Deming and is on no roster: add Rosa Vidal to `reporters` of the station. An editor names it: origin abcdefghijklm STATION.\n"},
		{"and the rule of that", func(s *news.Story) { s.Origin = nil }, "  O6: " + news.O6.Sentence() + ".\n"},
		{"who withdrew it", func(s *news.Story) { s.Status, s.Withdrawn, s.WithdrawnBy = news.Retracted, Noon, "KMSA Mesilla" }, ", retracted 4 Feb 2031 12:00 by KMSA Mesilla."},
		{"what became of an article page", func(s *news.Story) {
			s.Items[0].Page = &news.Page{Article: &news.Article{Words: 412, Way: news.WayLayout}, Verdict: news.VerdictUsed,
				Reading: news.Reading{Count: 1}}
		}, "    Article page: its text is used, 412 words (layout).\n"},
		{"why its text is not used", func(s *news.Story) {
			s.Items[0].Page = &news.Page{Article: &news.Article{}, Verdict: news.VerdictPaywall,
				Refusal: "isAccessibleForFree is false", Reading: news.Reading{Count: 1}}
		}, "    Article page: its text is not used (paywall): isAccessibleForFree is false.\n"},
		{"why it was not read", func(s *news.Story) {
			s.Items[0].Page = &news.Page{Failure: "robots.txt forbids it", Reading: news.Reading{Count: 1}}
		}, "    Article page: not read: robots.txt forbids it.\n"},
		{"until when the clock holds it", func(s *news.Story) { s.Status, s.Until = news.Held, Noon.Add(time.Hour) }, ", held until 4 Feb 2031 13:00."},
		{"what it waits for", func(s *news.Story) { s.Status, s.Items[1].Hold = news.Held, &news.ItemHold{Kind: news.HoldFlood} }, ", held until an editor or its feed releases it (flood)."},
		{"that it is filed", func(s *news.Story) { s.ArchiveOnly = true }, ", live, in the archive only."},
		{"that its texts are gone", func(s *news.Story) { s.Pruned = Noon }, " Its texts left the store 4 Feb 2031 12:00."},
		{"when it was modified", func(s *news.Story) { s.Modified = Noon }, "  Published 4 Feb 2031 11:00, modified 4 Feb 2031 12:00.\n"},
		{"what it corrects", func(s *news.Story) { s.Notes = []news.Note{{Text: "Correction: " + strings.Repeat("a", 109)}} }, "; it says “Correction: " + strings.Repeat("a", 108) + "…”.\n"},
		{"until when a claim was made", func(s *news.Story) { s.Edges[1].Evidence[0].Last = Noon }, ", first seen 4 Feb 2031 11:59, until 4 Feb 2031 12:00.\n"},
		{"that texts are too short", func(s *news.Story) { s.Edges[1].Checks.C5, s.Edges[1].Checks.Words = 0, []int{79, 300} }, ", text too short to compare, "},
		{"that texts have nothing in common", func(s *news.Story) { s.Edges[1].Checks.C5, s.Edges[1].Checks.Words = 0, []int{80, 300} }, ", 0% of the shorter text agrees, "},
		{"that headlines are the same", func(s *news.Story) { s.Edges[1].Checks.Title = 1 }, "    Same headline, "},
		{"that headlines differ", func(s *news.Story) { s.Edges[1].Checks.Title = 0 }, "    Headline differs, "},
		{"that less than an hour lies between", func(s *news.Story) { s.Edges[1].Checks.Hours = .4 }, ", less than an hour apart, "},
		{"that one hour lies between", func(s *news.Story) { s.Edges[1].Checks.Hours = 1 }, ", 1 hour apart, "},
		{"the original first", func(s *news.Story) { slices.Reverse(s.Items) }, "kmsa.example.\n\n  KMSA Mesilla “Fence gap closed” is the original"},
		{"that no veto was met", func(s *news.Story) { s.Rejected = nil }, " agrees, no veto.\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := told()
			c.change(s)
			if have := explained(s).Words(); !strings.Contains(have, c.want) {
				t.Errorf("it says\n%s\nand not %q", have, c.want)
			}
		})
	}
	t.Run("nothing of publication before it", func(t *testing.T) {
		s := told()
		if s.PublishedAt = (time.Time{}); strings.Contains(explained(s).Words(), "Published") {
			t.Error("it says when it was published")
		}
	})
	t.Run("no split of a single item, and nobody else who could have made it", func(t *testing.T) {
		s := told()
		s.Items = s.Items[:1]
		if have := explained(s).Words(); strings.Contains(have, "split") || strings.Contains(have, "Else") {
			t.Error(have)
		}
	})
}

// The JSON shape is a contract: names may be added, and none taken away.
func TestTheJSONOfAnExplanation(t *testing.T) {
	read := func(s *news.Story) (v map[string]any) {
		text, err := json.Marshal(explained(s))
		if err != nil || json.Unmarshal(text, &v) != nil {
			t.Fatal(err)
		}
		return v
	}
	names := func(v any) string { return strings.Join(slices.Sorted(maps.Keys(v.(map[string]any))), " ") }
	v := read(told())
	items := v["items"].([]any)
	root, copied := items[0].(map[string]any), items[1].(map[string]any)
	first := func(v any) any { return v.([]any)[0] }
	for what, c := range map[string]struct {
		have any
		want string
	}{
		"the whole":   {v, "flags items key origin public_id rules rulings story versions what"},
		"an item":     {copied, "checks confidence evidence feed guid rejected rule station url vetoes why"},
		"evidence":    {first(copied["evidence"]), "first kind last source value"},
		"checks":      {copied["checks"], "c5 hours languages title"},
		"a rejection": {first(copied["rejected"]), "reason rule with"},
		"the origin":  {v["origin"], "name reason rule runner_up station"},
		"a ruling":    {first(v["rulings"]), "reason uid user verb when"},
		"a flag":      {first(v["flags"]), "kind why with"},
		"versions":    {v["versions"], "link rules"},
		"rules":       {v["rules"], "I0 J1 J4 J5 O2 V7"},
	} {
		if have := names(c.have); have != c.want {
			t.Errorf("%s has %s, want %s", what, have, c.want)
		}
	}
	if v["key"] != Desk.Key(fence) || v["what"] != fence || len(v["flags"].([]any)) != 1 || root["checks"] != nil || first(copied["evidence"]).(map[string]any)["last"] != nil {
		t.Errorf("%v", v)
	}
	bare := read(Published(5, Item(1, "kmsa", "fence")))
	item := first(bare["items"]).(map[string]any)
	if bare["origin"] != nil || bare["flags"] == nil || item["evidence"] == nil || item["vetoes"] == nil || item["rejected"] == nil {
		t.Errorf("lists are empty and not null, the origin is null: %v", bare)
	}
}

func TestTheDifferencesOfAStory(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(s *news.Story)
		want   []string
	}{
		{"none", func(*news.Story) {}, nil},
		{"another date is none", func(s *news.Story) { s.Changed, s.Modified = Noon, Noon }, nil},
		{"its status", func(s *news.Story) { s.Status = news.Held }, []string{"status changes from live to held"}},
		{"its origin", func(s *news.Story) { s.Origin = nil }, []string{"origin changes from KMSA Mesilla (O2) to not stated"}},
		{"the rule of its origin", func(s *news.Story) { s.Origin = &news.Origin{Maker: Desk.Maker("kmsa"), Rule: news.O5} }, []string{"origin changes from KMSA Mesilla (O2) to KMSA Mesilla (O5)"}},
		{"its place", func(s *news.Story) { s.ArchiveOnly = true }, []string{"documents changes from the feed to the archive"}},
		{"an item that leaves", func(s *news.Story) { s.Items = s.Items[:1] }, []string{"loses https://ajo.example/2031/02/gap"}},
		{"an item that comes", func(s *news.Story) {
			s.Items = append(s.Items, Item(3, "kdem", "dam"))
			s.Edges = append(s.Edges, news.Edge{Item: 3, Rule: news.J4})
		}, []string{"gains https://kdem.example/2031/02/dam (J4)"}},
		{"the rule of an item", func(s *news.Story) { s.Edges[1].Rule = news.J5 }, []string{"the rule for https://ajo.example/2031/02/gap changes from J1 to J5"}},
		{"a new flag", func(s *news.Story) { s.Flags = append(s.Flags, news.Flag{Kind: news.FlagSameTitle, With: "another"}) }, []string{"gets flag same-title"}},
		{"a flag that is gone is none", func(s *news.Story) { s.Flags = nil }, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := told()
			c.change(s)
			if have := explain.Differences(told(), s); !slices.Equal(have, c.want) {
				t.Errorf("%q, want %q", have, c.want)
			}
		})
	}
}

func TestAFlagIsShownForThirtyDays(t *testing.T) {
	month := 30 * 24 * time.Hour
	flags := []news.Flag{{With: "a", When: Noon.Add(-month)}, {With: "b", When: Noon.Add(-month - 1)}}
	if open := explain.OpenFlags(flags, Noon); len(open) != 1 || open[0].With != "a" || len(flags) != 2 {
		t.Errorf("%+v", open)
	}
}
