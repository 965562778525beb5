package feed

import (
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// topics are an entry's, equal ones once.
func (r *reader) topics(all []string, x ext.Extensions) []string {
	for _, e := range r.extension(x, vocabulary.DC, "subject") {
		all = append(all, e.Value)
	}
	for _, e := range r.extension(x, vocabulary.ITunes, "keywords") {
		all = append(all, strings.Split(e.Value, ",")...)
	}
	return r.distinct(all)
}

func (r *reader) distinct(all []string) []string {
	var topics []string
next:
	for _, t := range all {
		t = text.Shorten(text.OneLine(htmlclean.StripTags(t)), maxNameText)
		if t == "" {
			continue
		}
		for _, other := range topics {
			if other == t {
				continue next
			}
		}
		if len(topics) == maxTopics {
			r.AddRepair(damage.Limit, -1, "an item has too many topics")
			break
		}
		topics = append(topics, t)
	}
	return topics
}

// source names the feed that an entry came from, nil if nothing is said.
func (r *reader) source(name, address, id, base string) *news.Source {
	s := news.Source{Title: text.Shorten(name, maxTitle), ID: strings.TrimSpace(text.WithoutControls(id))}
	if len(s.ID) > maxGUID {
		s.ID = ""
	}
	if address = link.Resolve(base, address); len(address) <= maxAddress {
		s.URL = address
	}
	if s == (news.Source{}) {
		return nil
	}
	return &s
}

// rights are what an entry says of them, else what the feed does.
func (r *reader) rights(it *xmlrepair.Item, own string, links []written, x ext.Extensions) (rights, license string) {
	for _, text := range [...]string{own, r.said(x, vocabulary.DC, "rights"), r.said(x, vocabulary.Terms, "rights"), r.said(x, vocabulary.Media, "copyright")} {
		if rights == "" {
			rights = title(text)
		}
	}
	if rights == "" {
		rights = r.lent.rights
	}
	for _, l := range links {
		if l.rel == "license" && license == "" {
			license = r.address(l.href, l.base)
		}
	}
	if license == "" {
		license = r.license(x, it)
	}
	if license == "" {
		license = r.lent.license
	}
	return rights, license
}

// license is an address, or the name that podcast:license gives.
func (r *reader) license(x ext.Extensions, it *xmlrepair.Item) string {
	for _, e := range r.extension(x, vocabulary.CC, "license") {
		for _, raw := range [...]string{e.Value, e.Attrs["resource"]} {
			if address := r.address(raw, r.scoped(it)); address != "" {
				return address
			}
		}
	}
	for _, e := range r.extension(x, vocabulary.Podcast, "license") {
		if address := r.address(e.Attrs["url"], r.scoped(it)); address != "" {
			return address
		}
		if e.Value != "" {
			return text.Shorten(text.OneLine(e.Value), maxNameText)
		}
	}
	return ""
}
