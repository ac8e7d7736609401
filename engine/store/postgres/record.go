package postgres

import (
	"fmt"
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
