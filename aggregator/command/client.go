package command

import (
	"fronteras/aggregator/config"
	"fronteras/aggregator/fetch"
)

// newClient makes the client that feeds are fetched with. Further are addresses
// beside the configured ones that somebody has typed.
func newClient(c *config.Config, further ...string) *fetch.Client {
	return fetch.NewClient(clientOptions(c, further...))
}

func clientOptions(c *config.Config, further ...string) fetch.Options {
	version, _ := versionOf()
	for _, s := range c.Stations {
		for _, f := range s.Feeds {
			further = append(further, f.URL)
		}
	}
	return fetch.Options{
		UserAgent: fetch.UserAgent(version, c.Desk.URL, c.Desk.Contact), Timeout: c.Poll.Timeout, MaxSize: c.Poll.MaxSize,
		PrivateNetworks: c.Poll.PrivateNetworks, Addresses: further,
	}
}
