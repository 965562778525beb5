package config

import (
	"fmt"
	"strings"
	"time"

	"fronteras/aggregator/credit"
	"fronteras/aggregator/link"
)

// maxComment is how many bytes of the User-Agent, which ends below 256, the
// desk's url and contact may take.
const maxComment = 200

func (c *Config) readDesk(v value) {
	d := &c.Desk
	m := v.mapping(fields{
		"title":       text(&d.Title, checkLine),
		"url":         text(&d.URL, checkBase),
		"description": text(&d.Description),
		"language":    text(&d.Language, checkLanguage),
		"contact":     text(&d.Contact, checkMail),
		"image":       text(&d.Image, checkAddress),
		"credit":      text(&d.Credit, checkCredit),
	}, "title")
	if d.URL != "" {
		d.URL = strings.TrimRight(link.Resolve("", d.URL), "/")
	}
	if n := len(d.URL) + len(d.Contact); n > maxComment {
		m.at("url").fault("url and contact are %d bytes long together: they stand in the User-Agent, where %d are allowed", n, maxComment)
	}
}

func (c *Config) readPoll(v value) {
	v.mapping(fields{
		"every":            duration(&c.Poll.Every, minEvery, maxEvery),
		"timeout":          duration(&c.Poll.Timeout, 100*time.Millisecond, time.Hour),
		"max_size":         size(&c.Poll.MaxSize, 1<<30),
		"concurrency":      number(&c.Poll.Concurrency, 1, 1000),
		"private_networks": flag(&c.Poll.PrivateNetworks),
		"read_pages":       flag(&c.Poll.ReadPages),
	})
}

func (c *Config) readPublish(v value) {
	v.mapping(fields{
		"stories": number(&c.Publish.Stories, 1, 10_000),
		"max_age": duration(&c.Publish.MaxAge, time.Second, 100*365*24*time.Hour),
	})
}

func (c *Config) readPodcast(v value) {
	p := &c.Podcast
	v.mapping(fields{
		"title":       text(&p.Title, checkLine),
		"author":      text(&p.Author, checkLine),
		"image":       text(&p.Image, checkAddress),
		"category":    c.readCategory,
		"explicit":    flag(&p.Explicit),
		"owner_email": text(&p.OwnerEmail, checkMail),
	})
}

// checkCredit takes a template that renders with sample values.
func checkCredit(s string) error {
	if err := credit.Check(s); err != nil {
		return fmt.Errorf("%v: allowed is a text/template with .Desk, .Brand and .DeskLink", err)
	}
	return nil
}
