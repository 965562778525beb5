package evidence

import (
	"slices"
	"strings"
	"testing"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
	desk "fronteras/store/storetest/desk"
)

func creditIn(d *directory.Directory, i *news.Item, feed Feed) (ids string, c Credit) {
	c = NewReader(d).EvidenceOf(i, feed).Credit
	var list []string
	for _, m := range c.Makers {
		list = append(list, m.Station+m.Outside)
	}
	return strings.Join(list, " "), c
}

func source(title, url string) desk.Change {
	return func(e *news.Entry) { e.Source = &news.Source{Title: title, URL: url} }
}

func TestWhomAnItemCredits(t *testing.T) {
	d := desk.Directory(t)
	for name, c := range map[string]struct {
		item *news.Item
		want string
	}{
		"nobody": {bisbee(), ""},

		"a sentence without a link":                     {bisbee(desk.Text("<p>Wells.</p><p>Originally published by KMSA.</p>")), "kmsa"},
		"a sentence in Spanish":                         {bisbee(desk.Text("<p>Publicado originalmente por KMSA.</p>")), "kmsa"},
		"a sentence that names two makers: jointly":     {bisbee(desk.Text("<p>Originally published by KMSA and KDEM.</p>")), "kmsa kdem"},
		"a sentence that links to a home page":          {bisbee(desk.Text(`<p>Originally published by <a href="https://kmsa.example/">KMSA</a>.</p>`)), "kmsa"},
		"a sentence that links to a story is a claim":   {bisbee(desk.Text(`<p>Originally published by <a href="` + wells + `">KMSA</a>.</p>`)), ""},
		"a sentence that names nobody":                  {bisbee(desk.Text("<p>Originally published in the county's paper.</p>")), ""},
		"a sentence with the desk's title names nobody": {bisbee(desk.Text("<p>Wells.</p><p>Originally published by KMSA for the Fronteras Desk.</p>")), ""},
		"a mention is no credit":                        {bisbee(desk.Text("<p>First reported by KMSA.</p>")), ""},
		"the desk's credit is none":                     {bisbee(desk.Text("<p>Wells.</p>" + desk.Credit)), ""},

		"a byline with a maker in parentheses":     {bisbee(desk.Byline("Ana Ruiz (KMSA)")), "kmsa"},
		"a byline with a maker behind a bar":       {bisbee(desk.Byline("Ana Ruiz | KMSA")), "kmsa"},
		"a byline with a maker behind a comma":     {bisbee(desk.Byline("Ana Ruiz, KMSA")), "kmsa"},
		"a byline that is a maker":                 {bisbee(desk.Byline("The Associated Press")), "ap"},
		"a byline of two makers":                   {bisbee(desk.Byline("By Ana Paz (KMSA) and Lee Orr (KDEM)")), "kmsa kdem"},
		"a byline of a person":                     {bisbee(desk.Byline("Ana Paz")), ""},
		"a byline that only holds a maker's name":  {bisbee(desk.Byline("Friends of KMSA")), ""},
		"a byline of a maker's reporter":           {bisbee(desk.Byline("Ana Paz of KMSA")), "kmsa"},
		"a byline that begins with a maker":        {bisbee(desk.Byline("KMSA's Ana Paz")), "kmsa"},
		"an agency behind a name without a mark":   {bisbee(desk.Byline("By ANA P. Associated Press")), "ap"},
		"a byline with a maker behind a dash":      {bisbee(desk.Byline("Ana Paz - KMSA")), "kmsa"},
		"a byline with a maker behind a tilde":     {bisbee(desk.Byline("Ana Paz ~ KMSA Mesilla")), "kmsa"},
		"an office of another's":                   {bisbee(desk.Byline("NPR Staff")), "npr"},
		"a department of another's":                {bisbee(desk.Byline("NPR Luna Desk")), "npr"},
		"an office of another's in Spanish":        {bisbee(desk.Byline("Ana Paz, corresponsal de KMSA")), "kmsa"},
		"a former office of another's":             {bisbee(desk.Byline("Ana Paz, former KMSA reporter")), ""},
		"an office of a member station's":          {bisbee(desk.Byline("Ana Paz | NPR Member Station Reporter")), ""},
		"an office of the station's own":           {bisbee(desk.Byline("Bisbee Public Radio Staff")), ""},
		"a house with a maker's name in it":        {bisbee(desk.Byline("Ana Paz | KMSA Mesilla Media Network")), "kmsa"},
		"a collaborative behind a bar":             {bisbee(desk.Byline("Ana Paz | Mountain West News Bureau")), "mountainwestnews"},
		"a collaborative's reporter":               {bisbee(desk.Byline("Ana Paz, Harvest Public Media reporter")), "harvestpublicmedia"},
		"a source that is a common word":           {bisbee(desk.Byline("Ana Paz, Grist")), "grist"},
		"a person of that name":                    {bisbee(desk.Byline("Ana Grist")), ""},
		"a source whose name has a joining word":   {bisbee(desk.Byline("Ana Paz, Capital & Main")), "capitalandmain"},
		"a source without its article":             {bisbee(desk.Byline("Ana Paz | Texas Tribune")), "texastribune"},
		"a house that nobody lists":                {bisbee(desk.Byline("Ana Paz | The Delta Ledger")), ""},
		"a byline with the brand":                  {bisbee(desk.Byline("Ana Ruiz, Border 90.3")), ""},
		"a maker among the names that were parted": {bisbee(func(e *news.Entry) { e.Authors = []news.Person{{Name: "Ana Paz"}, {Name: "KMSA"}} }), "kmsa"},

		"a sign-off":                          {bisbee(desk.Text("<p>Wells.</p><p>KMSA's Ana Paz reports.</p>")), "kmsa"},
		"a sign-off with a curly apostrophe":  {bisbee(desk.Text("<p>Wells.</p><p>KMSA’s Ana Paz has more.</p>")), "kmsa"},
		"a sign-off before our line":          {bisbee(desk.Text("<p>Wells.</p><p>For Radio Ajo's Ana Ruiz reports.</p>" + desk.Credit)), "ajo"},
		"a sign-off that is not at the end":   {bisbee(desk.Text("<p>KMSA's Ana Paz reports.</p><p>Wells.</p>")), ""},
		"a last paragraph about a maker":      {bisbee(desk.Text("<p>Wells.</p><p>KMSA's Board of wells meets on Monday.</p>")), ""},
		"a sign-off of nobody's":              {bisbee(desk.Text("<p>Wells.</p><p>Luna's Ana Paz reports.</p>")), ""},
		"a wire's dateline":                   {bisbee(desk.Text("<p>DEMING (SW) — Wells run dry.</p>")), "sonora"},
		"a wire's dateline with a hyphen":     {bisbee(desk.Text("<p>DEMING, N.M. (AP) - Wells run dry.</p>")), "ap"},
		"a dateline without a dash":           {bisbee(desk.Text("<p>Deming (AP) wells run dry.</p>")), ""},
		"a dateline of nobody's":              {bisbee(desk.Text("<p>DEMING (XY) — Wells run dry.</p>")), ""},
		"a dateline in the second paragraph":  {bisbee(desk.Text("<p>Wells.</p><p>DEMING (SW) — Wells run dry.</p>")), ""},
		"a dateline in other letters":         {bisbee(desk.Text("<p>DEMING (ap) — Wells run dry.</p>")), ""},
		"a copyright line":                    {bisbee(desk.Text("<p>Wells.</p><p>Copyright 2031 KMSA Mesilla. All rights reserved.</p>")), "kmsa"},
		"a copyright line by its sign":        {bisbee(desk.Text("<p>Wells.</p><p>© 2030-2031 NPR</p><p>Thanks.</p>")), "npr"},
		"a copyright line above the last two": {bisbee(desk.Text("<p>Copyright 2031 NPR.</p><p>Wells.</p><p>Dry.</p>")), ""},
		"a copyright line without a year":     {bisbee(desk.Text("<p>Copyright NPR.</p>")), ""},
		"a copyright line of its article page": {withPage(bisbee(), news.Page{Verdict: news.VerdictUsed,
			Article: &news.Article{Copyright: []string{"Copyright 2031 NPR"}}}), "npr"},
		"a copyright line of its article page that is the station's own": {withPage(bisbee(), news.Page{Verdict: news.VerdictUsed,
			Article: &news.Article{Copyright: []string{"© 2031 Bisbee Public Radio"}}}), ""},
		"a copyright line of a page of another story": {withPage(bisbee(), news.Page{Verdict: news.VerdictWrong,
			Article: &news.Article{Copyright: []string{"Copyright 2031 NPR"}}}), ""},
		"NPR's number on its page":       {withPage(bisbee(), news.Page{Org: "1"}), "npr"},
		"a station's number on its page": {withPage(bisbee(), news.Page{Org: "7"}), ""},

		"the feed that it says it is from":       {bisbee(source("", "https://kmsa.example/rss.xml")), "kmsa"},
		"its own feed as its source":             {bisbee(source("Bisbee Public Radio", "https://bisbee.example/rss.xml")), ""},
		"the title of its source":                {bisbee(source("KMSA Mesilla", "")), "kmsa"},
		"a title that names more than a maker":   {bisbee(source("KMSA Mesilla on wells", "")), ""},
		"a guid on another's host":               {bisbee(desk.GUID("https://kmsa.example/?p=7")), "kmsa"},
		"a guid on nobody's host":                {bisbee(desk.GUID("https://elsewhere.example/?p=7")), ""},
		"a link that it was found by":            {bisbee(desk.Link("via", "https://sonorawire.example/wells")), "sonora"},
		"two hints at two makers: jointly":       {bisbee(desk.GUID("https://kmsa.example/?p=7"), desk.Link("via", "https://kdem.example/wells")), "kmsa kdem"},
		"two hints at one maker: once":           {bisbee(desk.GUID("https://kmsa.example/?p=7"), desk.Link("via", "https://kmsa.example/wells")), "kmsa"},
		"the source's address before its title":  {bisbee(source("KDEM Deming", "https://kmsa.example/rss.xml")), "kmsa"},
		"the section of an outside source":       {desk.Item("ajo", 1, desk.Entry("ajo", "a", "Wells", 9, desk.URL("https://ajo.example/wire/wells"))), "sonora"},
		"an address next to that section":        {desk.Item("ajo", 1, desk.Entry("ajo", "a", "Wells", 9, desk.URL("https://ajo.example/wires/wells"))), ""},
		"the same section on another's own host": {bisbee(desk.URL("https://bisbee.example/wire/wells")), ""},
	} {
		if have, credit := creditIn(d, c.item, Feed{}); have != c.want || (have == "") != (credit.Reason == "") {
			t.Errorf("%s: it credits %q (%s), want %q", name, have, credit.Reason, c.want)
		}
	}
}

