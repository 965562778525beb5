package publish

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzLean: a document is well-formed if and only if it is without its long texts.
func FuzzLean(f *testing.F) {
	long := strings.Repeat("so and so ", 110)
	for _, seed := range []string{
		"<a>" + long + "</a>", "<a>" + long + "&amp;&lt;</a>", "<a>" + long + "&nbsp;</a>", "<a>" + long + "\x01</a>", "<a>" + long + "\uffff</a>",
		"<a>" + long + "]]></a>", "<a b='>" + long + "'/>", "<a><!-- >" + long + "--></a>", "<a><![CDATA[>" + long + "]]></a>", "<a>" + long, "<a>" + long + "& </a>",
		"<a>" + long + "&#0;</a>", "<?p >" + long + "?><a/>",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if !utf8.Valid(body) {
			return
		}
		whole, short := readable(body), readable(lean(body))
		if (whole == nil) != (short == nil) {
			t.Errorf("%.200q: whole %v, without long texts %v", body, whole, short)
		}
	})
}

func readable(body []byte) error {
	for d := xml.NewDecoder(bytes.NewReader(body)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func TestLeanLeavesLongTextsOut(t *testing.T) {
	text := strings.Repeat("1 &lt; 2 &amp; 3 ", 100)
	if have := string(lean([]byte("<a><b>" + text + "</b><c>short</c></a>"))); have != "<a><b>-</b><c>short</c></a>" {
		t.Error(have)
	}
	if have := lengths([]byte("<a><b>1 &lt; 2</b><b></b></a>"), "b"); len(have) != 2 || have[0] != 5 || have[1] != 0 {
		t.Error(have)
	}
}
