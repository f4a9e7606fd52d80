package state_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
)

const mebibyte = 1 << 20

func open(t *testing.T, dir string, limit int64) *state.Store {
	t.Helper()
	s, err := state.Open(dir, limit)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// contents is all that a store holds.
type contents struct {
	Buckets        []state.Bucket
	Configurations map[string]string // of accounts, too
	Objects        map[string][]state.Object
	Size           int64
}

func everything(s *state.Store) contents {
	c := contents{Configurations: map[string]string{}, Objects: map[string][]state.Object{}, Size: s.Size()}
	s.View(func(tx *state.Tx) error {
		c.Buckets = tx.Buckets()
		for _, account := range accounts {
			if body, ok := tx.AccountConfiguration(account, "block"); ok {
				c.Configurations["account "+account] = string(body)
			}
		}
		for _, b := range c.Buckets {
			for _, resource := range []string{"cors", "inventory"} {
				for id, body := range tx.Configurations(b.Name, resource) {
					c.Configurations[b.Name+" "+resource+" "+id] = string(body)
				}
			}
			for o := range tx.Objects(b.Name, "") {
				c.Objects[b.Name] = append(c.Objects[b.Name], *o)
			}
		}
		return nil
	})
	return c
}

// accounts are names of accounts, one of which is the beginning of another.
var accounts = []string{"1", "1\x002"}

var day = time.Date(2025, 4, 17, 12, 0, 0, 0, time.UTC)

// A step changes something at random; the error is that of the store.
func step(r *rand.Rand, tx *state.Tx) error {
	name := fmt.Sprintf("bucket-%d", r.IntN(3))
	id := fmt.Sprint(r.IntN(3))
	b, exists := tx.Bucket(name)
	if !exists {
		return tx.PutBucket(state.Bucket{Name: name, Owner: "1", Created: day, ACL: "private"})
	}
	body := make([]byte, r.IntN(100))
	for i := range body {
		body[i] = byte(r.Uint32())
	}
	switch r.IntN(10) {
	case 0:
		if tx.Empty(name) {
			return tx.DeleteBucket(name)
		}
		return nil
	case 1:
		b.AddHTTPS(body, day.Add(time.Duration(r.IntN(10))*time.Minute), time.Minute)
		return tx.PutBucket(b)
	case 2:
		return tx.PutConfiguration(name, "cors", "", body)
	case 3:
		return tx.PutConfiguration(name, "inventory", id, body)
	case 4:
		return tx.DeleteConfiguration(name, "inventory", id)
	case 5:
		return tx.DeleteObject(name, "key/"+id)
	case 6:
		return tx.PutAccountConfiguration(accounts[r.IntN(2)], "block", body)
	case 7:
		return tx.DeleteAccountConfiguration(accounts[r.IntN(2)], "block")
	default:
		return tx.PutObject(name, &state.Object{Key: "key/" + id, Body: body, Modified: day, CRC64: r.Uint64(),
			Headers: map[string]string{"Content-Type": string(body)}})
	}
}

// TestWhatIsOnDisk makes random changes, some of which are taken back, and opens the folder again.
func TestWhatIsOnDisk(t *testing.T) {
	dir := t.TempDir()
	r := rand.New(rand.NewPCG(1, 2))
	refused := errors.New("refused")
	for range 5 {
		s := open(t, dir, mebibyte)
		for range 100 {
			before := everything(s)
			back := r.IntN(3) == 0
			err := s.Update(func(tx *state.Tx) error {
				for range r.IntN(4) {
					if err := step(r, tx); err != nil {
						return err
					}
				}
				if back {
					return refused
				}
				return nil
			})
			if back != errors.Is(err, refused) || !back && err != nil {
				t.Fatal(err)
			}
			if back {
				if diff := cmp.Diff(before, everything(s)); diff != "" {
					t.Fatalf("after what was taken back (-before +after):\n%s", diff)
				}
			}
		}
		want := everything(s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		again := open(t, dir, mebibyte)
		if diff := cmp.Diff(want, everything(again)); diff != "" {
			t.Fatalf("opened again (-want +got):\n%s", diff)
		}
		again.Close()
	}
}

// TestAPanic shows that what a function changed before it panicked is taken back and that the store goes on.
func TestAPanic(t *testing.T) {
	for _, dir := range []string{"", t.TempDir()} {
		s := open(t, dir, mebibyte)
		func() {
			defer func() { recover() }()
			s.Update(func(tx *state.Tx) error {
				tx.PutBucket(state.Bucket{Name: "a"})
				panic("planted")
			})
		}()
		if diff := cmp.Diff(contents{Configurations: map[string]string{}, Objects: map[string][]state.Object{}}, everything(s)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if err := s.Update(func(tx *state.Tx) error { return tx.PutBucket(state.Bucket{Name: "b"}) }); err != nil {
			t.Error(err)
		}
	}
}

func TestLimit(t *testing.T) {
	s := open(t, "", 100)
	put := func(key string, size int) error {
		return s.Update(func(tx *state.Tx) error {
			if err := tx.PutBucket(state.Bucket{Name: "a"}); err != nil {
				return err
			}
			return tx.PutObject("a", &state.Object{Key: key, Body: make([]byte, size)})
		})
	}
	for i, step := range []struct {
		key  string
		size int
		want error
		left int64
	}{
		// The names of the bucket and of an object take a byte each.
		{"a", 58, nil, 60}, {"b", 40, state.ErrFull, 60}, {"b", 39, nil, 100}, {"a", 59, state.ErrFull, 100}, {"a", 8, nil, 50}, {"b", 89, nil, 100},
	} {
		if err := put(step.key, step.size); !errors.Is(err, step.want) || s.Size() != step.left {
			t.Errorf("step %d: %v with %d bytes, want %v with %d", i, err, s.Size(), step.want, step.left)
		}
	}
}

// TestWhatCounts fills a store with nothing but what a client may choose beside bodies.
func TestWhatCounts(t *testing.T) {
	const limit = 10000
	long := func(n int) string { return fmt.Sprintf("%0100d", n) }
	for _, test := range []struct {
		name string
		put  func(tx *state.Tx, n int) error
	}{
		{"names of objects", func(tx *state.Tx, n int) error { return tx.PutObject("a", &state.Object{Key: long(n)}) }},
		{"headers of objects", func(tx *state.Tx, n int) error {
			return tx.PutObject("a", &state.Object{Key: fmt.Sprint(n), Headers: map[string]string{"X-Oss-Meta-A": long(n)}})
		}},
		{"names of configurations", func(tx *state.Tx, n int) error { return tx.PutConfiguration("a", "style", long(n), nil) }},
		{"configurations of accounts", func(tx *state.Tx, n int) error {
			return tx.PutAccountConfiguration(long(n), "block", nil)
		}},
		{"buckets", func(tx *state.Tx, n int) error {
			return tx.PutBucket(state.Bucket{Name: fmt.Sprint(n), StorageClass: long(n)})
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir, limit)
			var err error
			n := 0
			for ; err == nil && n <= limit/100; n++ {
				err = s.Update(func(tx *state.Tx) error {
					if _, ok := tx.Bucket("a"); !ok {
						if err := tx.PutBucket(state.Bucket{Name: "a"}); err != nil {
							return err
						}
					}
					return test.put(tx, n)
				})
			}
			if !errors.Is(err, state.ErrFull) {
				t.Errorf("%d were stored: %v", n, err)
			}
			size := s.Size()
			s.Close()
			if again := open(t, dir, limit); again.Size() != size {
				t.Errorf("%d bytes, and %d once opened again", size, again.Size())
			}
		})
	}
}

func TestFoldersThatCannotBeOpened(t *testing.T) {
	file := func(t *testing.T, content string) string {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "state.db"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	if _, err := state.Open(file(t, "not a database, but long enough to be looked at"), mebibyte); !errors.Is(err, state.ErrFormat) {
		t.Errorf("another file: %v", err)
	}
	dir := t.TempDir()
	s := open(t, dir, mebibyte)
	if err := s.Update(func(tx *state.Tx) error {
		return tx.PutBucket(state.Bucket{Name: "a", HTTPS: []state.Version{{Document: make([]byte, 100)}}})
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := state.Open(dir, mebibyte); !errors.Is(err, state.ErrInUse) {
		t.Errorf("a folder in use: %v", err)
	}
	s.Close()
	if _, err := state.Open(dir, 99); !errors.Is(err, state.ErrFull) {
		t.Errorf("more than is allowed: %v", err)
	}
	if err := s.Update(func(*state.Tx) error { return nil }); !errors.Is(err, state.ErrClosed) {
		t.Errorf("a closed store: %v", err)
	}
}

// TestAFileOfBefore opens a file that was written when accounts had no configurations.
func TestAFileOfBefore(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, mebibyte)
	if err := s.Update(func(tx *state.Tx) error { return tx.PutBucket(state.Bucket{Name: "a", Created: day}) }); err != nil {
		t.Fatal(err)
	}
	want := everything(s)
	s.Close()
	change := func(f func(*bbolt.Tx) error) {
		t.Helper()
		db, err := bbolt.Open(filepath.Join(dir, "state.db"), 0o600, nil)
		if err == nil {
			err = errors.Join(db.Update(f), db.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	change(func(tx *bbolt.Tx) error { return tx.DeleteBucket([]byte("accounts")) })
	s = open(t, dir, mebibyte)
	if diff := cmp.Diff(want, everything(s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := s.Update(func(tx *state.Tx) error { return tx.PutAccountConfiguration("1", "block", []byte("x")) }); err != nil {
		t.Error(err)
	}
	s.Close()
	change(func(tx *bbolt.Tx) error { return tx.Bucket([]byte("accounts")).Put([]byte("no resource"), nil) })
	if _, err := state.Open(dir, mebibyte); !errors.Is(err, state.ErrFormat) {
		t.Errorf("a record that is none: %v", err)
	}
}

func TestObjectsInOrder(t *testing.T) {
	s := open(t, "", mebibyte)
	r := rand.New(rand.NewPCG(3, 4))
	var want []string
	for i := range 200 {
		want = append(want, fmt.Sprintf("%c%03d", 'a'+rune(r.IntN(3)), i))
	}
	err := s.Update(func(tx *state.Tx) error {
		if err := tx.PutBucket(state.Bucket{Name: "a"}); err != nil {
			return err
		}
		for _, key := range want {
			if err := tx.PutObject("a", &state.Object{Key: key}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(want)
	from, _ := slices.BinarySearch(want, "b")
	var got []string
	s.View(func(tx *state.Tx) error {
		for o := range tx.Objects("a", "b") {
			got = append(got, o.Key)
		}
		return nil
	})
	if diff := cmp.Diff(want[from:], got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestHTTPSInForce(t *testing.T) {
	const delay = 30 * time.Minute
	at := func(minutes int) time.Time { return day.Add(time.Duration(minutes) * time.Minute) }
	var b state.Bucket
	for _, v := range []struct {
		minute   int
		document string
	}{{0, "first"}, {10, "second"}, {50, "third"}} {
		b.AddHTTPS([]byte(v.document), at(v.minute), delay)
	}
	type force struct {
		Document string
		Next     time.Time
	}
	for _, test := range []struct {
		minute int
		delay  time.Duration
		want   force
	}{
		{50, 0, force{"third", time.Time{}}},
		{50, delay, force{"second", at(80)}},
		{79, delay, force{"second", at(80)}},
		{80, delay, force{"third", time.Time{}}},
	} {
		document, next := b.HTTPSInForce(at(test.minute), test.delay)
		if diff := cmp.Diff(test.want, force{string(document), next}); diff != "" {
			t.Errorf("minute %d with delay %s (-want +got):\n%s", test.minute, test.delay, diff)
		}
	}
	if document, next := new(state.Bucket).HTTPSInForce(day, delay); document != nil || !next.IsZero() {
		t.Errorf("never configured: %q, %v", document, next)
	}
	var young state.Bucket
	young.AddHTTPS([]byte("first"), at(0), delay)
	if document, next := young.HTTPSInForce(at(29), delay); document != nil || next != at(30) {
		t.Errorf("not yet in force: %q, %v", document, next)
	}
	for i := range 1000 {
		young.AddHTTPS([]byte(fmt.Sprint(i)), at(1), delay)
	}
	if len(young.HTTPS) > 16 || string(young.HTTPSDocument()) != "999" {
		t.Errorf("%d versions, the last %q", len(young.HTTPS), young.HTTPSDocument())
	}
}
