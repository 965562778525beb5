package feed

import "testing"

// What an item and its channel say of strong words is kept apart from what they do not say.
func TestWhatIsSaidOfStrongWords(t *testing.T) {
	for written, want := range map[string]string{
		"": "", "yes": "true", "Yes": "true", "true": "true", " TRUE ": "true", "explicit": "true", "1": "true",
		"no": "false", "No": "false", "false": "false", "clean": "false", "Clean": "false", "0": "false",
		"maybe": "", "R": "",
	} {
		document := `<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>KMSA</title>` +
			"<itunes:explicit>" + written + "</itunes:explicit>" +
			"<item><title>Wells</title><guid>1</guid><itunes:explicit>" + written + "</itunes:explicit></item>" +
			"<item><title>Rain</title><guid>2</guid></item></channel></rss>"
		d := mustParse(t, []byte(document))
		said, silent := d.Entries[0], d.Entries[1]
		explicit := said.Podcast != nil && said.Podcast.Explicit
		if d.Facts.Explicit != want || explicit != (want == "true") || said.Clean != (want == "false") {
			t.Errorf("%q: the feed says %q, the item %t and %t", written, d.Facts.Explicit, explicit, said.Clean)
		}
		if silent.Podcast != nil || silent.Clean {
			t.Errorf("%q: an item that says nothing has %+v, %t", written, silent.Podcast, silent.Clean)
		}
	}
}

func TestKindsOfEpisodes(t *testing.T) {
	for written, want := range map[string]string{
		"full": "full", "Trailer": "trailer", " bonus ": "bonus", "BONUS": "bonus", "": "", "teaser": "",
	} {
		if have := episodeType(written); have != want {
			t.Errorf("%q: %q, want %q", written, have, want)
		}
	}
}
