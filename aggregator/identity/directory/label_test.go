package directory_test

import (
	"testing"

	desk "fronteras/store/storetest/desk"
)

func TestNamesOfHouses(t *testing.T) {
	d := desk.Directory(t)
	for text, want := range map[string]bool{
		"KMSA": true, "KMSA Mesilla": true, "Radio Ajo": true, "Radio Ajo 91.5 FM": true, "NPR": true, "NPR News": true,
		"Border 90.3": true, "Fronteras Desk": true, "KMSA and NPR": true, "kmsa.example": true, "Sonora Wire": true,
		"": false, "News": false, "91.5": false, "Ana Paz": false, "Ana Paz of KMSA": false, "The Delta Ledger": false,
		"Radio Ajo wins": false, "kmsa": false,
	} {
		if have := d.IsHouse(text); have != want {
			t.Errorf("%q is a house: %t", text, have)
		}
	}
}

func TestHeadlinesWithoutNamesOfHouses(t *testing.T) {
	d := desk.Directory(t)
	for title, want := range map[string]string{
		"Orchard sold | Radio Ajo":                "Orchard sold",
		"Orchard sold : NPR":                      "Orchard sold",
		"Orchard sold – KMSA Mesilla":             "Orchard sold",
		"Orchard sold | News | Radio Ajo":         "Orchard sold",
		"NPR News: Orchard sold":                  "Orchard sold",
		"Radio Ajo | Orchard sold - Border 90.3":  "Orchard sold",
		"Orchard sold":                            "Orchard sold",
		"Orchard sold | The Delta Ledger":         "Orchard sold | The Delta Ledger",
		"Orchard sold: Radio Ajo wins":            "Orchard sold: Radio Ajo wins",
		"Radio Ajo | KMSA":                        "Radio Ajo | KMSA",
		"Orchard-sold":                            "Orchard-sold",
		"Radio Ajo":                               "Radio Ajo",
		"¿Quién paga? | Radio Ajo":                "¿Quién paga?",
		"Dam fails: three towns wait | Radio Ajo": "Dam fails: three towns wait",
	} {
		if have := d.WithoutHouses(title); have != want {
			t.Errorf("%q is %q, want %q", title, have, want)
		}
	}
}
