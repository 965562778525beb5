package config

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Bounds of a configuration file. The parser takes quadratic time by the nesting, and by the number
// of keys in one mapping.
const (
	maxFile    = 1 << 20 // bytes
	maxNesting = 16      // brackets, or dashes on one line
	maxKeys    = 2000    // in one mapping
)

// readFile reads as much of a file as a configuration may have, and a byte more.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, unwrapPathError(err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	return text, unwrapPathError(err)
}

// unwrapPathError removes the path, which every line begins with anyway.
func unwrapPathError(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}

// parseYAML parses a file's text. If that has an error, it is reported, and ok is false.
func (r *reader) parseYAML(text []byte) (root value, ok bool) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !r.checkText(text) {
		return value{}, false
	}
	tokens := lexer.Tokenize(string(text))
	if !r.checkTokens(tokens) {
		return value{}, false
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.reportSyntaxError(err)
		return value{}, false
	}
	var documents []ast.Node
	for _, document := range file.Docs {
		if document.Body != nil {
			documents = append(documents, document.Body)
		}
	}
	switch {
	case len(documents) == 0:
		r.reportFault(0, "", "empty: a configuration is needed, such as the sample config.yaml")
		return value{}, false
	case len(documents) > 1:
		r.reportFault(firstLineOf(documents[1]), "", "a second document found: only one is allowed")
		return value{}, false
	}
	return value{reader: r, node: documents[0], line: firstLineOf(documents[0])}, true
}

// checkText rejects what is not a text file.
func (r *reader) checkText(text []byte) bool {
	lineAt := func(i int) int { return 1 + bytes.Count(text[:i], []byte("\n")) }
	before := len(r.faults)
	if len(text) > maxFile {
		r.reportFault(0, "", "longer than 1 MiB, which is the limit")
		return false
	}
	if i := bytes.IndexByte(text, 0); i >= 0 {
		r.reportFault(lineAt(i), "", "a NUL byte: a text file is needed")
	}
	if i := invalidUTF8(text); i >= 0 {
		r.reportFault(lineAt(i), "", "byte 0x%02X is not UTF-8: save the file as UTF-8", text[i])
	}
	for i, line := range bytes.Split(text, []byte("\n")) {
		if bytes.HasPrefix(bytes.TrimLeft(line, " "), []byte("\t")) {
			r.reportFault(i+1, "", "a tab in the indentation: indent YAML with spaces")
		}
	}
	return len(r.faults) == before
}

// invalidUTF8 returns where text stops being UTF-8, or -1.
func invalidUTF8(text []byte) int {
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRune(text[i:])
		if c == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// checkTokens rejects the parts of YAML that a configuration does not need, and what would keep the
// parser busy for minutes.
func (r *reader) checkTokens(tokens token.Tokens) bool {
	brackets, dashes, dashLine := 0, 0, 0
	keys := make(map[int]int) // how many keys the open mapping at a column has
	closeDeeper := func(column int) {
		for c := range keys {
			if c > column {
				delete(keys, c)
			}
		}
	}
	for _, t := range tokens {
		line, column := t.Position.Line, t.Position.Column
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType:
			r.reportFault(line, "", "%s is an anchor or alias: write the value out where it is needed",
				quoteShort(t.Value))
			return false
		case token.TagType, token.DirectiveType, token.MappingKeyType:
			r.reportFault(line, "", "%s is YAML that is not supported here: leave it out", quoteShort(t.Value))
			return false
		case token.SequenceStartType, token.MappingStartType:
			brackets++
		case token.SequenceEndType, token.MappingEndType:
			brackets--
		case token.SequenceEntryType:
			if line != dashLine {
				dashes, dashLine = 0, line
			}
			dashes++
			closeDeeper(column)
		case token.MappingValueType:
			if brackets == 0 && t.Prev != nil {
				column = t.Prev.Position.Column
				closeDeeper(column)
				keys[column]++
			}
		}
		if brackets > maxNesting || dashes > maxNesting {
			r.reportFault(line, "", "nested more than %d levels deep, which is the limit", maxNesting)
			return false
		}
		if keys[column] > maxKeys {
			r.reportFault(line, "", "more than %d keys in one mapping, which is the limit", maxKeys)
			return false
		}
	}
	return true
}

// reportSyntaxError reports what the YAML parser says.
func (r *reader) reportSyntaxError(err error) {
	var syntax interface {
		GetMessage() string
		GetToken() *token.Token
	}
	if !errors.As(err, &syntax) || syntax.GetToken() == nil {
		r.reportFault(0, "", "not YAML: %v", err)
		return
	}
	r.reportFault(syntax.GetToken().Position.Line, "", "not YAML: %s", syntax.GetMessage())
}
