package fields

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// What is valid JSON keeps its meaning; what pages write in place of it is mended.
func TestJSONOfPagesIsMended(t *testing.T) {
	for name, c := range map[string]struct{ written, want string }{
		"valid":              {`{"a":[1,-2.5e3,true,false,null,"x"],"b":{}}`, `[{"a":[1,-2.5e3,true,false,null,"x"],"b":{}}]`},
		"escapes":            {`"\" \\ \/ \b\f\n\r\t é \ud83d\ude00"`, `["\" \\ \/ \b\f\n\r\t é \ud83d\ude00"]`},
		"a comma too many":   {`{"a":[1,2,],"b":1,}`, `[{"a":[1,2],"b":1}]`},
		"a comma missing":    {"{\"a\":1\n\"b\":[{}{}]}", `[{"a":1,"b":[{},{}]}]`},
		"commas in a row":    {`[1,,2,,]`, `[[1,2]]`},
		"a line in a string": {"{\"a\":\"one\ntwo\tthree\x01\"}", `[{"a":"one two three"}]`},
		"CDATA":              {"//<![CDATA[\n{\"a\":1}\n//]]>", `[{"a":1}]`},
		"CDATA in a comment": {"/*<![CDATA[*/{\"a\":1}/*]]>*/", `[{"a":1}]`},
		"an HTML comment":    {"<!--\n{\"a\":1}\n-->", `[{"a":1}]`},
		"comments":           {"{ // the page\n\"a\":/* one */1}", `[{"a":1}]`},
		"an address":         {`{"a":"https://kmsa.example/x//y"}`, `[{"a":"https://kmsa.example/x//y"}]`},
		"inner quotes":       {`{"a":"She said "yes", then left","b":1}`, `[{"a":"She said \"yes\", then left","b":1}]`},
		"a quoted headline":  {`{"a":""Yes"","b":1}`, `[{"a":"\"Yes\"","b":1}]`},
		"bad escapes":        {`{"a":"It\'s 5\% \x41 \u12"}`, `[{"a":"It's 5\\% \\x41 \\u12"}]`},
		"a semicolon":        {`{"a":1};`, `[{"a":1}]`},
		"cut off":            {`{"a":[1,{"b":"tw`, `[{"a":[1,{"b":"tw"}]}]`},
		"cut off at a key":   {`{"a":1,"b`, `[{"a":1,"b":null}]`},
		"cut off at a value": {`{"a":1,"b":`, `[{"a":1,"b":null}]`},
		"no value":           {`{"a":,"b":1}`, `[{"a":null,"b":1}]`},
		"words":              {`{"a":undefined,"b":NaN,"c":007,"d":.5}`, `[{"a":null,"b":null,"c":null,"d":null}]`},
		"keys of JavaScript": {`{a:1, b_c:"x"}`, `[{"a":1,"b_c":"x"}]`},
		"several":            {`{"a":1}{"b":2}`, `[{"a":1},{"b":2}]`},
		"a mark before":      {"\uFEFF{\"a\":1}", `[{"a":1}]`},
		"closed wrongly":     {`{"a":[1}}`, `[{"a":[1]}]`},
		"nothing":            {" \n", `[]`},
	} {
		var have, want any
		mended := mendJSON(c.written)
		if err := json.Unmarshal([]byte(mended), &have); err != nil {
			t.Errorf("%s: %s: %v", name, mended, err)
			continue
		}
		if err := json.Unmarshal([]byte(c.want), &want); err != nil {
			t.Fatal(name, err)
		}
		if !reflect.DeepEqual(have, want) {
			t.Errorf("%s: %s, want %s", name, mended, c.want)
		}
	}
}

// A block is left out that is nested too deep; the others are read.
func TestJSONLDIsBounded(t *testing.T) {
	deep := strings.Repeat("[", maxJSONDepth)
	if mendJSON(deep) == "" || mendJSON(deep+"[") != "" {
		t.Error("depth")
	}
	story := `{"@type":"NewsArticle","headline":"Rain"}`
	large := story + strings.Repeat(" ", maxJSONBlock)
	if d := readLinkedData([]string{"[" + deep, large, story}); len(d.articles) != 1 {
		t.Errorf("%d articles", len(d.articles))
	}
	many := strings.Split(strings.Repeat("{},", maxJSONBlocks), ",")
	if d := readLinkedData(append(many[:maxJSONBlocks], story)); len(d.articles) != 0 {
		t.Errorf("%d articles behind the last block", len(d.articles))
	}
	if d := readLinkedData([]string{"[" + strings.Repeat(story+",", maxJSONObjects) + story + "]"}); len(d.articles) != maxJSONObjects {
		t.Errorf("%d objects", len(d.articles))
	}
}

// What is mended is JSON, holds nothing that was not there, and mending it again changes nothing.
func FuzzMendJSON(f *testing.F) {
	for _, s := range []string{
		`{"a":[1,{"b":"c"},],}`, "//<![CDATA[\n{a:\"x\ny\"}//]]>", `{"a":""Yes", she"}`, `{"a":"\u12 \x`, "[[{{]}", `{"a" "b":,}`, `"\`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		mended := mendJSON(s)
		if mended == "" {
			return
		}
		var value any
		if err := json.Unmarshal([]byte(mended), &value); err != nil {
			t.Fatalf("%q: %q: %v", s, mended, err)
		}
		if len(mended) > 8*len(s)+16 {
			t.Errorf("%d bytes become %d", len(s), len(mended))
		}
		if again := mendJSON(mended); again != "" && again != "["+mended+"]" {
			t.Errorf("%q becomes %q, then %q", s, mended, again)
		}
		if json.Valid([]byte(s)) {
			var want any
			if json.Unmarshal([]byte(s), &want) == nil && !reflect.DeepEqual(value, []any{want}) {
				t.Errorf("%q becomes %q", s, mended)
			}
		}
	})
}
