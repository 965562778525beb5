package link

import (
	"errors"
	"strings"
	"testing"
)

func TestFaultyRulesAreRefused(t *testing.T) {
	rule := func(h HostRule) Rules {
		if h.Name == "" {
			h.Name = "ajo-story"
		}
		if h.Hosts == nil {
			h.Hosts = []string{"radioajo.example"}
		}
		return Rules{Hosts: []HostRule{h}}
	}
	tests := []struct {
		name   string
		rules  Rules
		rule   int
		field  string
		reason string
	}{
		{"alias with a scheme", Rules{Aliases: map[string]string{"https://m.ajo.example": "ajo.example"}}, -1, "aliases", "scheme"},
		{"alias to a path", Rules{Aliases: map[string]string{"m.ajo.example": "ajo.example/a"}}, -1, "aliases", "path"},
		{"alias with www.", Rules{Aliases: map[string]string{"m.ajo.example": "www.ajo.example"}}, -1, "aliases", "www."},
		{"alias of an alias", Rules{Aliases: map[string]string{"a.example": "b.example", "b.example": "c.example"}}, -1, "aliases", `name the host that both stand for`},
		{"alias of itself", Rules{Aliases: map[string]string{"a.example": "a.example"}}, -1, "aliases", `name the host`},
		{"alias twice", Rules{Aliases: map[string]string{"a.example": "b.example", "A.example": "b.example"}}, -1, "aliases", "once"},
		{"slash kept for a port", Rules{KeepSlash: []string{"a.example:80"}}, -1, "keep_slash", "port"},
		{"slash kept for an alias", Rules{Aliases: map[string]string{"a.example": "b.example"}, KeepSlash: []string{"a.example"}}, -1, "keep_slash", `name "b.example"`},
		{"no name", Rules{Hosts: []HostRule{{Hosts: []string{"a.example"}, Drop: []string{"x"}}}}, 0, "name", "missing"},
		{"name of a built-in rule", rule(HostRule{Name: "npr-id", Drop: []string{"x"}}), 0, "name", "npr-id"},
		{"no hosts", rule(HostRule{Hosts: []string{}, Drop: []string{"x"}}), 0, "hosts", "missing"},
		{"all hosts", rule(HostRule{Hosts: []string{"*"}, Drop: []string{"x"}}), 0, "hosts", `"*"`},
		{"all hosts below nothing", rule(HostRule{Hosts: []string{"*."}, Drop: []string{"x"}}), 0, "hosts", "empty"},
		{"host with a path", rule(HostRule{Hosts: []string{"a.example/b"}, Drop: []string{"x"}}), 0, "hosts", "path"},
		{"path that does not compile", rule(HostRule{Path: "^/(", Key: "ajo:$1"}), 0, "path", "missing closing )"},
		{"fragment that does not compile", rule(HostRule{Fragment: "+"}), 0, "fragment", "missing argument"},
		{"key without the group", rule(HostRule{Path: "^/story/", Key: "ajo:$1"}), 0, "key", "group $1"},
		{"key with a slash", rule(HostRule{Path: "^/(.*)", Key: "ajo/$1"}), 0, "key", "'/'"},
		{"key with a broken group", rule(HostRule{Path: "^/(.*)", Key: "ajo:$x"}), 0, "key", "from 1 to 9"},
		{"key with a group too many", rule(HostRule{Path: "^/(.*)", Key: "ajo:$12"}), 0, "key", "from 1 to 9"},
		{"key without a group", rule(HostRule{Path: "^/(.*)", Key: "ajo:"}), 0, "key", "names no group"},
		{"key without a family", rule(HostRule{Path: "^/(.*)", Key: "$1"}), 0, "key", "no family"},
		{"query without a key", rule(HostRule{Query: "id"}), 0, "key", "missing"},
		{"rule without effect", rule(HostRule{Path: "^/a"}), 0, "key", "one of"},
		{"strip without a path", rule(HostRule{Strip: "/amp"}), 0, "strip", "without path"},
		{"drop of nothing", rule(HostRule{Drop: []string{""}}), 0, "drop", "empty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			table, err := New(tt.rules)
			var fault *RuleError
			if table != nil || !errors.As(err, &fault) {
				t.Fatalf("%v, %v, want a RuleError alone", table, err)
			}
			if fault.Rule != tt.rule || fault.Field != tt.field || !strings.Contains(fault.Reason, tt.reason) {
				t.Errorf("%+v, want rule %d, field %s, reason with %q", *fault, tt.rule, tt.field, tt.reason)
			}
		})
	}
}

func TestEveryFaultIsReported(t *testing.T) {
	_, err := New(Rules{
		KeepSlash: []string{"www.a.example"},
		Hosts: []HostRule{
			{Name: "one", Hosts: []string{"a.example"}, Path: "("},
			{Name: "one", Hosts: []string{"a.example"}, Drop: []string{"x"}},
		},
	})
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || len(joined.Unwrap()) != 3 {
		t.Fatalf("%v, want three faults", err)
	}
	for i, want := range []string{`keep_slash: "www.a.example": `, `rule 2 "one": name: `, `rule 1 "one": path: `} {
		if got := joined.Unwrap()[i].Error(); !strings.HasPrefix(got, want) {
			t.Errorf("fault %d: %s, want it to begin with %s", i+1, got, want)
		}
	}
}

func TestHashChangesWithTheRulesAlone(t *testing.T) {
	hash := func(r Rules) string {
		table, err := New(r)
		if err != nil {
			t.Fatal(err)
		}
		return table.Hash()
	}
	none := hash(Rules{})
	if got := hash(Rules{Aliases: map[string]string{}, KeepSlash: []string{}, Hosts: []HostRule{}}); got != none {
		t.Error("empty lists hash otherwise than absent ones")
	}
	two := hash(Rules{KeepSlash: []string{"a.example", "b.example"}})
	if got := hash(Rules{KeepSlash: []string{"B.example", "a.example"}}); got != two {
		t.Error("the order of kept hosts changes the hash")
	}
	rule := HostRule{Name: "x", Hosts: []string{"a.example"}, Drop: []string{"v"}}
	one := hash(Rules{Hosts: []HostRule{rule}})
	rule.Drop = []string{"w"}
	other := hash(Rules{Hosts: []HostRule{rule}})
	if none == two || none == one || one == other {
		t.Errorf("hashes of different rules are equal: %s %s %s %s", none, two, one, other)
	}
}

func TestRulesOfADomainStayInIt(t *testing.T) {
	table, err := New(Rules{Hosts: []HostRule{
		{Name: "below", Hosts: []string{"*.radio.example"}, Drop: []string{"a"}},
		{Name: "deeper", Hosts: []string{"*.ajo.radio.example"}, Drop: []string{"b"}},
		{Name: "exact", Hosts: []string{"radio.example"}, Drop: []string{"c"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for site, want := range map[string]string{
		"radio.example":       "radio.example/?b=1",
		"www.radio.example":   "radio.example/?b=1",
		"x.radio.example":     "x.radio.example/?b=1&c=1",
		"ajo.radio.example":   "ajo.radio.example/?c=1",
		"x.ajo.radio.example": "x.ajo.radio.example/?c=1",
		"otherradio.example":  "otherradio.example/?a=1&b=1&c=1",
	} {
		if got := table.Key("https://" + site + "/?a=1&b=1&c=1"); got != want {
			t.Errorf("%s: %q, want %q", site, got, want)
		}
	}
}
