package main

import (
	"os"
	"strings"
	"testing"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// docs/identity.md says of each rule, flag and hold what the program says.
func TestIdentityPageHasTheSentenceOfEachRule(t *testing.T) {
	text, err := os.ReadFile("docs/identity.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	row := func(name, sentence string) {
		if !strings.Contains(page, "| "+name+" | "+sentence+" |") {
			t.Errorf("docs/identity.md has no row %q with the sentence %q", name, sentence)
		}
	}
	for _, r := range news.Rules {
		row(string(r.Name), r.Sentence)
	}
	for _, f := range news.Flags {
		row("`"+string(f.Name)+"`", f.Sentence)
	}
	for _, h := range news.Holds {
		row("`"+string(h.Name)+"`", h.Sentence)
	}
}

// docs/identity.md lists the sources that every desk knows.
func TestIdentityPageListsTheBuiltInSources(t *testing.T) {
	text, err := os.ReadFile("docs/identity.md")
	if err != nil {
		t.Fatal(err)
	}
	page := strings.Join(strings.Fields(string(text)), " ")
	for _, o := range directory.New(directory.Config{Links: &link.Table{}}).OutsideSources {
		if !strings.Contains(page, o.Name) {
			t.Errorf("docs/identity.md does not list %s", o.Name)
		}
	}
}
