package store

import (
	"fmt"
	"strings"
)

// Keys is how long the names of buckets and entries may be where a store keeps
// them, in bytes. It is asked before anything is written.
type Keys struct {
	Bucket int
	// Both bounds a bucket and an id together.
	Both int
}

// CheckBucket answers an error for what cannot name a bucket.
func (k Keys) CheckBucket(bucket string) error {
	if bucket == "" || len(bucket) > k.Bucket || strings.Contains(bucket, "\x00") {
		return fmt.Errorf("store: %q cannot name a bucket", bucket)
	}
	return nil
}

// CheckID answers an error for what cannot name an entry of a bucket.
func (k Keys) CheckID(bucket, id string) error {
	if id == "" || len(bucket)+len(id) > k.Both {
		return fmt.Errorf("store: an id of %d bytes cannot be used (bucket %s): with the bucket it may have %d", len(id), bucket, k.Both)
	}
	return nil
}

// CheckOps answers an error for operations that name what cannot be named.
func (k Keys) CheckOps(ops []Op) error {
	for _, op := range ops {
		if err := k.CheckBucket(op.Bucket); err != nil {
			return err
		}
		id := op.ID
		if op.Kind == OpChain {
			id = ChainID(0)
		}
		if err := k.CheckID(op.Bucket, id); err != nil {
			return err
		}
	}
	return nil
}
