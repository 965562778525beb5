// Command articles serves the sample stations of testdata/articles, on this machine alone, for
// "A desk that reads article pages" in docs/walkthrough.md.
package main

import (
	"fmt"
	"log"
	"net/http"
	"path/filepath"
	"time"

	"fronteras/testdata/articles/stationweb"
)

func main() {
	now := time.Now()
	failed := make(chan error)
	for n, station := range []string{"kmsa", "ajo", "fronteriza"} {
		address := fmt.Sprintf("127.0.0.%d:8090", n+2)
		site := stationweb.Handler(filepath.Join("testdata", "articles", "stations", station), now)
		fmt.Printf("%s is at http://%s/feed.xml\n", station, address)
		go func() { failed <- http.ListenAndServe(address, site) }()
	}
	log.Fatal(<-failed)
}
