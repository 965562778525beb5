//go:build systemd

package trial

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// operation is the page whose commands the trial runs.
const operation = "../../docs/operation.md"

// printed are the commands of the page's code blocks, by what the fence says after sh:
// blocks of one kind one after the other. Readers do not see the kind.
type printed struct {
	blocks map[string][]string
	tried  map[string]bool
}

var fence = regexp.MustCompile("(?ms)^```sh (\\S+)\n(.*?)^```$")

func readPage(t *testing.T) *printed {
	text, err := os.ReadFile(operation)
	if err != nil {
		t.Fatal(err)
	}
	p := &printed{blocks: map[string][]string{}, tried: map[string]bool{}}
	for _, found := range fence.FindAllStringSubmatch(string(text), -1) {
		for line := range strings.Lines(found[2]) {
			p.blocks[found[1]] = append(p.blocks[found[1]], strings.TrimSuffix(line, "\n"))
		}
	}
	return p
}

// lines are the commands of a kind, of which the trial expects so many.
func (p *printed) lines(t *testing.T, kind string, count int) []string {
	t.Helper()
	p.tried[kind] = true
	if lines := p.blocks[kind]; len(lines) == count {
		return lines
	}
	t.Fatalf("%s has %d commands in blocks of the kind %q, the trial knows what %d do:\n%s",
		operation, len(p.blocks[kind]), kind, count, strings.Join(p.blocks[kind], "\n"))
	return nil
}

// untried are the kinds that were run by nothing.
func (p *printed) untried() error {
	for kind := range p.blocks {
		if !p.tried[kind] {
			return fmt.Errorf("%s has commands of the kind %q that the trial does not run", operation, kind)
		}
	}
	return nil
}
