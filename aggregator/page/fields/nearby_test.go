package fields

import "testing"

// What follows the headline is near it wherever that stands: right in the body, or in a header of its
// own before the story.
func TestWhatFollowsTheHeadlineIsNearIt(t *testing.T) {
	const headline = "<h1>Rain falls on Ajo again</h1>"
	const beside = `<p>By Ana Ruiz</p><p>February 4, 2026</p><figure><img src="/rain.jpg"></figure>`
	for name, page := range map[string]string{
		"in the body":             headline + beside,
		"in a section of its own": "<section>" + headline + "</section><div>" + beside + "</div>",
		"in an article":           "<article>" + headline + beside + "</article>",
	} {
		e := Read(pageOf("https://ajo.example/rain", page)).Entry
		if e.Byline != "By Ana Ruiz" || e.Published.Year() != 2026 || len(e.Images) != 1 {
			t.Errorf("%s: %q, %v, %v", name, e.Byline, e.Published, e.Images)
		}
	}
}
