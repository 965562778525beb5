package config

import (
	"maps"
	"slices"
	"strings"
)

// categories are those of Apple Podcasts, each with its subcategories.
var categories = map[string][]string{
	"Arts":                    {"Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"},
	"Business":                {"Careers", "Entrepreneurship", "Investing", "Management", "Marketing", "Non-Profit"},
	"Comedy":                  {"Comedy Interviews", "Improv", "Stand-Up"},
	"Education":               {"Courses", "How To", "Language Learning", "Self-Improvement"},
	"Fiction":                 {"Comedy Fiction", "Drama", "Science Fiction"},
	"Government":              nil,
	"Health & Fitness":        {"Alternative Health", "Fitness", "Medicine", "Mental Health", "Nutrition", "Sexuality"},
	"History":                 nil,
	"Kids & Family":           {"Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"},
	"Leisure":                 {"Animation & Manga", "Automotive", "Aviation", "Crafts", "Games", "Hobbies", "Home & Garden", "Video Games"},
	"Music":                   {"Music Commentary", "Music History", "Music Interviews"},
	"News":                    {"Business News", "Daily News", "Entertainment News", "News Commentary", "Politics", "Sports News", "Tech News"},
	"Religion & Spirituality": {"Buddhism", "Christianity", "Hinduism", "Islam", "Judaism", "Religion", "Spirituality"},
	"Science":                 {"Astronomy", "Chemistry", "Earth Sciences", "Life Sciences", "Mathematics", "Natural Sciences", "Nature", "Physics", "Social Sciences"},
	"Society & Culture":       {"Documentary", "Personal Journals", "Philosophy", "Places & Travel", "Relationships"},
	"Sports":                  {"Baseball", "Basketball", "Cricket", "Fantasy Sports", "Football", "Golf", "Hockey", "Rugby", "Running", "Soccer", "Swimming", "Tennis", "Volleyball", "Wilderness", "Wrestling"},
	"Technology":              nil,
	"True Crime":              nil,
	"TV & Film":               {"After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"},
}

// readCategory reads a category and perhaps its subcategory.
func (c *Config) readCategory(v value) {
	var names []string
	before := len(v.faults)
	texts(&names)(v)
	if len(v.faults) > before {
		return
	}
	if len(names) == 0 {
		v.fault("no category found: one is needed, such as [News, Daily News]")
		return
	}
	below, ok := categories[names[0]]
	switch {
	case !ok:
		v.fault("%s is no category of Apple Podcasts: allowed are %s", quote(names[0]), strings.Join(slices.Sorted(maps.Keys(categories)), ", "))
	case len(names) > 2:
		v.fault("%d names found: allowed are a category and a subcategory of it", len(names))
	case len(names) == 2 && len(below) == 0:
		v.fault("%s found: %s has no subcategories", quote(names[1]), names[0])
	case len(names) == 2 && !slices.Contains(below, names[1]):
		v.fault("%s is no subcategory of %s: allowed are %s", quote(names[1]), names[0], strings.Join(below, ", "))
	default:
		c.Podcast.Category = names
	}
}
