package mockoss

import (
	"errors"
	"net/http"
	"slices"

	"github.com/ossconf/ossconf/harness/mockoss/internal/state"
)

// operations returns the operations on a configuration.
func (cfg *configuration) operations() []operation {
	var list []operation
	add := func(name, method string, run func(*configuration, *call) (answer, error), further ...string) {
		if name != "" {
			list = append(list, operation{name: name, method: method, level: bucket, parameter: cfg.resource, id: cfg.id,
				further: slices.Concat(cfg.further, further), run: func(c *call) (answer, error) { return run(cfg, c) }})
		}
	}
	add(cfg.put, http.MethodPut, (*configuration).runPut)
	add(cfg.get, http.MethodGet, (*configuration).runGet)
	add(cfg.remove, http.MethodDelete, (*configuration).runRemove)
	if cfg.list != "" {
		list = append(list, operation{name: cfg.list, method: http.MethodGet, level: bucket, parameter: cfg.resource,
			further: cfg.further, run: cfg.runList})
	}
	return list
}

// runPut stores the body. It is looked at before the bucket, as with every configuration.
func (cfg *configuration) runPut(c *call) (answer, error) {
	id := c.value(cfg.id)
	if len(id) > maxKey { // that there is a limit is assumed; the file of Options.DataDir has one
		return answer{}, invalidParameter("The value of "+cfg.id+" is too long.", cfg.id, clip(id))
	}
	err := c.service.state.Update(func(tx *state.Tx) error {
		b, missing := c.find(tx, manage)
		if missing == nil {
			missing = cfg.pointed(tx, b, id)
		}
		before, _ := tx.Configuration(b.Name, cfg.resource, id)
		doc, err := cfg.stored(c.body, putting{id: id, query: c.query, now: c.now, before: before})
		var p *problem
		switch {
		case err != nil:
			return err
		case errors.As(missing, &p) && p.code == "NoSuchBucket" && cfg.absent != nil:
			return cfg.absent
		case missing != nil:
			return missing
		}
		return tx.PutConfiguration(b.Name, cfg.resource, id, doc)
	})
	return answer{status: http.StatusOK}, err
}

// pointed says whether the access point that id names is missing where the configuration is that of one.
func (cfg *configuration) pointed(tx *state.Tx, b state.Bucket, id string) error {
	if _, ok := tx.Configuration(b.Name, "accessPoint", id); !ok && cfg.id == accessPointName {
		return noSuchAccessPoint()
	}
	return nil
}

func (cfg *configuration) runGet(c *call) (answer, error) {
	return c.view(manage, func(tx *state.Tx, b state.Bucket) (answer, error) {
		resource := cfg.resource
		if cfg.of != "" {
			resource = cfg.of
		}
		id := c.value(cfg.id)
		if err := cfg.pointed(tx, b, id); err != nil {
			return answer{}, err
		}
		doc, ok := tx.Configuration(b.Name, resource, id)
		switch {
		case !ok && cfg.missing != nil:
			return answer{}, cfg.missing
		case !ok:
			return answer{status: http.StatusOK, body: []byte(cfg.initial)}, nil
		}
		if cfg.show != nil {
			_, size := tx.Usage(b.Name)
			var err error
			if doc, err = cfg.show(doc, size); err != nil {
				return answer{}, err
			}
		}
		a := answer{status: http.StatusOK, body: doc}
		if cfg.root == "" && cfg.of == "" {
			a.header = map[string]string{"Content-Type": "application/json"}
		}
		return a, nil
	})
}

func (cfg *configuration) runList(c *call) (answer, error) {
	return c.view(manage, func(tx *state.Tx, b state.Bucket) (answer, error) {
		var entries []entry
		for id, doc := range tx.Configurations(b.Name, cfg.resource) {
			entries = append(entries, entry{id, doc})
		}
		doc, err := cfg.lists(entries, c.query)
		return answer{status: http.StatusOK, body: doc}, err
	})
}

func (cfg *configuration) runRemove(c *call) (answer, error) {
	id := c.value(cfg.id)
	return c.update(manage, answer{status: http.StatusNoContent}, func(tx *state.Tx, b state.Bucket) error {
		if err := cfg.pointed(tx, b, id); err != nil {
			return err
		}
		doc, ok := tx.Configuration(b.Name, cfg.resource, id)
		var rest []byte
		switch {
		case cfg.cleared != "":
			rest = []byte(cfg.cleared)
		case ok && cfg.drop != nil:
			var err error
			if rest, err = cfg.drop(doc, c.query.Get(cfg.resource)); err != nil {
				return err
			}
		}
		if rest != nil {
			return tx.PutConfiguration(b.Name, cfg.resource, id, rest)
		}
		return tx.DeleteConfiguration(b.Name, cfg.resource, id)
	})
}
