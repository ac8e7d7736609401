package server

import (
	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

// Changed says which of the lists that runs leave behind a commit has changed.
type Changed struct{ Sessions, Users, Outbox, Audit bool }

// And answers what either of them has changed.
func (c Changed) And(d Changed) Changed {
	return Changed{c.Sessions || d.Sessions, c.Users || d.Users, c.Outbox || d.Outbox, c.Audit || d.Audit}
}

// telling answers who tells of commits in terms of what they change.
func telling(committed func(Changed)) func([]store.Op) {
	if committed == nil {
		return nil
	}
	return func(ops []store.Op) {
		var c Changed
		for _, op := range ops {
			c = c.And(Changed{session.Shows(op.Bucket), directory.Shows(op.Bucket), op.Bucket == block.OutboxBucket, audit.Shows(op.Bucket)})
		}
		if c != (Changed{}) {
			committed(c)
		}
	}
}
