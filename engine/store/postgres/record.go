package postgres

import (
	"fmt"
	"math"
	"strings"
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

func (r record) expired(now time.Time) bool { return r.expires != 0 && expiryOf(now) >= r.expires }

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

// Times outside of these do not fit in 64 bits of nanoseconds.
var (
	earliest = time.Unix(0, math.MinInt64)
	latest   = time.Unix(0, math.MaxInt64)
)

// expiryOf answers a time as it is stored; the zero time is 0, never.
func expiryOf(t time.Time) int64 {
	switch {
	case t.IsZero():
		return 0
	case t.Before(earliest):
		return math.MinInt64
	case t.After(latest):
		return math.MaxInt64
	case t.UnixNano() == 0:
		return 1 // 0 is taken
	}
	return t.UnixNano()
}

// maxKey keeps a bucket and an id within one row of a B-tree of PostgreSQL,
// which takes 2,704 bytes.
const maxKey = 2500

func checkBucket(bucket string) error {
	if bucket == "" || len(bucket) > maxKey || strings.Contains(bucket, "\x00") {
		return fmt.Errorf("store: %q cannot name a bucket", bucket)
	}
	return nil
}

func checkID(bucket, id string) error {
	if id == "" || len(bucket)+len(id) > maxKey {
		return fmt.Errorf("store: an id of %d bytes cannot be used (bucket %s): PostgreSQL takes %d for both", len(id), bucket, maxKey)
	}
	return nil
}

func checkOps(ops []store.Op) error {
	for _, op := range ops {
		if err := checkBucket(op.Bucket); err != nil {
			return err
		}
		id := op.ID
		if op.Kind == store.OpChain {
			id = store.ChainID(0)
		}
		if err := checkID(op.Bucket, id); err != nil {
			return err
		}
	}
	return nil
}
