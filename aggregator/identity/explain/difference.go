package explain

import (
	"fmt"
	"slices"

	"fronteras/aggregator/news"
)

// Differences lists in words how a story differs from what it was.
func Differences(old, s *news.Story) []string {
	var list []string
	say := func(what, before, after string) {
		if before != after {
			list = append(list, what+" changes from "+before+" to "+after)
		}
	}
	say("status", string(old.Status), string(s.Status))
	say("origin", originName(old.Origin), originName(s.Origin))
	say("documents", feedOrArchive(old), feedOrArchive(s))
	for _, i := range old.Items {
		if s.Item(i.Number) == nil {
			list = append(list, "loses "+i.Entry.URL)
		}
	}
	for _, i := range s.Items {
		switch edge, before := s.Edge(i.Number), old.Edge(i.Number); {
		case old.Item(i.Number) == nil:
			list = append(list, fmt.Sprintf("gains %s (%s)", i.Entry.URL, edge.Rule))
		case edge != nil && before != nil:
			say("the rule for "+i.Entry.URL, string(before.Rule), string(edge.Rule))
		}
	}
	for _, g := range s.Flags {
		if !slices.ContainsFunc(old.Flags, func(o news.Flag) bool { return o.Kind == g.Kind && o.With == g.With }) {
			list = append(list, "gets flag "+string(g.Kind))
		}
	}
	return list
}

func originName(o *news.Origin) string {
	if o == nil {
		return "not stated"
	}
	return o.Name + " (" + string(o.Rule) + ")"
}

func feedOrArchive(s *news.Story) string {
	if s.ArchiveOnly {
		return "the archive"
	}
	return "the feed"
}
