package dates

import (
	"strings"
	"time"
	_ "time/tzdata" // zones by name, on machines that have no table of them
	"unicode"
	"unicode/utf8"
)

// parseSuffix reads one thing that may follow a time: am or pm, an offset, a zone by name, either
// of them in brackets.
func (p *dateParser) parseSuffix() bool {
	c, size := utf8.DecodeRuneInString(p.s)
	switch {
	case c == '+' || c == '-' || c == '−':
		p.s = p.s[size:]
		return p.parseOffset(c != '+')
	case c == '(' || c == '[':
		inner, rest, found := strings.Cut(p.s[1:], map[rune]string{'(': ")", '[': "]"}[c])
		p.s = rest
		if !p.zoned {
			p.zone = p.zones.findZone(strings.TrimSpace(inner))
			p.zoned = p.zone != nil
		}
		return found
	case unicode.IsLetter(c):
		return p.parseZoneName()
	}
	return false
}

// parseZoneName reads a zone by name, or am and pm.
func (p *dateParser) parseZoneName() bool {
	n := len(p.s)
	for i, c := range p.s {
		if !unicode.IsLetter(c) && c != '/' && c != '_' && c != '.' && !(c == '-' && strings.Contains(p.s[:i], "/")) {
			n = i
			break
		}
	}
	name := p.s[:n]
	p.s = p.s[n:]
	switch low := strings.ToLower(strings.ReplaceAll(name, ".", "")); {
	case low == "am" || low == "pm":
		return p.applyMeridiem(low)
	case p.zoned && len(low) <= 8: // a second name of the same zone
		return true
	}
	p.zone = p.zones.findZone(strings.TrimRight(name, "."))
	if p.zone != nil {
		p.zoned = true
		if universalZones[strings.ToLower(name)] && p.s != "" && (p.s[0] == '+' || p.s[0] == '-') {
			sign := p.s[0]
			p.s = p.s[1:]
			return p.parseOffset(sign == '-')
		}
	}
	return p.zoned || p.timed && n <= 5 || strings.Contains(name, "/")
}

func (p *dateParser) applyMeridiem(half string) bool {
	switch {
	case !p.timed || p.hour > 24:
		return false
	case half == "pm" && p.hour < 12:
		p.hour += 12
	case half == "am" && p.hour == 12:
		p.hour = 0
	}
	return true
}

// parseOffset reads hours and minutes east or west of Greenwich.
func (p *dateParser) parseOffset(west bool) bool {
	hours, count := p.takeNumber(4)
	minutes := 0
	switch {
	case count == 0:
		return false
	case count > 2:
		hours, minutes = hours/100, hours%100
	case p.takeByte(":"):
		if minutes, count = p.takeNumber(2); count == 0 {
			return false
		}
	}
	if hours > 15 || minutes > 59 {
		return false
	}
	seconds := hours*3600 + minutes*60
	if west {
		seconds = -seconds
	}
	p.zone, p.zoned = time.FixedZone("", seconds), true
	p.takeByte("Zz") // "+00:00Z"
	return true
}

var universalZones = wordSet("utc gmt ut z")

// zoneOffsets lists the abbreviations that mean one offset, in hours. MST is -7 all year, as in
// Arizona.
var zoneOffsets = map[string]float64{
	"z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2,
	"eet": 2, "eest": 3, "msk": 3,
	"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "akdt": -8,
	"hst": -10, "hdt": -9,
	"ast": -4, "adt": -3, "nst": -3.5, "ndt": -2.5, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "acst": 9.5,
	"acdt": 10.5, "awst": 8,
	"nzst": 12, "nzdt": 13,
}

// regions lists abbreviations that mean standard or summer time, by the rules of that coast on that
// day.
var regions = map[string]string{
	"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles",
	"eastern": "America/New_York", "central": "America/Chicago", "mountain": "America/Denver",
	"pacific": "America/Los_Angeles",
}

// maxNamedZones bounds the zones that one document has looked up by name.
const maxNamedZones = 32

// namedZones keeps those that a document names: finding one takes longer than reading a hundred
// dates. Names that do not exist are kept as nil.
type namedZones map[string]*time.Location

// findZone gives nil for a name that is not known: such a date has no zone.
func (z namedZones) findZone(name string) *time.Location {
	low := strings.ToLower(name)
	if hours, ok := zoneOffsets[low]; ok {
		return time.FixedZone("", int(hours*3600))
	}
	if zone, ok := regions[low]; ok {
		name = zone
	} else if !strings.Contains(name, "/") {
		return nil
	}
	zone, ok := z[name]
	if !ok && len(z) < maxNamedZones {
		var err error
		if zone, err = time.LoadLocation(name); err != nil {
			zone = nil
		}
		z[name] = zone
	}
	return zone
}

// months of English, Spanish, French, German, Italian and Portuguese.
var months = func() map[string]int {
	all := map[string]int{}
	for i, names := range [...]string{
		"january jan enero ene janvier janv januar jänner jän gennaio gen janeiro",
		"february feb febrero février févr fév fevrier fevr februar febbraio fevereiro fev",
		"march mar marzo mars märz mär mrz maerz março marco",
		"april apr abril abr avril avr aprile",
		"may mayo mai maggio mag maio",
		"june jun junio juin juni giugno giu junho",
		"july jul julio juillet juil juli luglio lug julho",
		"august aug agosto ago août aout aou",
		"september sep sept septiembre setiembre set septembre settembre setembro",
		"october oct octubre octobre oktober okt ottobre ott outubro out",
		"november nov noviembre novembre novembro",
		"december dec diciembre dic décembre déc decembre dezember dez dicembre dezembro",
	} {
		for _, n := range strings.Fields(names) {
			all[n] = i + 1
		}
	}
	return all
}()

// weekdays of the same languages. What they say is not asked.
var weekdays = wordSet(`
	monday mon tuesday tue tues wednesday wed weds thursday thu thur thurs friday fri saturday sat sunday sun
	lunes lun martes mar miércoles mié miercoles mie jueves jue viernes vie sábado sáb sabado sab domingo dom
	lundi mardi mercredi mer jeudi jeu vendredi ven samedi sam dimanche dim
	montag mo dienstag di mittwoch mi donnerstag do freitag fr samstag sa sonnabend sonntag so
	lunedì lunedi martedì martedi mercoledì mercoledi giovedì giovedi gio venerdì venerdi domenica
	segunda seg terça terca ter quarta qua quinta qui sexta sex feira`)

// fillWords lists words that occur in dates and say nothing.
var fillWords = wordSet("at on of the de del a las la le à as às um den am il alle ore kl")

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}
