package config

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/credit"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// maxComment is how many bytes the desk's url and contact may have in the User-Agent, which is
// under 256 long.
const maxComment = 200

// Bounds of backup, and the defaults of its keys.
const (
	minBackupEvery     = time.Minute
	maxBackupEvery     = 30 * 24 * time.Hour
	defaultBackupEvery = 24 * time.Hour
	maxBackups         = 1000
	defaultBackups     = 14
)

func readDesk(d *news.Site) func(value) {
	return func(v value) {
		before := len(v.faults)
		m := v.readMapping(fields{
			"title":       readTextByLanguage(&d.Title, &d.Titles, checkLine),
			"url":         readText(&d.URL, checkBase),
			"description": readTextByLanguage(&d.Description, &d.Descriptions),
			"language":    readText(&d.Language, checkLanguage),
			"contact":     readText(&d.Contact, checkMail),
			"image":       readText(&d.Image, checkAddress),
			"timezone":    readText(&d.Timezone, checkTimezone),
			"credit":      readTextByLanguage(&d.Credit, &d.Credits, checkCredit),
		}, "title")
		if len(v.faults) == before { // a language that is wrong has no texts
			settleLanguages(m, d)
		}
		if d.URL != "" {
			d.URL = strings.TrimRight(link.Resolve("", d.URL), "/")
		}
		if n := len(d.URL) + len(d.Contact); n > maxComment {
			m.valueAt("url").reportFault("url and contact are %d bytes long together: "+
				"they are part of the User-Agent, which has room for %d", n, maxComment)
		}
	}
}

// settleLanguages takes for the texts of the desk those in its own language, where they are given in
// several.
func settleLanguages(m members, d *news.Site) {
	for _, of := range []struct {
		key   string
		text  *string
		texts map[string]string
	}{
		{"title", &d.Title, d.Titles}, {"description", &d.Description, d.Descriptions},
		{"credit", &d.Credit, d.Credits},
	} {
		tags := slices.Sorted(maps.Keys(of.texts))
		tag, found := news.MatchLanguage(tags, d.Language)
		switch {
		case found:
			*of.text = of.texts[tag]
		case m.isWritten(of.key) && len(tags) > 0:
			m.valueAt(of.key).reportFault("no text in %s found, the desk's language (desk.language): one is needed "+
				"beside %s", d.Language, strings.Join(tags, ", "))
		}
	}
}

// checkCredit takes a template that renders with sample values.
func checkCredit(s string) error {
	if err := credit.Check(s); err != nil {
		return fmt.Errorf("%v: allowed is a text/template with .Desk, .Brand and .DeskLink", err)
	}
	return nil
}

// readProxies reads addresses and prefixes. IPv4 addresses in the form of IPv6 are IPv4 addresses.
func readProxies(to *[]netip.Prefix) func(value) {
	return func(v value) {
		var list []string
		readTexts(&list, checkProxy)(v)
		for _, s := range list {
			prefix, _ := parseProxy(s)
			*to = append(*to, prefix)
		}
	}
}

// checkProxy accepts an address or a prefix.
func checkProxy(s string) error {
	if _, ok := parseProxy(s); !ok {
		return notAllowed(s, "is not an address or a prefix: allowed is one such as 127.0.0.1, ::1 or 10.0.0.0/8")
	}
	return nil
}

// parseProxy reads a prefix, or an address as the prefix that holds it alone.
func parseProxy(s string) (p netip.Prefix, ok bool) {
	if addr, err := netip.ParseAddr(s); err == nil {
		addr = addr.Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()), addr.Zone() == ""
	}
	p, err := netip.ParsePrefix(s)
	const mapped = 96 // bits before an IPv4 address in the form of IPv6
	if err == nil && p.Addr().Is4In6() && p.Bits() >= mapped {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-mapped)
	}
	return p.Masked(), err == nil
}

func readBackup(b *Backup) func(value) {
	return func(v value) {
		b.Every, b.Keep = defaultBackupEvery, defaultBackups
		v.readMapping(fields{
			"every": readDuration(&b.Every, minBackupEvery, maxBackupEvery),
			"keep":  readInteger(&b.Keep, 1, maxBackups),
			"to":    readText(&b.To, checkFolder),
		}, "to")
	}
}

func readPoll(p *Poll) func(value) {
	return func(v value) {
		v.readMapping(fields{
			"every":            readDuration(&p.Every, minEvery, maxEvery),
			"timeout":          readDuration(&p.Timeout, 100*time.Millisecond, time.Hour),
			"max_size":         readSize(&p.MaxSize, 1<<30),
			"concurrency":      readInteger(&p.Concurrency, 1, 1000),
			"private_networks": readBool(&p.PrivateNetworks),
			"read_pages":       readBool(&p.ReadPages),
		})
	}
}

func readPublish(p *Publish) func(value) {
	return func(v value) {
		v.readMapping(fields{
			"stories": readInteger(&p.Stories, 1, 10_000),
			"max_age": readDuration(&p.MaxAge, time.Second, 100*365*24*time.Hour),
		})
	}
}

func readPage(p *Page) func(value) {
	return func(v value) {
		v.readMapping(fields{"pictures": func(v value) {
			var text string
			readText(&text)(v)
			switch found := Pictures(text); found {
			case AllPictures, LeadPicture, NoPictures:
				p.Pictures = found
			case "":
			default:
				v.reportFault(
					"%s found: allowed are %s, %s and %s",
					quoteShort(text),
					AllPictures,
					LeadPicture,
					NoPictures,
				)
			}
		}})
	}
}

func readRights(crawlers *string) func(value) {
	return func(v value) {
		v.readMapping(fields{"crawlers": readText(crawlers, checkLicense)})
		*crawlers = link.Resolve("", *crawlers)
	}
}

func readPodcast(p *Podcast) func(value) {
	return func(v value) {
		v.readMapping(fields{
			"title":       readText(&p.Title, checkLine),
			"author":      readText(&p.Author, checkLine),
			"image":       readText(&p.Image, checkAddress),
			"category":    readCategory(&p.Category),
			"explicit":    readBool(&p.Explicit),
			"owner_email": readText(&p.OwnerEmail, checkMail),
		})
	}
}

// readCategory reads a category of Apple Podcasts and, optionally, its subcategory.
func readCategory(to *[]string) func(value) {
	return func(v value) {
		var names []string
		before := len(v.faults)
		readTexts(&names)(v)
		if len(v.faults) > before {
			return
		}
		if len(names) == 0 {
			v.reportFault("no category found: one is needed, such as [News, Daily News]")
			return
		}
		below, ok := categories[names[0]]
		switch {
		case !ok:
			all := slices.Sorted(maps.Keys(categories))
			v.reportFault("%s is not a category of Apple Podcasts: allowed are %s",
				quoteShort(names[0]), strings.Join(all, ", "))
		case len(names) > 2:
			v.reportFault("%d names found: allowed are a category and a subcategory of it", len(names))
		case len(names) == 2 && len(below) == 0:
			v.reportFault("%s found: %s has no subcategories", quoteShort(names[1]), names[0])
		case len(names) == 2 && !slices.Contains(below, names[1]):
			v.reportFault("%s is not a subcategory of %s: allowed are %s",
				quoteShort(names[1]), names[0], strings.Join(below, ", "))
		default:
			*to = names
		}
	}
}
