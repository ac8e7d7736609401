package postgres

import (
	"time"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file is how one entry looks in its row: the expiry in nanoseconds of
// Unix time, 0 for never.

type record struct {
	value   []byte
	version int64
	expires int64
}

func (r record) expired(now time.Time) bool { return r.expires != 0 && store.Expiry(now) >= r.expires }

func (r record) entry(bucket, id string) store.Entry {
	e := store.Entry{Bucket: bucket, ID: id, Value: r.value, Version: uint64(r.version)}
	if e.Value == nil {
		e.Value = []byte{}
	}
	if r.expires != 0 {
		e.Expires = time.Unix(0, r.expires).UTC()
	}
	return e
}

// keys keep a bucket and an id within one row of a B-tree of PostgreSQL, which
// takes 2,704 bytes.
var keys = store.Keys{Bucket: 2500, Both: 2500}
