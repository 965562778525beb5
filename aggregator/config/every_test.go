package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestIntervalsHaveUnitsAndBounds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.yaml")
	for every, want := range map[string]time.Duration{
		"1s": time.Second, "168h": 168 * time.Hour, "1m30s": 90 * time.Second,
		"999ms": 0, "168h1s": 0, "0": 0, "-5m": 0, "5": 0, "1d": 0, "soon": 0,
	} {
		for _, own := range []bool{false, true} {
			text := "desk: {title: Desk, url: https://desk.example, contact: desk@desk.example}\npoll: {every: " +
				"10m}\nstations:\n  - {id: ajo, name: Ajo, url: https://ajo.example, feeds: [{url: " +
				"https://ajo.example/rss}, {url: https://ajo.example/b, every: 20m}]}\n"
			if own {
				text = strings.Replace(text, "every: 20m", "every: "+every, 1)
			} else {
				text = strings.Replace(text, "every: 10m", "every: "+every, 1)
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			c, err := Load(path, noEnvironment)
			if want == 0 {
				if err == nil || !strings.Contains(err.Error(), "every") || !strings.Contains(err.Error(), path+":") {
					t.Errorf("every: %s of a feed %t: %v", every, own, err)
				}
				continue
			}
			if err != nil {
				t.Errorf("every: %s of a feed %t: %v", every, own, err)
				continue
			}
			feeds, others := c.Stations[0].Feeds, [2]time.Duration{want, 20 * time.Minute}
			if own {
				others = [2]time.Duration{10 * time.Minute, want}
			}
			if feeds[0].Every != others[0] || feeds[1].Every != others[1] || feeds[0].Agreed || !feeds[1].Agreed {
				t.Errorf("every: %s of a feed %t: %s and %s", every, own, feeds[0].Every, feeds[1].Every)
			}
		}
	}
}
