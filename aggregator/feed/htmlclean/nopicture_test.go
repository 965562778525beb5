package htmlclean

import "testing"

const page = "https://kmsa.example/2026/02/dry-wells"

func TestWhatCountsOrFillsOrStandsForACharacterIsNoPicture(t *testing.T) {
	for _, s := range []Shown{
		{Address: "undefined"}, {Address: "null"}, {Address: " NaN "}, {Address: ""}, {Address: "#"}, {Address: "#top"},
		{Address: "[object Object]"}, {Address: "https://kmsa.example/2026/undefined"},
		{Address: "https://kmsa.example/%5Bobject%20Object%5D"}, {Address: "{{ picture.url }}"},
		{Address: "about:blank"}, {Address: "javascript:void(0)"}, {Address: page}, {Address: page + "#more"},
		{Address: "https://kmsa.example/"}, {Address: "https://kmsa.example"}, {Address: "/2026/02/dry-wells.html"},
		{Address: "https://kmsa.example/wells.mp3"},

		{Address: "https://kmsa.example/a.png", Width: "1", Height: "1"},
		{Address: "https://kmsa.example/a.png", Width: "0"},
		{Address: "https://kmsa.example/a.png", Width: "1px"},
		{Address: "https://kmsa.example/a.png", Width: "100%", Height: "1"},
		{Address: "https://kmsa.example/a.png", Width: "2", Height: "2"},
		{Address: "https://kmsa.example/a.png", Style: "width: 1px; height: 1px"},
		{Address: "https://kmsa.example/a.png", Style: "border:0;HEIGHT:0 !important"},
		{Address: "https://kmsa.example/a.png", Style: "display: none"},
		{Address: "https://kmsa.example/a.png", Style: "position:absolute;visibility:hidden"},

		{Address: "https://media.kmsa.example/tracking/rss-pixel.png?story=17"},
		{Address: "https://media.kmsa.example/include/images/tracking/kmsa-rss-pixel.png?story=17"},
		{Address: "https://kmsa.example/pixel.gif"}, {Address: "https://kmsa.example/img/pixel.jpg"},
		{Address: "https://kmsa.example/img/spacer.gif"}, {Address: "https://kmsa.example/1x1.png"},
		{Address: "https://kmsa.example/img/1x1-transparent.png"}, {Address: "https://kmsa.example/blank.gif"},
		{Address: "https://kmsa.example/a/transparent.png"}, {Address: "https://kmsa.example/lib/cleardot.gif"},
		{Address: "https://kmsa.example/img/tracking-pixel.svg", Alt: "Tracking pixel"},
		{Address: "https://counter.ajo.example/c.gif"}, {Address: "https://counter.ajo.example/c/17/count?lang=es"},
		{Address: "https://pixel.ajo.example/17"}, {Address: "https://beacon.ajo.example/b.gif?id=17"},
		{Address: "https://stats.ajo.example/b.gif?host=kmsa.example"},
		{Address: "https://ajo.example/counter.gif", Alt: "Visitor counter"},
		{Address: "https://ajo.example/track/4f2a91.gif"}, {Address: "https://ajo.example/beacon.php?story=17"},
		{Address: "https://ajo.example/?republication-pixel=true&post=17"},
		{Address: "https://ajo.example/piwik.php?rec=1"},
		{Address: "https://feeds.feedburner.com/~r/kmsa/news/~4/Zjf41"},
		{Address: "https://medium.com/_/stat?event=a"},
		{Address: "https://googleads.g.doubleclick.net/pagead/x.jpg"},

		{Address: "https://s.w.org/images/core/emoji/15.0.3/72x72/1f483.png"},
		{Address: "https://kmsa.example/a.png", Class: "wp-smiley"},
		{Address: "https://kmsa.example/a.png", Class: "size-s Emoji"},
		{Address: "https://kmsa.example/wp-includes/smilies/icon_smile.gif"},

		{Address: "https://secure.gravatar.com/avatar/0a1b?s=96"},
		{Address: "https://kmsa.example/ana.jpg", Class: "avatar"},
		{Address: "https://kmsa.example/avatars/ana.jpg"}, {Address: "https://kmsa.example/img/avatar.png"},
		{Address: "https://kmsa.example/img/avatar-ana.png", Width: "96", Height: "96"},
		{Address: "https://kmsa.example/icons/facebook-share.png", Width: "24", Height: "24"},
		{Address: "https://kmsa.example/icons/share_button.png"}, {Address: "https://kmsa.example/twitter-icon.svg"},
		{Address: "https://feeds.feedburner.com/~ff/kmsa/news?d=yIl2"},
		{Address: "https://static.addtoany.com/buttons/favicon.png"},
	} {
		if s.Page = page; !IsNoPicture(s) {
			t.Errorf("a picture: %+v", s)
		}
	}
}

