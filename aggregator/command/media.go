package command

import (
	"os"
	"path/filepath"
	"slices"

	"fronteras/aggregator/news"
	"fronteras/aggregator/publish"
)

// maxMediaNames is how many pictures next to one station's documents are known of.
const maxMediaNames = 10_000

// mediaOf lists, by station, the pictures that lie next to its documents where they are files. A folder that is not
// there, or cannot be read, has none.
func mediaOf(stations []news.Station) map[string][]string {
	var media map[string][]string
	for _, s := range stations {
		var names []string
		for _, f := range s.Feeds {
			if f.Path != "" {
				names = append(names, picturesIn(filepath.Join(filepath.Dir(f.Path), publish.MediaFolder))...)
			}
		}
		if len(names) == 0 {
			continue
		}
		if media == nil {
			media = map[string][]string{}
		}
		slices.Sort(names)
		names = slices.Compact(names)
		media[s.ID] = names[:min(len(names), maxMediaNames)]
	}
	return media
}

// picturesIn names the pictures in a folder.
func picturesIn(folder string) (names []string) {
	entries, _ := os.ReadDir(folder)
	for _, entry := range entries {
		if publish.MediaType(entry.Name()) != "" && entry.Type().IsRegular() {
			names = append(names, entry.Name())
		}
	}
	return names
}
