package command

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"

	"fronteras/aggregator/credit"
	"fronteras/store"
)

// underWordings begins the names under which the store keeps how the desk has worded its credit.
const underWordings = "credit "

// mostWordings is how many are kept: each paragraph at the end of a text is compared with all.
const mostWordings = 64

// wordingsOf returns every way in which a store's desk has worded its credit: what went out so comes
// back so.
func wordingsOf(s *store.Store) ([]credit.Wording, error) {
	kept, err := s.KeptUnder(underWordings)
	var list []credit.Wording
	for _, name := range slices.Sorted(maps.Keys(kept)) {
		var w credit.Wording
		if err := json.Unmarshal([]byte(kept[name]), &w); err != nil {
			continue // a damaged one recognizes nothing
		}
		list = append(list, w)
	}
	return list, err
}

// keepWordings has the store keep how the desk words its credit now.
func (a *app) keepWordings(ctx context.Context) error {
	kept, err := a.store.KeptUnder(underWordings)
	if err != nil {
		return err
	}
	values := map[string]string{}
	for _, w := range credit.Wordings(a.config.Desk) {
		text, err := json.Marshal(w)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(text)
		name := hex.EncodeToString(sum[:16])
		if _, known := kept[name]; !known && len(kept)+len(values) < mostWordings {
			values[underWordings+name] = string(text)
		}
	}
	_, err = a.store.KeepOnce(ctx, values)
	return err
}
