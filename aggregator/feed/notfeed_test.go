package feed

import (
	"context"
	"errors"
	"testing"
)

func TestAPageIsNamedWithItsGuardAndWhereItLeads(t *testing.T) {
	for page, want := range map[string]string{
		`<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Wait.</body></html>`:          "the challenge page of a bot guard (Cloudflare), not a feed",
		`<html><head><script src="/cdn-cgi/challenge-platform/h/b/o.js"></script></head></html>`:              "the challenge page of a bot guard (Cloudflare), not a feed",
		`<html><script src="/_Incapsula_Resource?SWJIYLWA=71"></script></html>`:                               "the challenge page of a bot guard (Imperva), not a feed",
		`<html><p>Verify you are human by completing the action below.</p></html>`:                            "the challenge page of a bot guard (of no known name), not a feed",
		`<html><head><meta http-equiv="refresh" content="0;/.well-known/sgcaptcha/?r=%2Ffeed"></head></html>`: "the challenge page of a bot guard (SiteGround), not a feed; it sends its readers to https://kmsa.example/.well-known/sgcaptcha/?…",
		`<html><head><meta http-equiv="Refresh" content="0; URL='/news/rss.xml'"></head></html>`:              "an HTML page, not a feed; it sends its readers to https://kmsa.example/news/rss.xml",
		`<html><head><meta http-equiv="refresh" content="300"></head><p>News</p></html>`:                      "an HTML page, not a feed",
		`<html><head><meta name="refresh" content="0; url=/x"></head></html>`:                                 "an HTML page, not a feed",
		`<html><head><meta http-equiv="refresh" content="5; url=/feed"></head></html>`:                        "an HTML page, not a feed",
		`<html><p>KMSA's page about <a href="/cloudflare">Cloudflare</a></p></html>`:                          "an HTML page, not a feed",
	} {
		_, err := Parse(context.Background(), []byte(page), Context{Address: "https://kmsa.example/feed"})
		var notFeed *NotFeedError
		if !errors.As(err, &notFeed) || err.Error() != want {
			t.Errorf("%s\n is %v\n not %s", page, err, want)
		}
	}
}
