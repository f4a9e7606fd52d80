package host_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/ossconf/ossconf/host"
)

func TestBadOptions(t *testing.T) {
	for _, test := range []struct {
		name    string
		options host.Options
		want    error
	}{
		{"more memory than there is", host.Options{MemoryLimitPages: 1<<16 + 1}, host.ErrOptions},
		{"a cache that is no folder", host.Options{CacheDir: filepath.Join("options_test.go", "cache")}, host.ErrCache},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := host.Load(t.Context(), realModule(t), test.options); !errors.Is(err, test.want) {
				t.Errorf("error %v, want %v", err, test.want)
			}
		})
	}
}
