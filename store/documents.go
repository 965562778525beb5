package store

import (
	"context"
	"maps"
	"strings"
	"time"

	"fronteras/aggregator/archive"
	"fronteras/aggregator/news"
)

// DateDocuments gives since when each document's bytes have been what they are; see
// [archive.DateDocument].
func (p *publishing) DateDocuments(ctx context.Context, documents []news.Print) (since []time.Time, err error) {
	var dates []archive.DocumentDate
	var changed bool
	look := func(tx *sealedTx) (err error) {
		dates, changed = make([]archive.DocumentDate, len(documents)), false
		for n, d := range documents {
			var before archive.DocumentDate
			if text := tx.Bucket(bucketPrints).Get([]byte(d.Name)); text != nil {
				if err := decodeRecord(text, &before); err != nil {
					return err
				}
			}
			dates[n] = archive.DateDocument(before, d)
			changed = changed || dates[n].Digest != before.Digest
		}
		return nil
	}
	if err = p.view(look); err == nil && changed {
		err = p.update(ctx, func(tx txn) error {
			if err := look(tx.sealedTx); err != nil {
				return err
			}
			for n, d := range documents {
				if err := putRecord(tx.Bucket(bucketPrints), []byte(d.Name), dates[n]); err != nil {
					return err
				}
			}
			return dropOldDates(tx.Bucket(bucketPrints))
		})
	}
	for _, d := range dates {
		since = append(since, d.Since)
	}
	return since, err
}

// dropOldDates keeps the number of documents' dates within its bound.
func dropOldDates(b *sealedBucket) error {
	if b.Stats().KeyN <= archive.MaxDates {
		return nil
	}
	all := map[string]archive.DocumentDate{}
	err := b.ForEach(func(key, text []byte) error {
		var d archive.DocumentDate
		err := decodeRecord(text, &d)
		all[string(key)] = d
		return err
	})
	if err != nil {
		return err
	}
	for _, name := range archive.DatesToDrop(all) {
		if err := b.Delete([]byte(name)); err != nil {
			return err
		}
	}
	return nil
}

// DateConfiguration keeps a fingerprint of what shapes documents beyond their stories, and returns
// since when it has been what it is.
func (p *publishing) DateConfiguration(ctx context.Context, fingerprint string,
	now time.Time) (since time.Time, err error) {
	err = p.update(ctx, func(tx txn) error {
		m, err := readAbout(tx.sealedTx)
		if err != nil {
			return err
		}
		if m.Fingerprint != fingerprint {
			m.Fingerprint, m.Stamped = fingerprint, now
		}
		since = m.Stamped
		return putAbout(tx.sealedTx, m)
	})
	return since, err
}

// KeepOnce keeps values under names for good, unless there is one already, and gives what each
// name's value is. An empty value is none: it only asks. Under a name that begins with
// [news.KeepsGreatest] a greater value takes the place of the one that is there.
func (p *publishing) KeepOnce(ctx context.Context, values map[string]string) (kept map[string]string, err error) {
	lacking := false
	err = p.view(func(tx *sealedTx) error {
		kept, lacking = keptValues(tx, values)
		return nil
	})
	if err != nil || !lacking {
		return kept, err
	}
	err = p.update(ctx, func(tx txn) error {
		kept, _ = keptValues(tx.sealedTx, values)
		for name, value := range kept {
			if value == "" {
				continue
			}
			if err := putIfChanged(tx.Bucket(bucketKept), []byte(name), []byte(value)); err != nil {
				return err
			}
		}
		return nil
	})
	return kept, err
}

// KeptUnder gives the values that are kept under names with this beginning, by the rest of the name.
func (p *publishing) KeptUnder(beginning string) (map[string]string, error) {
	found := map[string]string{}
	err := p.view(func(tx *sealedTx) error {
		c := tx.Bucket(bucketKept).Cursor()
		for name, value := c.Seek([]byte(beginning)); ; name, value = c.Next() {
			rest, is := strings.CutPrefix(string(name), beginning)
			if name == nil || !is {
				return nil
			}
			found[rest] = string(value)
		}
	})
	return found, err
}

// keptValues gives the values that are kept in place of those that are given; lacking reports
// whether one that is given is not kept yet.
func keptValues(tx *sealedTx, values map[string]string) (kept map[string]string, lacking bool) {
	kept = maps.Clone(values)
	for name, value := range values {
		if old := tx.Bucket(bucketKept).Get([]byte(name)); old != nil {
			kept[name] = string(old)
			if strings.HasPrefix(name, news.KeepsGreatest) && value > string(old) {
				kept[name], lacking = value, true
			}
		} else if value != "" {
			lacking = true
		}
	}
	return kept, lacking
}

// TopicsAndLanguages gives every topic and language that a published story has had, sorted.
func (p *publishing) TopicsAndLanguages() (topics, languages []string, err error) {
	err = p.view(func(tx *sealedTx) error {
		return tx.Bucket(bucketWords).ForEach(func(key, _ []byte) error {
			switch key[0] {
			case wordTopic:
				topics = append(topics, string(key[1:]))
			case wordLanguage:
				languages = append(languages, string(key[1:]))
			}
			return nil
		})
	})
	return topics, languages, err
}
