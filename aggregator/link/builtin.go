package link

const uuid = `[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}`

// nprNumber is the number of a story at NPR: digits in its former system, and in the present one.
const nprNumber = `[0-9]{6,}|nx-s1-[0-9]+(?:-e[0-9]+)?|g-s1-[0-9]+`

// builtin lists the host rules that public media need. Each has at least one pair of addresses of
// one page and two of different pages in testdata/link/rules.tsv.
var builtin = []HostRule{
	{
		// One Drupal answers on all these hosts (inferred from shared pages and ranges of numbers);
		// its slugs vary.
		Name:  "drupal-nid",
		Hosts: []string{"kjzz.org", "www2.kjzz.org", "theshow.kjzz.org", "aaronbrown.kjzz.org", "fronterasdesk.org"},
		Path:  `^/content/([0-9]+)(/|$)`,
		Key:   "kjzz:nid:$1",
	},
	{
		// The move to another CMS carried the node's number into the slug; a section may stand before
		// the date.
		Name:  "kjzz-migration",
		Hosts: []string{"kjzz.org"},
		Path:  `^/([a-z0-9-]+/)*[0-9]{4}-[0-9]{2}-[0-9]{2}/content-([0-9]+)(-|$)`,
		Key:   "kjzz:nid:$2",
	},
	{
		Name:  "azpm-p-id",
		Hosts: []string{"news.azpm.org"},
		Path:  `^/p/[^/]+/[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}/([0-9]+)(-|$)`,
		Key:   "azpm:p:$1",
	},
	{
		// Another series of numbers than /p/: the two never meet.
		Name:  "azpm-s-id",
		Hosts: []string{"azpm.org"},
		Path:  `^/s/([0-9]+)(-|$)`,
		Key:   "azpm:s:$1",
	},
	{
		// Sections vary, and the slug may be cut or edited.
		Name:  "npr-id",
		Hosts: []string{"npr.org"},
		Path:  `^/([a-z0-9-]+/)*[0-9]{4}/[0-9]{2}/[0-9]{2}/(` + nprNumber + `)(/|$)`,
		Key:   "npr:$2",
	},
	{
		Name:  "npr-id-template",
		Hosts: []string{"npr.org"},
		Path:  `^/templates/story/story\.php$`,
		Query: "storyId",
		Key:   "npr:$1",
	},
	{
		// They name the feed, so that one story's address differs by feed.
		Name:  "npr-ft-f",
		Hosts: []string{"npr.org"},
		Drop:  []string{"ft", "f", "t"},
	},
	{
		// The rest of the path differs by feed: an underscore, a podcast, a feed of it.
		Name:  "prx-episode",
		Hosts: []string{"dovetail.prxu.org"},
		Path:  `^/[^/]+/([^/]+/){0,2}(` + uuid + `)(/|$)`,
		Key:   "prx:$2",
		lower: true,
	},
	{
		Name:  "youtube-id",
		Hosts: []string{"youtube.com", "m.youtube.com"},
		Path:  `^/watch$`,
		Query: "v",
		Key:   "yt:$1",
	},
	{
		Name:  "youtube-id-short",
		Hosts: []string{"youtu.be"},
		Path:  `^/([\w-]{11})$`,
		Key:   "yt:$1",
	},
	{
		// A counter of revisions (jocmp/capyreader#865). On other hosts numbers are entries of a
		// live blog.
		Name:     "bbc-guid-counter",
		Hosts:    []string{"bbc.com", "bbc.co.uk"},
		Fragment: `^[0-9]+$`,
	},
	{
		// Only below a dated permalink: a page may be called amp.
		Name:  "wp-amp-suffix",
		Hosts: []string{"*"},
		Path:  `^/[0-9]{4}/[0-9]{2}/[0-9]{2}/[^/]+/amp$`,
		Strip: "/amp",
	},
	// The parameters of the following name the feed or the minute, not the file.
	{Name: "audio-query-megaphone", Hosts: []string{"traffic.megaphone.fm"}, Drop: []string{"updated"}},
	{Name: "audio-query-simplecast", Hosts: []string{"*.simplecastaudio.com"}, Drop: []string{"aid", "feed"}},
	{Name: "audio-query-libsyn", Hosts: []string{"traffic.libsyn.com"}, Drop: []string{"dest-id"}},
	{Name: "audio-query-omny", Hosts: []string{"*.omny.fm", "*.omnycontent.com"}, Drop: []string{"in_playlist"}},
}
