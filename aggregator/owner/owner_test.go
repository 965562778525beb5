package owner

import (
	"os"
	"path/filepath"
	"testing"
)

// Root gives files and folders away; other users keep theirs.
func TestWhatIsMadeBelongsToTheOwnerOfItsModel(t *testing.T) {
	model := t.TempDir()
	wantUID, wantGID := os.Geteuid(), os.Getegid()
	if os.Geteuid() == 0 {
		wantUID, wantGID = 4711, 4712
		if err := os.Chown(model, wantUID, wantGID); err != nil {
			t.Fatal(err)
		}
	}
	folder := filepath.Join(t.TempDir(), "folder")
	if err := os.Mkdir(folder, 0o750); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(folder, "file"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := GiveFile(f, model); err != nil {
		t.Fatal(err)
	}
	if err := GiveFolder(folder, model); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{folder, f.Name()} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if uid, gid := FileOwner(info); uid != wantUID || os.Geteuid() == 0 && gid != wantGID {
			t.Errorf("%s belongs to %d:%d, want %d:%d", path, uid, gid, wantUID, wantGID)
		}
	}
}

// A name that was led elsewhere meanwhile gives nothing away.
func TestALinkInTheFoldersPlaceIsNotFollowed(t *testing.T) {
	target, link := t.TempDir(), filepath.Join(t.TempDir(), "folder")
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	if err := GiveFolder(link, target); err == nil {
		t.Error("the link was followed")
	}
}

func TestWithoutAModelTheFileKeepsItsOwner(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := GiveFile(f, filepath.Join(t.TempDir(), "nothing")); err != nil {
		t.Error(err)
	}
}

func TestAUserWithoutANameIsANumber(t *testing.T) {
	if name := UserName(2_000_000_001); name != "2000000001" {
		t.Errorf("%q", name)
	}
}
