package mockoss

import "sync"

// A store keeps the buckets. Its zero value is empty and ready to use. What it hands out is never changed, so that it
// may be used without the lock.
type store struct {
	mu      sync.Mutex
	buckets map[string]*bucket
}

// A bucket is one bucket.
type bucket struct {
	owner       string
	httpsConfig []byte // the document that GetBucketHttpsConfig returns; nil if never configured
}

// create makes a bucket and reports whether it now belongs to owner, be it new or not.
func (s *store) create(name, owner string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b, ok := s.buckets[name]; ok {
		return b.owner == owner
	}
	if s.buckets == nil {
		s.buckets = make(map[string]*bucket)
	}
	s.buckets[name] = &bucket{owner: owner}
	return true
}

// use runs f on the bucket while nobody else does. The error is a *problem: the bucket does not exist or is not
// owner's.
func (s *store) use(name, owner string, f func(*bucket)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, err := s.find(name, owner)
	if err != nil {
		return err
	}
	f(b)
	return nil
}

// remove deletes a bucket. The error is that of use.
func (s *store) remove(name, owner string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.find(name, owner); err != nil {
		return err
	}
	delete(s.buckets, name)
	return nil
}

func (s *store) find(name, owner string) (*bucket, error) {
	b, ok := s.buckets[name]
	if !ok {
		return nil, noSuchBucket(name)
	}
	if b.owner != owner {
		return nil, notYours(name)
	}
	return b, nil
}

// document returns the HTTPS configuration of a bucket as stored, or nil.
func (s *store) document(name string) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b, ok := s.buckets[name]; ok {
		return b.httpsConfig
	}
	return nil
}

// exists reports whether there is such a bucket, whoever owns it.
func (s *store) exists(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.buckets[name]
	return ok
}
