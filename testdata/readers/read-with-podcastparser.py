# What gPodder makes of a podcast, for aggregator/command/readers_test.go: it prints the stories as JSON.
import json, sys, time
import podcastparser


def story(e):
    sounds = [x["url"] for x in e["enclosures"] if x["mime_type"].startswith("audio/")]
    if len(e["enclosures"]) != 1:
        raise SystemExit("%s has %d enclosures" % (e["title"], len(e["enclosures"])))
    return {
        "ID": e["guid"], "Title": e["title"], "Link": e["link"],
        "Authors": [e["episode_author"]] if e.get("episode_author") else [],
        "Date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(e["published"])),
        "Pictures": [e["episode_art_url"]] if e.get("episode_art_url") else [],
        "Audio": sounds, "Text": e.get("description_html") or e["description"],
    }


with open(sys.argv[1], "rb") as document:
    feed = podcastparser.parse("https://desk.example/podcast.rss", document)
print(json.dumps([story(e) for e in feed["episodes"]]))
