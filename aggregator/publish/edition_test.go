package publish

import "testing"

func TestPicturesAndTheLicenseForCrawlersChangeTheFingerprint(t *testing.T) {
	plain := Fingerprint(&Edition{}, "")
	for name, e := range map[string]*Edition{
		"the lead picture alone": {Pictures: LeadPicture},
		"no pictures":            {Pictures: NoPictures},
		"a license":              {Crawlers: "https://desk.example/license.xml"},
	} {
		if Fingerprint(e, "") == plain {
			t.Errorf("%s changes nothing", name)
		}
	}
	if Fingerprint(&Edition{Pictures: AllPictures}, "") != plain {
		t.Error("what is the default changes something")
	}
}
