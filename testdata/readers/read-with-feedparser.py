# What feedparser makes of a feed, for aggregator/command/readers_test.go: it prints the stories as JSON.
import html, json, re, sys, time
import feedparser

feed = feedparser.parse(sys.argv[1])
if feed.bozo:
    raise SystemExit("not well-formed: %s" % feed.bozo_exception)


def deck(e):
    """What a reader shows of a deck: of RSS it is HTML."""
    if feed.version.startswith("rss"):
        return html.unescape(re.sub("<[^>]*>", "", e.get("summary", "")))
    return e.get("summary", "")


def story(e):
    media = [(m.get("url"), m.get("medium") or m.get("type", "")) for m in e.get("media_content", [])]
    authors = [a["name"] for a in e.get("authors", []) if a.get("name")]
    return {
        "ID": e.id, "Title": e.title, "Link": e.link, "Authors": authors,
        "Date": time.strftime("%Y-%m-%dT%H:%M:%SZ", e.published_parsed),
        "Pictures": [url for url, kind in media if kind.startswith("image")],
        "Audio": [x.href for x in e.enclosures if x.type.startswith("audio/")],
        "Source": e.get("source", {}).get("title", ""), "Deck": deck(e),
        "Text": e.content[0].value if "content" in e else "",
    }


print(json.dumps([story(e) for e in feed.entries]))
