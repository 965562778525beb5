package link

import (
	"strings"
	"testing"
)

func TestWhichParametersHoldSecrets(t *testing.T) {
	for _, secret := range []string{
		"key=1", "KEY=1", "api_key=1", "apikey=1", "api-key=1", "accesstoken=1", "access_token=1", "auth=1",
		"X-Amz-Signature=1", "X-Amz-Credential=1", "X-Amz-Security-Token=1", "sig=1", "pass=1", "password=1",
		"hash=1", "code=1", "session=1", "sessionid=1", "session_id=1", "secret=1", "key2=1", "k%65y=1", "auth[token]=1",
		"client_secret", "sid=1", "jwt=1", "user_pass=1", "OAuth=1",
		"u=0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef",
		"u=123e4567-e89b-12d3-a456-426614174000",
		"url=https%3A%2F%2Fkjzz.example%2Frss%3Fkey%3D1", "next=%2Frss%3Ftoken%3D1", "url=https://a:b@kjzz.example/",
		strings.Repeat("u=http://h?", 500) + "u=1",
	} {
		if !isSecretParameter(secret) || !HoldsSecret("https://kjzz.example/rss?"+secret) {
			t.Errorf("%.80s is taken for no secret", secret)
		}
	}
	for _, open := range []string{
		"", "format=rss", "id=1001", "news_id=5", "p=123", "author=ruiz", "keyword=border", "page=2", "lang=es",
		"topic=border-and-migration-in-the-southwest-2026", "feed=rss2", "cat=3", "q=water", "url=https%3A%2F%2Fa%2Frss",
		"since=2026-02-04T14:00:00-07:00", "fields=title=1",
	} {
		if isSecretParameter(open) {
			t.Errorf("%s is taken for a secret", open)
		}
	}
}

func TestWhichSegmentsOfPathsLookLikeSecrets(t *testing.T) {
	for _, secret := range []string{
		"0123456789abcdef0123456789abcdef", "0123456789ABCDEF0123456789ABCDEF.xml", "d41d8cd98f00b204e9800998ecf8427e",
		"123e4567-e89b-12d3-a456-426614174000", "vJ2pQ8xWcL0sYb4KfRt7NzHdG3mUeA1q",
		"vJpQxWcLsYbKfRtNzHdGmUeAqBwXyZkT", "9f8e7d6c5b4a39281706f5e4d3c2b1a0.rss", "12345678901234567890123456789012",
		"xkqjzvwpbtrmnlfdgshcxkqjzvwpbtrm", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", "feed;token=1",
		"QmFzZTY0-dGV4dCB3-aXRoIHR3_byBiYWQgY2g", "0123456789abcdef%300123456789abcdef",
	} {
		if !isSecretSegment(secret) || WithoutSecrets("https://kjzz.example/"+secret+"/rss") != "" {
			t.Errorf("%s is taken for no secret", secret)
		}
	}
	for _, open := range []string{
		"", "rss", "news.xml", "54nAGcIl", "ADV5765544334", "0123456789abcdef0123456789abcde",
		"border-shelters-run-short-of-money-2026-02-04", "la-frontera-desde-el-otro-lado-noticias",
		"thestrengthofpublicbroadcastinginthesouthwest", "FronterasDeskBorderNewsFromTheSouthwest",
		"Donaudampfschifffahrtselektrizitaetenhauptbetriebswerk", "20260204140000-border-town-news-podcast",
		"covid19-vaccines-in-border-towns-and-cities", "stories_from_the_us_mexico_border_in_2026",
	} {
		if isSecretSegment(open) {
			t.Errorf("%s is taken for a secret", open)
		}
	}
}

func TestAddressesWithoutTheirSecrets(t *testing.T) {
	const random = "0123456789abcdef0123456789abcdef"
	for _, c := range []struct{ address, without, redacted string }{
		{"https://kjzz.example/rss?a=1&key=SESAME", "https://kjzz.example/rss?a=1", "https://kjzz.example/rss"},
		{"https://kjzz.example/rss?key=SESAME", "https://kjzz.example/rss", "https://kjzz.example/rss"},
		{"https://kjzz.example/rss?a=1;token=SESAME#key=SESAME", "https://kjzz.example/rss?a=1", "https://kjzz.example/rss"},
		{"https://kjzz.example/rss?Format=RSS&b=%20", "https://kjzz.example/rss?Format=RSS&b=%20", "https://kjzz.example/rss"},
		{"http://ana:SESAME@kjzz.example:8080/rss", "http://kjzz.example:8080/rss", "http://kjzz.example:8080/rss"},
		{"HTTPS://ana:SES@AME@kjzz.example", "HTTPS://kjzz.example", "HTTPS://kjzz.example"},
		{"https://kjzz.example/private/" + random + "/rss.xml", "", "https://kjzz.example/private/…/rss.xml"},
		{"https://kjzz.example/" + random + ".rss?key=1", "", "https://kjzz.example/…"},
		{"https://kjzz.example", "https://kjzz.example", "https://kjzz.example"},
		{"/rss/" + random + "?key=1", "", "/rss/…"},
		{"file:feeds/" + random + ".xml", "", "file:feeds/" + random + ".xml"},
		{"tag:kjzz.example,2026:" + random, "", "…"},
		{"", "", ""},
	} {
		if have := WithoutSecrets(c.address); have != c.without {
			t.Errorf("%s without secrets: %q, want %q", c.address, have, c.without)
		}
		if have := Redact(c.address); have != c.redacted {
			t.Errorf("%s redacted: %q, want %q", c.address, have, c.redacted)
		}
	}
	const text = `Get "https://ana:SESAME@kjzz.example/rss?key=SESAME": dial tcp: no such host; see http://b.example/x`
	const want = `Get "https://kjzz.example/rss?…": dial tcp: no such host; see http://b.example/x`
	if have := RedactText(text); have != want {
		t.Errorf("%s", have)
	}
}
