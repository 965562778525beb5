package explain

import (
	"fmt"
	"slices"

	"fronteras/aggregator/news"
)

// Differences says in words in what a story is another than it was.
func Differences(old, s *news.Story) []string {
	var list []string
	say := func(what, before, after string) {
		if before != after {
			list = append(list, what+" was "+before+" and is "+after)
		}
	}
	say("its status", string(old.Status), string(s.Status))
	say("its origin", originWords(old.Origin), originWords(s.Origin))
	say("its place", place(old), place(s))
	for _, i := range old.Items {
		if s.Item(i.Number) == nil {
			list = append(list, "it loses "+i.Entry.URL)
		}
	}
	for _, i := range s.Items {
		switch edge, before := s.Edge(i.Number), old.Edge(i.Number); {
		case old.Item(i.Number) == nil:
			list = append(list, fmt.Sprintf("it takes %s (%s)", i.Entry.URL, edge.Rule))
		case edge != nil && before != nil:
			say("the rule for "+i.Entry.URL, string(before.Rule), string(edge.Rule))
		}
	}
	for _, g := range s.Flags {
		if !slices.ContainsFunc(old.Flags, func(o news.Flag) bool { return o.Kind == g.Kind && o.With == g.With }) {
			list = append(list, "it is flagged "+string(g.Kind))
		}
	}
	return list
}

func originWords(o *news.Origin) string {
	if o == nil {
		return "not stated"
	}
	return o.Name + " (" + string(o.Rule) + ")"
}

func place(s *news.Story) string {
	if s.ArchiveOnly {
		return "the archive"
	}
	return "the feed"
}
