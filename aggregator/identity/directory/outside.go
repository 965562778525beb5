package directory

import "fronteras/aggregator/news"

// builtIn lists the outside sources that public radio stations carry most.
var builtIn = []news.Outside{
	{ID: "npr", Name: "NPR", Hosts: []string{"npr.org", "text.npr.org"},
		Bylines: []string{"NPR", "NPR News", "National Public Radio"}, Dateline: "NPR"},
	{ID: "ap", Name: "The Associated Press", Hosts: []string{"apnews.com", "ap.org", "hosted.ap.org"},
		Bylines: []string{"The Associated Press", "Associated Press", "AP", "AP News"}, Dateline: "AP"},
	{ID: "bbc", Name: "BBC", Hosts: []string{"bbc.com", "bbc.co.uk"},
		Bylines: []string{"BBC", "BBC News", "BBC World Service"}},
	{ID: "theworld", Name: "The World", Hosts: []string{"theworld.org", "pri.org"},
		Bylines: []string{"The World", "PRX's The World", "PRI"}},
	{ID: "marketplace", Name: "Marketplace", Hosts: []string{"marketplace.org"}, Bylines: []string{"Marketplace"}},
	{ID: "propublica", Name: "ProPublica", Hosts: []string{"propublica.org"}, Bylines: []string{"ProPublica"}},
	{ID: "reuters", Name: "Reuters", Hosts: []string{"reuters.com"}, Bylines: []string{"Reuters", "Thomson Reuters"},
		Dateline: "Reuters"},
	{ID: "kff", Name: "KFF Health News", Hosts: []string{"kffhealthnews.org", "khn.org", "kff.org"},
		Bylines: []string{"KFF Health News", "Kaiser Health News", "KFF", "KHN"}},
	{ID: "cns", Name: "City News Service", Hosts: []string{"citynewsservice.com", "socalnews.com"},
		Bylines: []string{"City News Service", "CNS"}, Dateline: "CNS"},
}
