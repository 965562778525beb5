package config

import (
	"path/filepath"
	"slices"
	"strings"
)

// Where an installed desk keeps its things (hier(7)). The package's unit makes the
// last two.
const (
	SystemFile    = "/etc/fronteras/config.yaml"
	SystemControl = systemRuntime + "/" + controlName
	systemState   = "/var/lib/fronteras"
	systemRuntime = "/run/fronteras"
)

// Names of the store and of the control socket where the configuration names none.
const (
	storeName   = "fronteras.db"
	controlName = "control.sock"
)

// Find says which configuration a process uses: the one that is named on the command
// line, else in $FRONTERAS_CONFIG, else config.yaml in the working directory, else
// [SystemFile]. Exists reports whether a file is there; a named one is not looked
// for. Where there is none, path is empty and tried lists the places.
func Find(named string, getenv func(string) string, exists func(string) bool) (path string, tried []string) {
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

// IsSystem reports whether a configuration is that of an installed daemon: it is under
// /etc.
func IsSystem(path string) bool { return under("/etc", filepath.Dir(path)) }

// place is where a daemon's store and control socket are.
type place struct{ store, control string }

// placeOf is the place of a daemon whose configuration, in a folder, names neither
// store nor control socket. State is $STATE_DIRECTORY, which systemd sets for the
// daemon and for no command.
func placeOf(folder, state string) place {
	store := filepath.Join(folder, storeName)
	switch {
	case state != "":
		store = filepath.Join(filepath.SplitList(state)[0], storeName) // systemd names ours first
	case under("/etc", folder): // where no daemon may write
		store = filepath.Join(systemState, storeName)
	}
	return place{store, controlOf(store)}
}

// controlOf is where the daemon of a store listens for commands. It depends on the
// store alone, so that both sides come to the same answer.
func controlOf(store string) string {
	if under(systemState, filepath.Dir(store)) {
		return SystemControl
	}
	return BesideStore(store)
}

// BesideStore is the control socket in a store's own folder. Commands look there
// too, so a daemon that listens elsewhere leaves a link there.
func BesideStore(store string) string { return filepath.Join(filepath.Dir(store), controlName) }

// elsewhere lists where a daemon may listen that runs the same configuration in
// another environment: with another $STATE_DIRECTORY, or without systemd. Bare is the
// socket of one without any.
func elsewhere(store, control, bare string) []string {
	return others(control, BesideStore(store), bare, SystemControl)
}

// links lists where a daemon leaves links to its control socket: beside the store,
// and where a command looks that lacks the daemon's environment, unless the
// configuration names the socket. The system's socket is the installed daemon's.
func links(store, control, bare string, usual bool) []string {
	if !usual {
		return others(control, BesideStore(store))
	}
	list := others(control, BesideStore(store), bare)
	return slices.DeleteFunc(list, func(path string) bool { return under(systemRuntime, filepath.Dir(path)) })
}

// others are paths for sockets, each once, without one of them.
func others(than string, paths ...string) []string {
	var list []string
	for _, path := range paths {
		if path != than && len(path) <= maxSocket && !slices.Contains(list, path) {
			list = append(list, path)
		}
	}
	return list
}

// under reports whether a folder is another, or in it. Links in the folder's path are
// followed, where they can be.
func under(top, folder string) bool {
	within := func(path string) bool { return path == top || strings.HasPrefix(path, top+"/") }
	if within(filepath.Clean(folder)) {
		return true
	}
	real, err := filepath.EvalSymlinks(folder)
	return err == nil && within(real)
}
