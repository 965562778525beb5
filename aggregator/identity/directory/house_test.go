package directory_test

import (
	"testing"

	"fronteras/aggregator/identity/directory"
	desk "fronteras/store/storetest/desk"
)

func TestLookingUpANameThatIsAllOfAText(t *testing.T) {
	d := desk.Directory(t)
	for text, want := range map[string]struct {
		id    string
		known bool
	}{
		"KMSA":                  {"kmsa", true},
		"KMSA's":                {"kmsa", true},
		"The Associated Press":  {"ap", true},
		"the Associated Press":  {"ap", true},
		"The Sonora Wire":       {"sonora", true},
		"The Radio Ajo":         {"ajo", true},
		"World":                 {"", false},
		"Border 90.3":           {"", true},
		"Fronteras Desk":        {"", true},
		"The Fronteras Desk":    {"", true},
		"Fronteras":             {"", false},
		"KMSA today":            {"", false},
		"":                      {"", false},
		"The":                   {"", false},
		"The KMSA Mesilla News": {"", false},
	} {
		m, known := d.Lookup(text)
		if have := m.Station + m.Outside; have != want.id || known != want.known {
			t.Errorf("%q is %q (%t), want %q (%t)", text, have, known, want.id, want.known)
		}
	}
}

func TestFormsOfAStationsOwnName(t *testing.T) {
	c := desk.Config(t)
	c.Stations[3].ID, c.Stations[3].Name = "knpm", "KNPM"
	c.Stations[3].URL, c.Stations[3].Hosts = "https://knpm.example", []string{"knpm.example"}
	c.Stations[2].ID, c.Stations[2].Name = "delta", "Northern Delta Radio"
	d := directory.New(c)
	for _, c := range []struct {
		station, house string
		own            bool
	}{
		{"ajo", "Ajo News Network", true},
		{"ajo", "The Ajo News Service", true},
		{"ajo", "AJO Media", true},
		{"ajo", "Delta News Service", false},
		{"ajo", "Delta Ajo News Service", false},
		{"ajo", "Border News Network", false},
		{"bisbee", "Border News Network", true},
		{"ajo", "Fronteras News Network", true},
		{"bisbee", "Bisbee Public Radio News", true},
		{"bisbee", "Bisbee Public Media", false},
		{"bisbee", "Delta Public Radio", false},
		{"knpm", "Northern Public Media", true},
		{"knpm", "Northern Plains Media", true},
		{"knpm", "Delta Public Media", false},
		{"knpm", "Northern Public Radio", false},
		{"ajo", "News Service", false},
		{"delta", "KNDR", true},
		{"delta", "KNDR News", true},
		{"delta", "KRST News", false},
		{"nobody", "Ajo News Network", false},
	} {
		if have := d.IsOwnForm(c.station, c.house); have != c.own {
			t.Errorf("%q is a form of the name of %s: %t", c.house, c.station, have)
		}
	}
}
