package config

import (
	"path/filepath"
	"slices"
	"strings"
)

// Where an installed desk keeps its things (hier(7)). The package's unit makes the last two.
const (
	SystemFile    = "/etc/fronteras/config.yaml"
	SystemControl = systemRuntime + "/" + controlName
	systemState   = "/var/lib/fronteras"
	systemRuntime = "/run/fronteras"
)

// Names of the store and of the control socket if the configuration names none.
const (
	storeName   = "fronteras.db"
	controlName = "control.sock"
)

// FindFile says which configuration a process uses: the one that is named on the command line,
// otherwise in $FRONTERAS_CONFIG, otherwise config.yaml in the working directory, otherwise
// [SystemFile]. Exists reports whether a file is there; it is not asked about a named one. If there
// is none, path is empty and tried lists the places.
func FindFile(named string, getenv func(string) string, exists func(string) bool) (path string, tried []string) {
	if named != "" {
		return named, nil
	}
	if named = getenv("FRONTERAS_CONFIG"); named != "" {
		return named, nil
	}
	tried = []string{"config.yaml", SystemFile}
	for _, path := range tried {
		if exists(path) {
			return path, nil
		}
	}
	return "", tried
}

// IsSystemFile reports whether a configuration is that of an installed daemon: it is under /etc.
func IsSystemFile(path string) bool { return isInFolder("/etc", filepath.Dir(path)) }

// defaultStore is where the store is if the configuration, in a folder, does not name it. State is
// $STATE_DIRECTORY, which systemd sets for the daemon but not for commands.
func defaultStore(folder, state string) string {
	switch {
	case state != "":
		return filepath.Join(filepath.SplitList(state)[0], storeName) // systemd puts ours first
	case isInFolder("/etc", folder): // where daemons must not write
		return filepath.Join(systemState, storeName)
	}
	return filepath.Join(folder, storeName)
}

// controlSocketOf is where the daemon of a store listens for commands. It depends on the store
// only, so that both sides get the same answer.
func controlSocketOf(store string) string {
	if isInFolder(systemState, filepath.Dir(store)) {
		return SystemControl
	}
	return SocketNextToStore(store)
}

// SocketNextToStore is the control socket in a store's own folder. Commands look there too, so a
// daemon that listens elsewhere leaves a link there.
func SocketNextToStore(store string) string { return filepath.Join(filepath.Dir(store), controlName) }

// isSystemSocket reports whether a socket is in the folder that the package's unit makes.
func isSystemSocket(path string) bool { return isInFolder(systemRuntime, filepath.Dir(path)) }

// maxSocket is the longest path that a Unix socket can have on Linux (unix(7)).
const maxSocket = 107

// otherSockets returns paths that a socket can have, each once, without one of them.
func otherSockets(without string, paths ...string) []string {
	var list []string
	for _, path := range paths {
		if path != without && len(path) <= maxSocket && !slices.Contains(list, path) {
			list = append(list, path)
		}
	}
	return list
}

// isInFolder reports whether a folder is top, or in it. Links in the folder's path are followed if
// possible.
func isInFolder(top, folder string) bool {
	within := func(path string) bool { return path == top || strings.HasPrefix(path, top+"/") }
	if within(filepath.Clean(folder)) {
		return true
	}
	resolved, err := filepath.EvalSymlinks(folder)
	return err == nil && within(resolved)
}
