package mockoss

import (
	"fmt"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
)

// openState opens the state that the options describe and makes the buckets that it has to have.
func openState(o Options) (*state.Store, error) {
	s, err := state.Open(o.DataDir, o.MaxBytes)
	if err != nil {
		return nil, fmt.Errorf("mockoss: %w", err)
	}
	err = s.Update(func(tx *state.Tx) error {
		for _, name := range o.Buckets {
			if _, ok := tx.Bucket(name); ok {
				continue
			}
			if err := tx.PutBucket(newBucket(name, o.Credentials[0].Owner, o.Region, o.Now())); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.Close()
		return nil, fmt.Errorf("mockoss: %w", err)
	}
	return s, nil
}

// view runs f on the bucket of the request while nobody changes it.
func (c *call) view(want access, f func(*state.Tx, state.Bucket) (answer, error)) (a answer, err error) {
	err = c.service.state.View(func(tx *state.Tx) error {
		b, err := c.find(tx, want)
		if err == nil {
			a, err = f(tx, b)
		}
		return err
	})
	return a, err
}

// update runs f on the bucket of the request while nobody else has it. The answer is a once what f changed is stored.
func (c *call) update(want access, a answer, f func(*state.Tx, state.Bucket) error) (answer, error) {
	err := c.service.state.Update(func(tx *state.Tx) error {
		b, err := c.find(tx, want)
		if err == nil {
			err = f(tx, b)
		}
		return err
	})
	return a, err
}
