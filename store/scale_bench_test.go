package store

import (
	"fmt"
	"io"
	"path/filepath"
	"testing"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// BenchmarkScale does what a daemon and its operator do, in a small archive and in
// a large one: nothing but the check and the backup may take longer in that.
//
//	go test -run '^$' -bench Scale ./store
func BenchmarkScale(b *testing.B) {
	for _, stored := range []int{10_000, 200_000} {
		path := filepath.Join(b.TempDir(), "store.db")
		s := open(b, path, storetest.Rules(b))
		page := fill(b, s, stored)
		run := func(name string, do func() error) {
			b.Run(fmt.Sprintf("%s/%d", name, stored), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := do(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		next := 0
		run("visit", func() error { // that brings one new item of fifty
			next++
			at := storetest.Begin.Add(time.Duration(next) * time.Hour)
			page = append([]news.Entry{storetest.Entry("ajo", fmt.Sprint("later-", next), fmt.Sprint("Later story ", next), at)}, page[:49]...)
			v := news.Visit{Feed: storetest.Feeds[0].URL, Station: storetest.Feeds[0].Station}
			if _, err := s.Save(b.Context(), v, &identity.Arrival{Feed: storetest.Feeds[0], At: at, Whole: true, Entries: page}, nil); err != nil {
				return err
			}
			_, _, err := s.Settle(b.Context(), at)
			return err
		})
		run("window", func() error { _, err := s.Window(100, 30*24*time.Hour); return err })
		run("stories", func() error {
			n := 0
			return s.Newest(func(*news.Story) bool { n++; return n < 50 })
		})
		run("archive", func() error {
			if err := s.CloseArchives(b.Context(), 100, 30*24*time.Hour); err != nil {
				return err
			}
			_, err := s.Archive(1)
			return err
		})
		run("backup", func() error {
			c, err := s.Backup(b.Context(), storetest.Begin)
			if err != nil {
				return err
			}
			defer c.Close()
			_, err = io.Copy(io.Discard, c)
			return err
		})
		run("start", func() error {
			if err := s.Close(); err != nil {
				return err
			}
			s = open(b, path, storetest.Rules(b))
			return nil
		})
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
