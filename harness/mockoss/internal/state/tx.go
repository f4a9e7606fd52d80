package state

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"go.etcd.io/bbolt"
)

// A Tx is the state in the hands of [Store.View] or [Store.Update]. It must not be used afterwards. Its methods that
// change something are for Update; where they return an error, the function given to Update has to return it too.
type Tx struct {
	s    *Store
	disk *bbolt.Tx // nil in View, and in memory
	undo []func()
}

func (t *Tx) rollback() {
	for _, f := range slices.Backward(t.undo) {
		f()
	}
}

// Bucket returns a bucket.
func (t *Tx) Bucket(name string) (Bucket, bool) {
	if b, ok := t.s.buckets[name]; ok {
		return b.Bucket, true
	}
	return Bucket{}, false
}

// Buckets returns all buckets in the order of their names.
func (t *Tx) Buckets() []Bucket {
	var list []Bucket
	for _, name := range slices.Sorted(maps.Keys(t.s.buckets)) {
		list = append(list, t.s.buckets[name].Bucket)
	}
	return list
}

// PutBucket makes a bucket or changes what is known of one.
func (t *Tx) PutBucket(b Bucket) error {
	old, existed := t.s.buckets[b.Name]
	grows := bucketSize(&b)
	if existed {
		grows -= bucketSize(&old.Bucket)
	}
	if err := t.grow(grows); err != nil {
		return err
	}
	if existed {
		before := old.Bucket
		old.Bucket = b
		t.undo = append(t.undo, func() { old.Bucket = before })
	} else {
		t.s.buckets[b.Name] = newBucket(b)
		t.undo = append(t.undo, func() { delete(t.s.buckets, b.Name) })
	}
	return t.write(bucketsTable, []byte(b.Name), func() []byte { return bucketRecord(b) })
}

// DeleteBucket removes a bucket that has no objects, with its configurations.
func (t *Tx) DeleteBucket(name string) error {
	b, ok := t.s.buckets[name]
	if !ok {
		return nil
	}
	for key := range b.configurations {
		if err := t.erase(configurationsTable, join(name, key)); err != nil {
			return err
		}
	}
	size := bucketSize(&b.Bucket)
	for key, body := range b.configurations {
		size += len(key) + len(body)
	}
	t.s.size -= int64(size)
	delete(t.s.buckets, name)
	t.undo = append(t.undo, func() {
		t.s.size += int64(size)
		t.s.buckets[name] = b
	})
	return t.erase(bucketsTable, []byte(name))
}

// Empty reports whether a bucket has no objects.
func (t *Tx) Empty(bucket string) bool {
	b, ok := t.s.buckets[bucket]
	return !ok || len(b.keys) == 0
}

// Usage returns how many objects a bucket has and how many bytes they hold.
func (t *Tx) Usage(bucket string) (objects int, bytes int64) {
	b, ok := t.s.buckets[bucket]
	if !ok {
		return 0, 0
	}
	for _, o := range b.objects {
		bytes += int64(len(o.Body))
	}
	return len(b.objects), bytes
}

// Configuration returns the configuration of a bucket that is stored under resource and id.
func (t *Tx) Configuration(bucket, resource, id string) ([]byte, bool) {
	b, ok := t.s.buckets[bucket]
	if !ok {
		return nil, false
	}
	body, ok := b.configurations[configurationKey(resource, id)]
	return body, ok
}

// Configurations returns those of a bucket that are stored under resource, by id in order.
func (t *Tx) Configurations(bucket, resource string) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		b, ok := t.s.buckets[bucket]
		if !ok {
			return
		}
		for _, key := range slices.Sorted(maps.Keys(b.configurations)) {
			id, ok := strings.CutPrefix(key, configurationKey(resource, ""))
			if ok && !yield(id, b.configurations[key]) {
				return
			}
		}
	}
}

// PutConfiguration stores a configuration of a bucket that exists.
func (t *Tx) PutConfiguration(bucket, resource, id string, body []byte) error {
	b, key := t.s.buckets[bucket], configurationKey(resource, id)
	old, existed := b.configurations[key]
	grows := len(body) - len(old)
	if !existed {
		grows += len(key)
	}
	if err := t.grow(grows); err != nil {
		return err
	}
	b.configurations[key] = body
	t.undo = append(t.undo, func() { restore(b.configurations, key, old, existed) })
	return t.write(configurationsTable, join(bucket, key), func() []byte { return body })
}

// DeleteConfiguration removes a configuration, if there is one.
func (t *Tx) DeleteConfiguration(bucket, resource, id string) error {
	b, ok := t.s.buckets[bucket]
	if !ok {
		return nil
	}
	key := configurationKey(resource, id)
	old, existed := b.configurations[key]
	if !existed {
		return nil
	}
	t.shrink(len(key) + len(old))
	delete(b.configurations, key)
	t.undo = append(t.undo, func() { b.configurations[key] = old })
	return t.erase(configurationsTable, join(bucket, key))
}

// AccountConfiguration returns the configuration of an account that is stored under resource.
func (t *Tx) AccountConfiguration(account, resource string) ([]byte, bool) {
	body, ok := t.s.accounts[string(join(account, resource))]
	return body, ok
}

// PutAccountConfiguration stores a configuration of an account.
func (t *Tx) PutAccountConfiguration(account, resource string, body []byte) error {
	key := string(join(account, resource))
	old, existed := t.s.accounts[key]
	grows := len(body) - len(old)
	if !existed {
		grows += len(key)
	}
	if err := t.grow(grows); err != nil {
		return err
	}
	t.s.accounts[key] = body
	t.undo = append(t.undo, func() { restore(t.s.accounts, key, old, existed) })
	return t.write(accountsTable, []byte(key), func() []byte { return body })
}

// DeleteAccountConfiguration removes a configuration of an account, if there is one.
func (t *Tx) DeleteAccountConfiguration(account, resource string) error {
	key := string(join(account, resource))
	old, existed := t.s.accounts[key]
	if !existed {
		return nil
	}
	t.shrink(len(key) + len(old))
	delete(t.s.accounts, key)
	t.undo = append(t.undo, func() { t.s.accounts[key] = old })
	return t.erase(accountsTable, []byte(key))
}

func restore[V any](m map[string]V, key string, old V, existed bool) {
	if existed {
		m[key] = old
	} else {
		delete(m, key)
	}
}

// grow counts bytes that are about to be stored.
func (t *Tx) grow(n int) error {
	if n > 0 && t.s.size+int64(n) > t.s.limit {
		return ErrFull
	}
	t.s.size += int64(n)
	t.undo = append(t.undo, func() { t.s.size -= int64(n) })
	return nil
}

// shrink counts bytes that are no longer stored.
func (t *Tx) shrink(n int) {
	t.s.size -= int64(n)
	t.undo = append(t.undo, func() { t.s.size += int64(n) })
}
