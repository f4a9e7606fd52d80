// Package atomicfile writes files whole or not at all.
//
// Call [Write] with all that the file is to hold, or [Create] for a file that must not be there yet.
package atomicfile

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Write puts data into the file path. Whoever opens path meanwhile finds the old content or the new one, never a
// part; after an error the old content is still there. A file that exists keeps its permissions, and a symbolic link
// keeps leading to it. A path that is no regular file, such as a device, is written to as it is, and so is standard
// output or standard error by another name.
//
// The error is an [*fs.PathError] or [*os.LinkError].
func Write(path string, data []byte) error {
	// /dev/stdout and the like lead to a file that the shell has opened, perhaps to append to it.
	for _, f := range [...]*os.File{os.Stdout, os.Stderr} {
		if same(path, f) {
			_, err := f.Write(data)
			return err
		}
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return replace(path, data, nil)
	case err != nil:
		return err
	case info.IsDir():
		return &fs.PathError{Op: "write", Path: path, Err: errors.New("is a directory")}
	case !info.Mode().IsRegular():
		return writeThrough(path, data)
	}
	mode := info.Mode().Perm()
	return replace(path, data, &mode)
}

// Create is Write for a path that does not exist; meanwhile there is an empty file. If something is there already it
// stays, and the error wraps [fs.ErrExist].
func Create(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666) // nobody else can take the name from here on
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err == nil {
		mode := info.Mode().Perm()
		err = replace(path, data, &mode)
	}
	if err != nil {
		os.Remove(path)
	}
	return err
}

// same reports whether path leads to what f is.
func same(path string, f *os.File) bool {
	info, err := os.Stat(path)
	if err != nil {
		return false
	}
	open, err := f.Stat()
	return err == nil && os.SameFile(info, open)
}

// replace writes a file beside path and renames it. The file gets the mode, or if that is nil what the umask leaves.
func replace(path string, data []byte, mode *fs.FileMode) (err error) {
	perm := fs.FileMode(0o666)
	if mode != nil {
		perm = *mode
	}
	name := filepath.Join(filepath.Dir(path), ".ossconf-"+rand.Text()+".tmp")
	tmp, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, perm)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(name)
		}
	}()
	_, err = tmp.Write(data)
	if err == nil && mode != nil {
		err = tmp.Chmod(perm) // the umask may have taken some of it
	}
	if err == nil {
		err = tmp.Sync() // or a crash after the rename could leave an empty file
	}
	if closeErr := tmp.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return os.Rename(name, path)
}

func writeThrough(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}
