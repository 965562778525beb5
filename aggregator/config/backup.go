package config

import "time"

// Bounds of backup, and what holds where a key is not written.
const (
	leastBackupEvery = time.Minute
	mostBackupEvery  = 30 * 24 * time.Hour
	usualBackupEvery = 24 * time.Hour
	mostBackups      = 1000
	usualBackups     = 14
)

func (c *Config) readBackup(v value) {
	c.Backup = Backup{Every: usualBackupEvery, Keep: usualBackups}
	v.mapping(fields{
		"every": duration(&c.Backup.Every, leastBackupEvery, mostBackupEvery),
		"keep":  number(&c.Backup.Keep, 1, mostBackups),
		"to":    text(&c.Backup.To, checkFolder),
	}, "to")
}
