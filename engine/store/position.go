package store

import "slices"

// Position is where a unit of work stands: what it has read and written so far.
// It shares its structure with the Tx, so that taking one before each block
// costs next to nothing.
type Position struct {
	ops   []Op
	reads []readVersion
}

// Position answers where the unit of work stands.
func (t *Tx) Position() Position { return Position{slices.Clip(t.ops), slices.Clip(t.reads)} }

// Return goes to a position of this unit of work, an earlier one or one that was
// left by a Return: what was read and written since is as if it had never been.
func (t *Tx) Return(p Position) {
	t.reset()
	t.ops, t.reads = p.ops, p.reads
	for _, op := range t.ops {
		t.apply(op)
	}
	for _, r := range t.reads {
		t.seen[r.key] = r.version
	}
}

// Unconditional answers the position without any condition on what the store
// holds: for a unit of work that was committed, taken back and is done again.
func (p Position) Unconditional() Position {
	ops := slices.Clone(p.ops)
	for i := range ops {
		ops[i].Expect = ExpectAny
	}
	return Position{ops: ops}
}
