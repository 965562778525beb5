package command

import (
	"fmt"
	"path/filepath"
	"testing"

	"fronteras/aggregator/config"
	"fronteras/store"
)

// Each text is compared with every wording: a desk that words its credit anew again and again is not
// slower and slower.
func TestWordingsAreKeptOnceAndNotWithoutEnd(t *testing.T) {
	c, err := config.Parse([]byte("desk: {title: Ajo Desk, url: 'https://desk.example'}\n"+
		"stations: [{id: ajo, name: Radio Ajo, feeds: [{url: 'file:ajo.xml'}]}]\n"),
		filepath.Join(t.TempDir(), "config.yaml"), func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	a, err := openApp(c, Env{}, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.close(); err != nil {
			t.Error(err)
		}
	}()
	count := func() int {
		list, err := wordingsOf(a.store)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	for range 2 {
		if err := a.keepWordings(t.Context()); err != nil || count() != 2 { // one in each language
			t.Fatalf("%v, %d are kept", err, count())
		}
	}
	for n := range 100 {
		c.Desk.Credit, c.Desk.Credits = fmt.Sprintf("%d times from {{.Desk}}", n), nil
		if err := a.keepWordings(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if count() != mostWordings {
		t.Errorf("%d are kept, want %d", count(), mostWordings)
	}
}