func TestAPictureWhoseNameOnlySoundsLikeAPixelStaysOne(t *testing.T) {
	for _, s := range []Shown{
		{Address: "https://kmsa.example/pics/pier.jpg"}, {Address: "pier.jpg"}, {Address: "/pics/pier"},
		{Address: "https://kmsa.example/a.png", Width: "2", Height: "600"},
		{Address: "https://kmsa.example/a.png", Width: "50%"}, {Address: "https://kmsa.example/a.png", Width: "auto"},
		{Address: "https://kmsa.example/a.png", Style: "width:1em;max-width:100%"},
		{Address: "https://kmsa.example/a.png", Style: "width:1%"},
		{Address: "https://kmsa.example/pics/lunch-counter.jpg"}, {Address: "https://kmsa.example/pics/counter.jpg"},
		{Address: "https://kmsa.example/pics/beacon-hill.png"}, {Address: "https://beacon.example/pics/a.png"},
		{Address: "https://thebeacon.example/pics/lighthouse-beacon.png"},
		{Address: "https://kmsa.example/pics/hurricane-tracker.png"},
		{Address: "https://kmsa.example/tracker/hurricane-tracker.png"},
		{Address: "https://kmsa.example/pics/tracking-the-flood.png"},
		{Address: "https://kmsa.example/pics/clear-creek.gif"},
		{Address: "https://kmsa.example/pics/google-pixel-9.png"}, {Address: "https://kmsa.example/pics/pixels.png"},
		{Address: "https://kmsa.example/pics/counter.png", Alt: "The counter of the ferry office"},
		{Address: "https://kmsa.example/pics/pixel.png", Width: "800", Height: "600"},
		{Address: "https://counter.ajo.example/pics/mill.jpg"},
		{Address: "https://stats.ajo.example/rainfall-by-year.png"},
		{Address: "https://kmsa.example/tracking/hurricane-map.png"},
		{Address: "https://img.kmsa.example/dims/abc/strip"}, {Address: "https://kmsa.example/?attachment_id=17"},
		{Address: "https://kmsa.example/_next/image?url=%2Fa.png&w=640"},
		{Address: "https://kmsa.example/photo/17/0"},
		{Address: "https://kmsa.example/2026/null-island.jpg"}, {Address: page + "/a.png"},
		{Address: "https://kmsa.example/2026/emoji/history-of-emoji.jpg"},
		{Address: "https://kmsa.example/emoji-quilt.png"},
		{Address: "https://kmsa.example/emoji/quilt.png", Width: "800"},
		{Address: "https://kmsa.example/2026/avatar-fire-and-ash.jpg"},
		{Address: "https://kmsa.example/facebook-office.jpg"},
		{Address: "https://kmsa.example/facebook-logo.png"}, {Address: "https://kmsa.example/rss.png"},
		{Address: "https://kmsa.example/rss-buttons.png"}, {Address: "https://kmsa.example/button-factory.jpg"},
		{Address: "https://kmsa.example/ana.jpg", Class: "u-photo"},
	} {
		if s.Page = page; IsNoPicture(s) {
			t.Errorf("no picture: %+v", s)
		}
	}
}

func TestABodyShowsNoPixelAndAnEmojiAsTheCharacterItStandsFor(t *testing.T) {
	for _, c := range []struct{ have, want string }{
		{`<p>One</p><img src="https://media.kmsa.example/tracking/rss-pixel.png?story=17">`, "<p>One</p>"},
		{`<p>One</p><img src="/a.gif" style="display:none"/>`, "<p>One</p>"},
		{`<p>One</p><img src="undefined" alt="A pier at dusk">`, "<p>One</p>"},
		{`<img src="undefined" data-src="/b.png">`, `<img src="https://kmsa.example/b.png" alt=""/>`},
		{`<img src="/img/blank.gif" data-src="/b.png">`, `<img src="https://kmsa.example/b.png" alt=""/>`},
		{
			`<p>Dance <img src="https://s.w.org/images/core/emoji/15/72x72/1f483.png" alt="💃"> tonight.</p>`,
			"<p>Dance 💃 tonight.</p>",
		},
		{`<p>Dance <b>now <img class="emoji" alt=":dancer:" src="/d.png"></p>`, "<p>Dance <b>now :dancer:</b></p>"},
		{`<p>One</p><p><a href="/s"><img src="https://feeds.feedburner.com/~ff/kmsa?d=y"></a></p>`, "<p>One</p>"},
		{`<img src="/pics/pier.jpg" alt="A pier">`, `<img src="https://kmsa.example/pics/pier.jpg" alt="A pier"/>`},
	} {
		have := Clean(c.have, page, 1<<16)
		if have != c.want {
			t.Errorf("%s\n gives %s\n not   %s", c.have, have, c.want)
		}
		if again := Clean(have, page, 1<<16); again != have {
			t.Errorf("%s cleaned again gives %s", have, again)
		}
		if tree, _, _ := cleanOnceByTree(c.have, page, 1<<16); tree != have {
			t.Errorf("%s\n by the tree gives %s\n not              %s", c.have, tree, have)
		}
	}
}
