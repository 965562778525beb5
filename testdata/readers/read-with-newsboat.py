# The articles that newsboat keeps, for aggregator/command/readers_test.go: it prints them as JSON.
import json, sqlite3, sys, time

rows = sqlite3.connect(sys.argv[1]).execute(
    "select guid, title, url, author, pubDate, content, enclosure_url, enclosure_type from rss_item where deleted = 0")
print(json.dumps([{
    "ID": guid, "Title": title, "Link": url, "Authors": [author] if author else [],
    "Date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(date)), "Text": text,
    "Audio": [enclosure] if kind and kind.startswith("audio/") else [],
    "Pictures": [],  # its one enclosure is for what it plays
} for guid, title, url, author, date, text, enclosure, kind in rows]))
