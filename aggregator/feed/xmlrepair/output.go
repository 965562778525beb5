package xmlrepair

// output is what is written in place of the input. It copies nothing until the first repair: until
// then the output is the input.
type output struct {
	src    []byte
	out    []byte
	copied int // input up to here is in out
	dirty  bool
}

// outputPos is the offset in the output that the input's offset p has or will have.
func (o *output) outputPos(p int) int { return len(o.out) + p - o.copied }

func (o *output) flushInput(to int) {
	o.out = append(o.out, o.src[o.copied:to]...)
	o.copied = to
}

// replaceInput writes text where the input has from to to.
func (o *output) replaceInput(from, to int, text string) {
	if !o.dirty {
		o.dirty = true
		o.out = make([]byte, 0, len(o.src)-o.copied+len(o.src)/64+512)
	}
	o.flushInput(from)
	o.out = append(o.out, text...)
	o.copied = to
}

// truncateOutput takes back everything written from the output's offset at on, up to the input's
// offset p.
func (o *output) truncateOutput(at, p int) {
	o.replaceInput(p, p, "")
	o.out = o.out[:at]
}
