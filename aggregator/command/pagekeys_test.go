package command

import (
	"testing"

	"fronteras/aggregator/config"
	"fronteras/aggregator/publish"
)

func TestDocumentsKnowWhichPicturesAreShown(t *testing.T) {
	for configured, want := range map[config.Pictures]publish.Pictures{
		config.AllPictures: publish.AllPictures, config.LeadPicture: publish.LeadPicture,
		config.NoPictures: publish.NoPictures,
	} {
		if have := picturesShown(configured); have != want {
			t.Errorf("%s: %v, want %v", configured, have, want)
		}
	}
}
