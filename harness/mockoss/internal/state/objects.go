package state

import (
	"iter"
	"slices"
)

// Object returns an object of a bucket.
func (t *Tx) Object(bucket, key string) (*Object, bool) {
	b, ok := t.s.buckets[bucket]
	if !ok {
		return nil, false
	}
	o, ok := b.objects[key]
	return o, ok
}

// Objects returns the objects of a bucket whose keys are from or come after it, in the order of their keys as bytes.
func (t *Tx) Objects(bucket, from string) iter.Seq[*Object] {
	return func(yield func(*Object) bool) {
		b, ok := t.s.buckets[bucket]
		if !ok {
			return
		}
		i, _ := slices.BinarySearch(b.keys, from)
		for _, key := range b.keys[i:] {
			if !yield(b.objects[key]) {
				return
			}
		}
	}
}

// PutObject stores an object in a bucket that exists, in place of one with the same key.
func (t *Tx) PutObject(bucket string, o *Object) error {
	b := t.s.buckets[bucket]
	old, existed := b.objects[o.Key]
	grows := objectSize(o)
	if existed {
		grows -= objectSize(old)
	}
	if err := t.grow(grows); err != nil {
		return err
	}
	if !existed {
		b.insert(o.Key)
	}
	b.objects[o.Key] = o
	t.undo = append(t.undo, func() {
		restore(b.objects, o.Key, old, existed)
		if !existed {
			b.remove(o.Key)
		}
	})
	return t.write(objectsTable, join(bucket, o.Key), func() []byte { return objectRecord(o) })
}

// DeleteObject removes an object, if there is one.
func (t *Tx) DeleteObject(bucket, key string) error {
	b, ok := t.s.buckets[bucket]
	if !ok {
		return nil
	}
	old, existed := b.objects[key]
	if !existed {
		return nil
	}
	t.shrink(objectSize(old))
	delete(b.objects, key)
	b.remove(key)
	t.undo = append(t.undo, func() {
		b.objects[key] = old
		b.insert(key)
	})
	return t.erase(objectsTable, join(bucket, key))
}

func (b *bucket) insert(key string) {
	i, _ := slices.BinarySearch(b.keys, key)
	b.keys = slices.Insert(b.keys, i, key)
}

func (b *bucket) remove(key string) {
	if i, found := slices.BinarySearch(b.keys, key); found {
		b.keys = slices.Delete(b.keys, i, i+1)
	}
}
