package atomicfile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/ossconf/ossconf/internal/atomicfile"
)

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// alone fails the test if anything but the named files is in dir.
func alone(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(names) {
		t.Errorf("the folder holds %v, want %v", entries, names)
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	for _, content := range []string{"first", "the second, which is longer", ""} {
		if err := atomicfile.Write(path, []byte(content)); err != nil {
			t.Fatal(err)
		}
		if got := read(t, path); got != content {
			t.Errorf("the file holds %q, want %q", got, content)
		}
	}
	alone(t, dir, "file")
}

// TestWriteReplaces shows that a file is replaced, not written over: who has it open keeps the old content.
func TestWriteReplaces(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a file that is open cannot be replaced there")
	}
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	open, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	if err := atomicfile.Write(path, []byte("new")); err != nil {
		t.Fatal(err)
	}
	var old [8]byte
	if n, _ := open.Read(old[:]); string(old[:n]) != "old" {
		t.Errorf("an open file reads %q, want the old content", old[:n])
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode() != 0o640 {
		t.Errorf("the mode is %v, want that of the old file", info.Mode())
	}
}

func TestWriteFollowsLinks(t *testing.T) {
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "link")
	if err := os.WriteFile(target, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("target", link); err != nil {
		t.Skip(err)
	}
	if err := atomicfile.Write(link, []byte("new")); err != nil {
		t.Fatal(err)
	}
	if got := read(t, target); got != "new" {
		t.Errorf("the target holds %q", got)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
}

func TestWriteLeavesDevices(t *testing.T) {
	before, err := os.Stat(os.DevNull)
	if err != nil || before.Mode().IsRegular() {
		t.Skip("no device to write to")
	}
	if err := atomicfile.Write(os.DevNull, []byte("x")); err != nil {
		t.Fatal(err)
	}
	if after, err := os.Stat(os.DevNull); err != nil || after.Mode() != before.Mode() {
		t.Errorf("%s is now %v, %v", os.DevNull, after, err)
	}
}

func TestWriteFails(t *testing.T) {
	dir := t.TempDir()
	for name, path := range map[string]string{"folder": dir, "no folder": filepath.Join(dir, "none", "file")} {
		err := atomicfile.Write(path, []byte("x"))
		var pathError *fs.PathError
		if !errors.As(err, &pathError) {
			t.Errorf("%s: %v, want a PathError", name, err)
		}
	}
	alone(t, dir)
}

func TestCreate(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	if err := atomicfile.Create(path, []byte("first")); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Create(path, []byte("second")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("%v, want ErrExist", err)
	}
	if got := read(t, path); got != "first" {
		t.Errorf("the file holds %q", got)
	}
	alone(t, dir, "file")
	if err := atomicfile.Create(filepath.Join(dir, "none", "file"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v, want ErrNotExist", err)
	}
}

// TestCreateOnce has many create a file at once: one of them does.
func TestCreateOnce(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	created := make(chan string, 20)
	var wg sync.WaitGroup
	for i := range cap(created) {
		wg.Go(func() {
			if content := string(rune('a' + i)); atomicfile.Create(path, []byte(content)) == nil {
				created <- content
			}
		})
	}
	wg.Wait()
	close(created)
	if first := <-created; len(created) > 0 || read(t, path) != first {
		t.Errorf("%d more were created; the file holds %q, want %q", len(created), read(t, path), first)
	}
	alone(t, dir, "file")
}
