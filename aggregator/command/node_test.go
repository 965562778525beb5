//go:build readers || browser

package command

import (
	"os"
	"testing"
)

// nodeFolder is where .ci/run put the packages of npm.
func nodeFolder(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("NODE_FOLDER")
	if folder == "" {
		t.Fatal("NODE_FOLDER is not set: it names a folder with the packages of npm that .ci/run installs; " +
			"see .ci/run")
	}
	return folder
}
