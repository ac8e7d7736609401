package store

import "context"

// Observed answers a store that tells of the operations of each commit once they
// are committed, before Commit returns. Nobody to tell costs nothing.
func Observed(s Store, committed func(ops []Op)) Store {
	if committed == nil {
		return s
	}
	return &observed{Store: s, committed: committed}
}

type observed struct {
	Store
	committed func([]Op)
}

// Commit applies the operations, and tells of them.
func (o *observed) Commit(ctx context.Context, ops ...Op) error {
	if err := o.Store.Commit(ctx, ops...); err != nil {
		return err
	}
	o.committed(ops)
	return nil
}