// Each wording names another maker; the first that is left decides.
func TestTheFirstKindOfCreditDecides(t *testing.T) {
	c := desk.Config(t)
	d := directory.New(c)
	const sentence, signOff, dateline, copyright = "<p>Originally published by KMSA.</p>", "<p>BBC's Ana Paz reports.</p>", "<p>DEMING (AP) — Wells run dry.</p>", "<p>Copyright 2031 Reuters.</p>"
	section := desk.URL("https://ajo.example/wire/wells")
	hint := desk.GUID("https://bisbee.example/?p=7")
	byline := desk.Byline("Lee Orr, KDEM")
	for _, c := range []struct {
		want    string
		changes []desk.Change
	}{
		{"kmsa", []desk.Change{section, hint, byline, desk.Text(dateline + sentence + copyright + signOff)}},
		{"kdem", []desk.Change{section, hint, byline, desk.Text(dateline + copyright + signOff)}},
		{"bbc", []desk.Change{section, hint, desk.Text(dateline + copyright + signOff)}},
		{"ap", []desk.Change{section, hint, desk.Text(dateline + copyright)}},
		{"reuters", []desk.Change{section, hint, desk.Text(copyright)}},
		{"bisbee", []desk.Change{section, hint}},
		{"sonora", []desk.Change{section}},
	} {
		if have, credit := creditIn(d, desk.Item("ajo", 1, desk.Entry("ajo", "a", "Wells", 9, c.changes...)), Feed{}); have != c.want {
			t.Errorf("it credits %q (%s), want %q", have, credit.Reason, c.want)
		}
	}
}

