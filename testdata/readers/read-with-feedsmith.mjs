// What feedsmith makes of a feed, for aggregator/command/readers_test.go: it prints the stories as JSON.
import { parseFeed } from "feedsmith"
import { readFileSync } from "node:fs"

const { feed } = parseFeed(readFileSync(process.argv[1], "utf8"))
const time = date => new Date(date).toISOString().replace(".000", "")
const links = (entry, rel, type = "") => (entry.links ?? [])
  .filter(l => l.rel === rel && (l.type ?? "").startsWith(type)).map(l => l.href)
const kind = medium => medium.medium ?? medium.type ?? medium.mime_type ?? ""
const ofType = (list, type) => (list ?? []).filter(m => kind(m).startsWith(type)).map(m => m.url)
const names = people => (people ?? []).map(p => p.name ?? p).filter(Boolean)

console.log(JSON.stringify((feed.items ?? feed.entries).map(e => ({
  ID: e.guid?.value ?? e.id, Title: e.title?.value ?? e.title, Link: e.link ?? e.url ?? links(e, "alternate")[0],
  Authors: [names(e.authors), names(e.dc?.creators), names([e.itunes?.author ?? ""])].find(l => l.length) ?? [],
  Date: time(e.pubDate ?? e.published ?? e.date_published),
  Pictures: [...(e.image ? [e.image] : []), ...ofType(e.media?.contents, "image")],
  Audio: [...new Set([...ofType(e.enclosures, "audio"), ...ofType(e.attachments, "audio"),
    ...links(e, "enclosure", "audio")])],
  Source: e.source?.title?.value ?? e.source?.title ?? "",
  Deck: e.summary?.value ?? e.summary ?? "", // of RSS it would be HTML
  Text: e.content?.encoded ?? e.content?.value ?? e.content_html ?? "",
}))))
