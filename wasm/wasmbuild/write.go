package wasmbuild

import (
	"fmt"
	"os"
	"path/filepath"
)

// Write puts data into the file path, whose folder it makes if need be. Whoever opens path meanwhile finds the old
// content or the new one, never a part.
func Write(path string, data []byte) (err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("wasmbuild: %w", err)
	}
	tmp, err := os.CreateTemp(dir, ".wasm-")
	if err != nil {
		return fmt.Errorf("wasmbuild: %w", err)
	}
	defer func() {
		if err != nil {
			os.Remove(tmp.Name())
			err = fmt.Errorf("wasmbuild: %w", err)
		}
	}()
	_, err = tmp.Write(data)
	if closeErr := tmp.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	if err := os.Chmod(tmp.Name(), 0o644); err != nil { // a temporary file is its owner's alone
		return err
	}
	return os.Rename(tmp.Name(), path)
}
