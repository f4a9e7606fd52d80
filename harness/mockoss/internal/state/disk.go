package state

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// fileName is the file in the folder given to [Open].
const fileName = "state.db"

// format is the number of the layout of the file. A file with another one is refused.
const format = 1

// The tables of the file. A name and what it leads to are separated by a NUL, which neither bucket names nor
// sub-resources hold.
var (
	metaTable           = []byte("meta")           // "format": the number, in decimal
	bucketsTable        = []byte("buckets")        // bucket: the JSON of a Bucket
	configurationsTable = []byte("configurations") // bucket NUL resource NUL id: the body
	accountsTable       = []byte("accounts")       // account NUL resource: the body; a file of before has no such table
	objectsTable        = []byte("objects")        // bucket NUL key: see objectRecord
)

// lockTimeout is how long Open waits for another process to let go of the file.
const lockTimeout = time.Second

// Open returns the state in a folder, which is made if need be, or an empty one in memory if dir is empty. Buckets,
// configurations and objects may take up limit bytes in all, names and headers included. The error wraps [ErrInUse], [ErrFormat], [ErrFull] or is of the file
// system.
func Open(dir string, limit int64) (*Store, error) {
	s := &Store{limit: limit, buckets: make(map[string]*bucket), accounts: make(map[string][]byte)}
	if dir == "" {
		return s, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, fileName)
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockTimeout})
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return nil, fmt.Errorf("%w: %s", ErrInUse, dir)
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrChecksum), errors.Is(err, berrors.ErrVersionMismatch):
		return nil, fmt.Errorf("%w: %s: %w", ErrFormat, path, err)
	case err != nil:
		return nil, err
	}
	if err = db.Update(prepare); err == nil {
		err = db.View(s.load)
	}
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	s.disk = db
	return s, nil
}

// prepare makes the tables of a new file and checks the format of an old one.
func prepare(tx *bbolt.Tx) error {
	if meta := tx.Bucket(metaTable); meta != nil {
		if got := string(meta.Get([]byte("format"))); got != strconv.Itoa(format) {
			return fmt.Errorf("%w: it has format %q, not %d", ErrFormat, got, format)
		}
	}
	for _, table := range [][]byte{metaTable, bucketsTable, configurationsTable, accountsTable, objectsTable} {
		if _, err := tx.CreateBucketIfNotExists(table); err != nil {
			return err
		}
	}
	return tx.Bucket(metaTable).Put([]byte("format"), []byte(strconv.Itoa(format)))
}

// load reads the whole file into memory.
func (s *Store) load(tx *bbolt.Tx) error {
	err := tx.Bucket(bucketsTable).ForEach(func(name, record []byte) error {
		var b Bucket
		if err := json.Unmarshal(record, &b); err != nil || b.Name != string(name) {
			return fmt.Errorf("%w: bucket %q", ErrFormat, name)
		}
		s.buckets[b.Name] = newBucket(b)
		s.size += int64(bucketSize(&b))
		return nil
	})
	if err != nil {
		return err
	}
	err = tx.Bucket(configurationsTable).ForEach(func(path, body []byte) error {
		b, key, err := s.owner(path)
		if err != nil {
			return err
		}
		b.configurations[key] = bytes.Clone(body)
		s.size += int64(len(key) + len(body))
		return nil
	})
	if err != nil {
		return err
	}
	err = tx.Bucket(accountsTable).ForEach(func(path, body []byte) error {
		if !bytes.Contains(path, []byte{0}) {
			return fmt.Errorf("%w: a record of an account, %q", ErrFormat, path)
		}
		s.accounts[string(path)] = bytes.Clone(body)
		s.size += int64(len(path) + len(body))
		return nil
	})
	if err != nil {
		return err
	}
	err = tx.Bucket(objectsTable).ForEach(func(path, record []byte) error {
		b, key, err := s.owner(path)
		if err != nil {
			return err
		}
		o, err := parseObject(key, record)
		if err != nil {
			return err
		}
		b.objects[key] = o
		b.keys = append(b.keys, key) // the file has them in order
		s.size += int64(objectSize(o))
		return nil
	})
	if err == nil && s.size > s.limit {
		return fmt.Errorf("%w: it holds %d bytes and may hold %d", ErrFull, s.size, s.limit)
	}
	return err
}

// owner returns the bucket that a record belongs to, and the rest of its path.
func (s *Store) owner(path []byte) (*bucket, string, error) {
	name, key, found := bytes.Cut(path, []byte{0})
	b, ok := s.buckets[string(name)]
	if !found || !ok {
		return nil, "", fmt.Errorf("%w: a record without its bucket, %q", ErrFormat, path)
	}
	return b, string(key), nil
}

func join(bucket, key string) []byte { return []byte(bucket + "\x00" + key) }

func configurationKey(resource, id string) string { return resource + "\x00" + id }

func (t *Tx) write(table, key []byte, value func() []byte) error {
	if t.disk == nil {
		return nil
	}
	return t.disk.Bucket(table).Put(key, value())
}

func (t *Tx) erase(table, key []byte) error {
	if t.disk == nil {
		return nil
	}
	return t.disk.Bucket(table).Delete(key)
}

func bucketRecord(b Bucket) []byte {
	record, err := json.Marshal(b)
	if err != nil { // strings, bytes and times of this century
		panic(err)
	}
	return record
}

// An objectHead is what is known of an object apart from its key and body. Header values need not be UTF-8.
type objectHead struct {
	Object
	Headers map[string][]byte
}

// objectRecord returns an object as the file keeps it: the length of its head as a varint, the head as JSON, the body.
func objectRecord(o *Object) []byte {
	head := objectHead{Object: *o, Headers: make(map[string][]byte)}
	head.Key, head.Body = "", nil
	for name, value := range o.Headers {
		head.Headers[name] = []byte(value)
	}
	about, err := json.Marshal(head)
	if err != nil {
		panic(err)
	}
	record := binary.AppendUvarint(make([]byte, 0, binary.MaxVarintLen64+len(about)+len(o.Body)), uint64(len(about)))
	return append(append(record, about...), o.Body...)
}

func parseObject(key string, record []byte) (*Object, error) {
	length, n := binary.Uvarint(record)
	if n <= 0 || length > uint64(len(record)-n) {
		return nil, fmt.Errorf("%w: object %q", ErrFormat, key)
	}
	var head objectHead
	rest := record[n:]
	if err := json.Unmarshal(rest[:length], &head); err != nil {
		return nil, fmt.Errorf("%w: object %q", ErrFormat, key)
	}
	o := &head.Object
	o.Key, o.Body, o.Headers = key, bytes.Clone(rest[length:]), make(map[string]string)
	for name, value := range head.Headers {
		o.Headers[name] = string(value)
	}
	return o, nil
}
