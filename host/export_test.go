package host

import "slices"

// Running returns how many calls have an instance or are being given one.
func (m *Module) Running() int { return len(m.pool.places) }

// Memories returns a copy of the memory of every instance that rests.
func (m *Module) Memories() [][]byte {
	m.pool.mu.Lock()
	defer m.pool.mu.Unlock()
	var list [][]byte
	for _, i := range m.pool.idle {
		memory, _ := i.memory.Read(0, i.memory.Size())
		list = append(list, slices.Clone(memory))
	}
	return list
}
