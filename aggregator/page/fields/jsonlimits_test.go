package fields

import (
	"errors"
	"strings"
	"testing"

	"fronteras/aggregator/feed/damage"
)

func TestJSONLDBeyondALimitIsRefused(t *testing.T) {
	const open, end = `<script type="application/ld+json">`, "</script>"
	for name, test := range map[string]struct {
		page  string
		limit string
	}{
		"blocks": {strings.Repeat(open+"{}"+end, maxJSONBlocks+1), "blocks of JSON-LD"},
		"a block": {open + strings.Repeat(" ", maxJSONBlock+1) + end,
			"bytes of a block of JSON-LD"},
		"depth": {open + strings.Repeat(`{"a":`, maxJSONDepth+1) + end, "values of JSON-LD in one another"},
	} {
		var limit *damage.LimitError
		err := CheckLinkedData(pageOf("https://kmsa.example/a", test.page).Root)
		if !errors.As(err, &limit) || limit.Limit != test.limit {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := CheckLinkedData(pageOf("https://kmsa.example/a", strings.Repeat(open+"{}"+end, maxJSONBlocks)).Root); err != nil {
		t.Error(err)
	}
}
