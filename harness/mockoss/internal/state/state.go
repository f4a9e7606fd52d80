// Package state keeps the buckets and objects of a mock OSS: in memory and, if a folder is given, in a file that
// survives the end of the process, however it ends.
//
// Call [Open], then [Store.View] and [Store.Update], which run a function on a state that nobody else changes.
package state

import (
	"errors"
	"slices"
	"sync"
	"time"

	"go.etcd.io/bbolt"
)

// The causes of the errors of this package.
var (
	ErrFull   = errors.New("the store is full")
	ErrClosed = errors.New("the store is closed")
	ErrInUse  = errors.New("another process uses the folder")
	ErrFormat = errors.New("the file is not one that this version wrote")
)

// A Bucket is what is known of a bucket apart from its configurations and objects.
type Bucket struct {
	Name               string
	Owner              string // account
	Region             string
	Created            time.Time
	ACL                string // private, public-read or public-read-write
	StorageClass       string
	DataRedundancyType string
	ResourceGroupID    string
	HTTPS              []Version // the HTTPS configurations, the newest last; see [Bucket.AddHTTPS]
}

// A Version is an HTTPS configuration and when it was put.
type Version struct {
	Document []byte
	At       time.Time
}

// An Object is an object. It is never changed once it is stored.
type Object struct {
	Key          string
	Body         []byte
	Headers      map[string]string // that come back with it, canonical names: Content-Type, X-Oss-Meta-… and the like
	Modified     time.Time
	ACL          string // default, private, public-read or public-read-write
	StorageClass string
	MD5          [16]byte
	CRC64        uint64 // ECMA-182
}

// A Store keeps the state. It is safe for concurrent use. What it hands out must not be changed.
type Store struct {
	limit int64

	mu       sync.RWMutex
	buckets  map[string]*bucket
	accounts map[string][]byte // configurations of accounts, by account NUL resource
	size     int64             // of all buckets, configurations and objects, in bytes
	disk     *bbolt.DB
	closed   bool
}

type bucket struct {
	Bucket
	configurations map[string][]byte
	objects        map[string]*Object
	keys           []string // of objects, sorted
}

func newBucket(b Bucket) *bucket {
	return &bucket{Bucket: b, configurations: make(map[string][]byte), objects: make(map[string]*Object)}
}

// View runs f on the state while nobody changes it. It returns the error of f.
func (s *Store) View(f func(*Tx) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return f(&Tx{s: s})
}

// Update runs f while nobody else reads or changes the state. Once it has returned nil, what f changed is on disk, if
// there is one. If f or the disk fails, nothing is changed.
func (s *Store) Update(f func(*Tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	tx := &Tx{s: s}
	done := false
	defer func() {
		if !done {
			tx.rollback()
		}
	}()
	run := func(disk *bbolt.Tx) error {
		tx.disk = disk
		return f(tx)
	}
	var err error
	if s.disk == nil {
		err = run(nil)
	} else {
		err = s.disk.Update(run)
	}
	done = err == nil
	return err
}

// Close ends writing. It may be called more than once.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	if s.disk == nil {
		return nil
	}
	return s.disk.Close()
}

// Size returns how many bytes buckets, configurations and objects take, names and headers included.
func (s *Store) Size() int64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.size
}

// bucketSize returns how many bytes of a client's making a bucket takes: whatever it may choose is counted, or it could
// fill the memory with what is not.
func bucketSize(b *Bucket) int {
	n := len(b.Name) + len(b.Owner) + len(b.Region) + len(b.ACL) + len(b.StorageClass) + len(b.DataRedundancyType) + len(b.ResourceGroupID)
	for _, v := range b.HTTPS {
		n += len(v.Document)
	}
	return n
}

// objectSize is bucketSize for an object.
func objectSize(o *Object) int {
	n := len(o.Key) + len(o.Body) + len(o.ACL) + len(o.StorageClass)
	for name, value := range o.Headers {
		n += len(name) + len(value)
	}
	return n
}

// maxVersions bounds the configurations that wait to come into force.
const maxVersions = 16

// AddHTTPS makes document the HTTPS configuration as of now. Configurations before it that are in force, or come into
// force before it does, are kept as long as that matters: it takes delay for one to come into force.
func (b *Bucket) AddHTTPS(document []byte, now time.Time, delay time.Duration) {
	versions := append(slices.Clip(b.HTTPS), Version{document, now})
	for len(versions) > 1 && !versions[1].At.Add(delay).After(now) {
		versions = versions[1:]
	}
	if len(versions) > maxVersions {
		// OSS promises a time by which a change is in force, and no order of those before: the one that would come into
		// force next makes room.
		versions = slices.Delete(slices.Clone(versions), 1, 2)
	}
	b.HTTPS = versions
}

// HTTPSDocument returns the HTTPS configuration that was put last, nil if there is none.
func (b *Bucket) HTTPSDocument() []byte {
	if len(b.HTTPS) == 0 {
		return nil
	}
	return b.HTTPS[len(b.HTTPS)-1].Document
}

// HTTPSInForce returns the HTTPS configuration that is in force, nil if that is none, and when a further one comes into
// force, zero if none does.
func (b *Bucket) HTTPSInForce(now time.Time, delay time.Duration) (document []byte, next time.Time) {
	for i := len(b.HTTPS) - 1; i >= 0; i-- {
		at := b.HTTPS[i].At.Add(delay)
		if !at.After(now) {
			return b.HTTPS[i].Document, next
		}
		next = at
	}
	return nil, next
}