func TestACreditThatRecursInItsFeed(t *testing.T) {
	d := desk.Directory(t)
	recurring := func(paragraph string) Feed { return Feed{Recurring: []uint64{text.Hash(paragraph)}} }
	for name, c := range map[string]struct{ said, want string }{
		"is a template where it names the feed's own station":       {"Originally published by Bisbee Public Radio.", ""},
		"is a template though it names others as well":              {"Originally published by Bisbee Public Radio and KMSA.", ""},
		"counts where it names another station alone":               {"Originally published by KMSA.", "kmsa"},
		"is a template as a sign-off of the feed's own station":     {"Bisbee Public Radio's Ana Ruiz reports.", ""},
		"is a template as a copyright line of its own station, too": {"Copyright 2031 Bisbee Public Radio.", ""},
	} {
		i := bisbee(desk.Text("<p>Wells.</p><p>" + c.said + "</p>"))
		if have, _ := creditIn(d, i, recurring(c.said)); have != c.want {
			t.Errorf("a credit that recurs %s: it credits %q, want %q", name, have, c.want)
		}
		if have, _ := creditIn(d, i, Feed{}); have == "" {
			t.Errorf("%q credits nobody where it does not recur", c.said)
		}
	}
}

func TestWhetherACreditNamesOthers(t *testing.T) {
	kmsa, kdem := news.Maker{Station: "kmsa"}, news.Maker{Station: "kdem"}
	for name, c := range map[string]struct {
		makers []news.Maker
		others bool
	}{
		"nobody":                       {nil, false},
		"the station":                  {[]news.Maker{kmsa}, false},
		"the station jointly":          {[]news.Maker{kdem, kmsa}, false},
		"another station":              {[]news.Maker{kdem}, true},
		"an outside source by its own": {[]news.Maker{{Outside: "ap"}}, true},
	} {
		if have := (Credit{Makers: c.makers}).Others("kmsa"); have != c.others {
			t.Errorf("a credit of %s names others: %t", name, have)
		}
	}
}

