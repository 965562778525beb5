package publish

import (
	"bytes"
	"encoding/json"
	"encoding/xml"

	"fronteras/aggregator/news"
)

// piece is a story as it stands in documents of one format that passed the gate,
// around its closing, which alone is other words for each partner.
type piece struct{ before, after []byte }

// pieceKey is of which story, and in which format.
type pieceKey struct {
	story *news.Story
	kind  string
}

// keep takes the pieces from a document that passed the gate.
func (e *Edition) keep(f format, body []byte, list []article) {
	items := PartsOf(body).Items
	if f.escape == nil || len(items) != len(list) {
		return
	}
	for n, a := range list {
		closing := f.escape(a.Closing)
		text, at := bytes.Index(items[n], []byte(f.text)), bytes.Index(items[n], closing)
		if text < 0 || at < text || bytes.Count(items[n], closing) != 1 { // the same words may stand in a text
			continue
		}
		e.pieces.Store(pieceKey{a.Story, f.kind}, piece{items[n][:at], items[n][at+len(closing):]})
	}
}

// assemble writes a document of pieces that have passed the gate: byte for byte what
// is written in one go. What is not in them passes it here, with the first of them:
// the document's head and end. It is nil where a piece is missing or anything is at
// fault.
func (e *Edition) assemble(f format, sh sheet, list []article) []byte {
	if f.escape == nil || len(list) == 0 || checkArticles(list) != nil {
		return nil
	}
	var parts []piece
	for _, a := range list {
		p, ok := e.pieces.Load(pieceKey{a.Story, f.kind})
		if !ok {
			return nil
		}
		parts = append(parts, p.(piece))
	}
	sh.told = list
	one, fault, err := e.attempt(f, sh, list[:1])
	if err != nil || fault != nil {
		return nil
	}
	frame := PartsOf(one)
	body := bytes.NewBuffer(make([]byte, 0, sizeOf(list)))
	body.Write(frame.Head)
	for n, p := range parts {
		if n > 0 {
			body.WriteString(frame.between)
		}
		begin := body.Len()
		body.Write(p.before)
		body.Write(f.escape(list[n].Closing))
		body.Write(p.after)
		if n == 0 && (len(frame.Items) != 1 || !bytes.Equal(body.Bytes()[begin:], frame.Items[0])) {
			return nil
		}
	}
	body.Write(frame.tail)
	return body.Bytes()
}

// inXML is a text as it stands in an XML document.
func inXML(text string) []byte {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer takes it
	return b.Bytes()
}

// inJSON is a text as it stands in a JSON document, without its quotes.
func inJSON(text string) []byte {
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false)
	if out.Encode(text) != nil {
		return nil
	}
	return bytes.TrimSuffix(b.Bytes()[1:], []byte("\"\n"))
}
