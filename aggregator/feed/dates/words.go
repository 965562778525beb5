package dates

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// parseWords reads a date with a month's name, or with numbers between slashes.
func (p *dateParser) parseWords() bool {
	for p.skipBlanks(); p.s != ""; p.skipBlanks() {
		c, _ := utf8.DecodeRuneInString(p.s)
		switch {
		case c >= '0' && c <= '9':
			if !p.parseNumber() {
				return false
			}
		case p.timed && strings.ContainsRune("+-−([", c):
			if !p.parseSuffix() {
				return false
			}
		case strings.ContainsRune(",-–|.;·@", c):
			p.s = p.s[utf8.RuneLen(c):]
		case unicode.IsLetter(c):
			if !p.parseWord() {
				return false
			}
		default:
			return false
		}
	}
	if !p.hasMonth && p.maybe > 0 {
		p.month, p.hasMonth = p.maybe, true
	}
	return p.hasYear && p.hasMonth && p.hasDay
}

// parseNumber reads a day, a year, a time, or a date in numbers.
func (p *dateParser) parseNumber() bool {
	whole := p.s
	n, count := p.takeNumber(4)
	next := byte(0)
	if p.s != "" {
		next = p.s[0]
	}
	switch {
	case next >= '0' && next <= '9':
		return false
	case count <= 2 && !p.timed &&
		(next == ':' || (next == 'h' || next == 'H') && len(p.s) > 1 && p.s[1] >= '0' && p.s[1] <= '9'):
		p.s = whole
		return p.parseClock()
	case count <= 2 && !p.timed && p.parseHour(n):
		return true
	case count <= 2 && !p.hasDay && !p.hasMonth && (next == '/' || next == '-' || next == '.') && len(p.s) > 1 &&
		p.s[1] >= '0' && p.s[1] <= '9':
		return p.parseNumbers(n)
	case count == 4 && !p.hasYear:
		p.year, p.hasYear = n, true
		return true
	case count <= 2 && !p.hasDay:
		p.day, p.hasDay = n, true
		p.skipOrdinal()
		return true
	case count == 2 && !p.hasYear:
		p.year, p.hasYear = fullYear(n), true
		return true
	}
	return false
}

// parseHour reads the am or pm of a time that has no minutes.
func (p *dateParser) parseHour(hour int) bool {
	rest := strings.ToLower(strings.TrimLeft(p.s, " "))
	if !strings.HasPrefix(rest, "am") && !strings.HasPrefix(rest, "pm") && !strings.HasPrefix(rest, "a.m") &&
		!strings.HasPrefix(rest, "p.m") {
		return false
	}
	p.hour, p.timed = hour, true
	p.skipBlanks()
	return p.parseSuffix()
}

// parseNumbers reads the rest of a date such as 4/2/2026, whose first number is known.
func (p *dateParser) parseNumbers(first int) bool {
	sep := p.s[0]
	p.s = p.s[1:]
	second, count := p.takeNumber(2)
	if count == 0 || !p.takeByte(string(sep)) {
		return false
	}
	year, count := p.takeNumber(4)
	switch count {
	case 2:
		year = fullYear(year)
	case 4:
	default:
		return false
	}
	p.year, p.month, p.day = year, first, second
	p.hasYear, p.hasMonth, p.hasDay = true, true, true
	switch {
	case sep == '.', first > 12:
		p.month, p.day = second, first
	case second <= 12:
		p.either = true
	}
	return true
}

func fullYear(year int) int {
	if year < 70 {
		return 2000 + year
	}
	return 1900 + year
}

// skipOrdinal takes off what makes a number an ordinal.
func (p *dateParser) skipOrdinal() {
	for _, suffix := range [...]string{"st", "nd", "rd", "th", "er", "º", "ª", "°"} {
		if len(p.s) >= len(suffix) && strings.EqualFold(p.s[:len(suffix)], suffix) {
			p.s = p.s[len(suffix):]
			return
		}
	}
}

// parseWord reads a month, a weekday, a zone, or a word that says nothing.
func (p *dateParser) parseWord() bool {
	name := p.nextWord()
	low := strings.ToLower(strings.TrimRight(name, "."))
	if m, ok := months[low]; ok && !p.hasMonth {
		p.s = p.s[len(name):]
		if weekdays[low] {
			p.maybe = m
		} else {
			p.month, p.hasMonth = m, true
		}
		return true
	}
	if weekdays[low] || fillWords[low] && !p.timed {
		p.s = p.s[len(name):]
		return true
	}
	return (p.timed || p.hasYear) && p.parseSuffix()
}

// nextWord is the word at the front, with the dot of an abbreviation.
func (p *dateParser) nextWord() string {
	n := len(p.s)
	for i, c := range p.s {
		if !unicode.IsLetter(c) {
			n = i
			if c == '.' {
				n++
			}
			break
		}
	}
	return p.s[:n]
}
