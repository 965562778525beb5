package feed

import "testing"

func TestAnIDIsOneLine(t *testing.T) {
	for written, want := range map[string]string{
		" kmsa-17 ": "kmsa-17", "kmsa\n   17": "kmsa 17", "kmsa  17": "kmsa  17", "<![CDATA[kmsa-17]]>": "kmsa-17",
	} {
		if have := readID(written, nil); have != want {
			t.Errorf("%q gives %q, want %q", written, have, want)
		}
	}
}