func TestAQuoteIsCutToALine(t *testing.T) {
	if have := Quote(strings.Repeat("ñ", 120)); have != "“"+strings.Repeat("ñ", 120)+"”" {
		t.Errorf("120 characters are %s", have)
	}
	if have := Quote(strings.Repeat("ñ", 121)); have != "“"+strings.Repeat("ñ", 120)+"…”" {
		t.Errorf("121 characters are %s", have)
	}
}

func TestIDsThatBringAStoryBackToTheDesk(t *testing.T) {
	d := desk.Directory(t)
	const page = "https://fronteras.example/stories/abc234"
	of := Returned{ID: "abc234"}
	for name, c := range map[string]struct {
		item     *news.Item
		credited bool
		want     []Returned
	}{
		"an item of its station's own has none":               {bisbee(), false, nil},
		"its guid is the address of our page":                 {bisbee(desk.GUID(page)), false, []Returned{of}},
		"its link is":                                         {bisbee(desk.URL(page)), false, []Returned{of}},
		"its canonical is":                                    {bisbee(desk.Link("canonical", page)), false, []Returned{of}},
		"it was found by our page":                            {bisbee(desk.Link("via", page)), false, []Returned{of}},
		"a related link is no sign":                           {bisbee(desk.Link("related", page)), false, nil},
		"its page's canonical is":                             {withPage(bisbee(), news.Page{Canonical: page}), false, []Returned{of}},
		"our home page is no story":                           {bisbee(desk.Link("canonical", "https://fronteras.example/")), false, nil},
		"its guid may be one of our tags":                     {bisbee(desk.GUID("tag:fronteras.example,2031:abc234")), false, []Returned{{"tag:fronteras.example,2031:abc234", true}}},
		"a station's guid counts with our credit":             {bisbee(desk.GUID("https://kmsa.example/?p=1")), true, []Returned{{"https://kmsa.example/?p=1", true}}},
		"a station's guid without our credit counts for none": {bisbee(desk.GUID("https://kmsa.example/?p=1")), false, nil},
	} {
		if have := ReturnedIDs(d, c.item, c.credited); !slices.Equal(have, c.want) {
			t.Errorf("%s: %+v, want %+v", name, have, c.want)
		}
	}
	r := NewReader(d)
	if !r.EvidenceOf(bisbee(desk.Text("<p>Wells.</p>"+desk.Credit)), Feed{}).Credited {
		t.Error("an item with our credit does not bear it")
	}
	if r.EvidenceOf(bisbee(desk.Text("<p>The Fronteras Desk asked about wells.</p>")), Feed{}).Credited {
		t.Error("an item that mentions us bears our credit")
	}
}
