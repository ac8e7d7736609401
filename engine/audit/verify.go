package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file proves that nobody changed the record.

// verifyPage bounds the memory that verifying a long record takes.
const verifyPage = 1000

// Verify follows the chain from its first record to its head and answers how
// many it has and the hash of the last one. An error names the first record
// that is not as it was written. Who can write to the store could write a whole
// new chain: keep heads elsewhere to see that too.
func Verify(ctx context.Context, r store.Reader) (count uint64, head string, err error) {
	var last store.ChainRecord
	for {
		links, err := read(ctx, r, last.Seq, verifyPage)
		if err != nil {
			return last.Seq, last.Hash, err
		}
		for _, link := range links {
			if err := store.ChainCheck(last, link); err != nil {
				return last.Seq, last.Hash, fmt.Errorf("audit: %w", err)
			}
			last = link
		}
		if len(links) < verifyPage {
			return last.Seq, last.Hash, checkHead(ctx, r, last)
		}
	}
}

// checkHead sees whether records were cut off the end. Records that came while
// the chain was followed are no damage.
func checkHead(ctx context.Context, r store.Reader, last store.ChainRecord) error {
	e, err := r.Get(ctx, bucket, store.ChainHead)
	if errors.Is(err, store.ErrNotFound) {
		if last.Seq == 0 {
			return nil
		}
		return fmt.Errorf("audit: the head of the chain is missing; it should be record %d", last.Seq)
	}
	if err != nil {
		return err
	}
	var head store.ChainRecord
	if err := json.Unmarshal(e.Value, &head); err != nil {
		return fmt.Errorf("audit: the head of the chain is not readable: it was changed: %w", err)
	}
	if head.Seq == last.Seq && head.Hash == last.Hash {
		return nil
	}
	added, err := read(ctx, r, last.Seq, 1)
	if err != nil {
		return err
	}
	if len(added) == 1 && head.Seq > last.Seq {
		return store.ChainCheck(last, added[0])
	}
	return fmt.Errorf("audit: the chain ends at record %d but its head is record %d: records after %d were removed or changed", last.Seq, head.Seq, last.Seq)
}
