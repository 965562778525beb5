package editors

import "strings"

// BrowserName says in a few words what a browser is that calls itself so (User-Agent), for people who
// look for their own: a phrase of these pages, or the beginning of what it says.
func BrowserName(agent string) string {
	const unknown = "A browser that does not say its name"
	if agent == "" {
		return unknown
	}
	if !strings.HasPrefix(agent, "Mozilla/") {
		const most = 40
		name, _, _ := strings.Cut(agent, " ")
		return strings.ToValidUTF8(name[:min(len(name), most)], "")
	}
	name := ""
	for _, b := range []struct{ mark, name string }{ // those that also call themselves another come first
		{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Firefox/", "Firefox"},
		{"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	} {
		if strings.Contains(agent, b.mark) {
			name = b.name
			break
		}
	}
	system := ""
	for _, o := range []struct{ mark, name string }{
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"},
		{"CrOS", "ChromeOS"}, {"Linux", "Linux"},
	} {
		if strings.Contains(agent, o.mark) {
			system = o.name
			break
		}
	}
	if name+system == "" {
		return unknown
	}
	return strings.Trim(name+", "+system, ", ")
}
