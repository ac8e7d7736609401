package bolt

import (
	"encoding/json"
	"fmt"
	"time"

	bbolt "go.etcd.io/bbolt"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file works out what the operations of one Commit amount to before any of
// them is written: bbolt cannot take back a part of a transaction, and a Commit
// that conflicts must leave nothing in the transaction it shares.

type key struct{ bucket, id string }

// slot is one entry as it is stored and as it will be.
type slot struct {
	stored  bool  // there in the file, expired or not
	indexed int64 // the expiry under which the file's index has it
	present bool
	dirty   bool
	record
}

type plan struct {
	tx    *bbolt.Tx
	now   time.Time
	slots map[key]*slot
	order []key // of the slots that are dirty
}

func newPlan(tx *bbolt.Tx, now time.Time) *plan {
	return &plan{tx: tx, now: now, slots: map[key]*slot{}}
}

func (p *plan) slot(bucket, id string) (*slot, error) {
	k := key{bucket, id}
	if s, known := p.slots[k]; known {
		return s, nil
	}
	s := &slot{}
	if b := p.tx.Bucket([]byte(bucket)); b != nil {
		if raw := b.Get([]byte(id)); raw != nil {
			r, err := decode(raw)
			if err != nil {
				return nil, damagedEntry(bucket, id, err)
			}
			s.record, s.stored, s.present, s.indexed = r, true, true, r.expires
		}
	}
	p.slots[k] = s
	return s, nil
}

func (p *plan) live(s *slot) bool { return s.present && !s.expired(p.now) }

func (p *plan) touch(bucket, id string, s *slot) {
	if !s.dirty {
		s.dirty = true
		p.order = append(p.order, key{bucket, id})
	}
}

// add plans the operations, or says why they cannot be applied.
func (p *plan) add(ops []store.Op) error {
	for _, op := range ops {
		if op.Kind == store.OpChain {
			if err := p.chain(op); err != nil {
				return err
			}
			continue
		}
		s, err := p.slot(op.Bucket, op.ID)
		if err != nil {
			return err
		}
		if err := p.one(op, s); err != nil {
			return err
		}
	}
	return nil
}

func (p *plan) one(op store.Op, s *slot) error {
	switch op.Kind {
	case store.OpPut:
		if !p.expected(op, s) {
			return &store.ConflictError{Bucket: op.Bucket, ID: op.ID}
		}
		p.put(op.Bucket, op.ID, s, op.Value, store.Expiry(op.Expires))
	case store.OpDelete:
		if !p.expected(op, s) {
			return &store.ConflictError{Bucket: op.Bucket, ID: op.ID}
		}
		if s.present {
			s.present = false
			p.touch(op.Bucket, op.ID, s)
		}
	case store.OpAdd:
		return p.count(op, s)
	default:
		return fmt.Errorf("store: operation %d on %s/%s is not known", op.Kind, op.Bucket, op.ID)
	}
	return nil
}

func (p *plan) expected(op store.Op, s *slot) bool {
	switch op.Expect {
	case store.ExpectAny:
		return true
	case store.ExpectAbsent:
		return !p.live(s)
	}
	return p.live(s) && s.version == op.Expect
}

func (p *plan) put(bucket, id string, s *slot, value []byte, expires int64) {
	s.record = record{value: value, expires: expires}
	s.present = true
	p.touch(bucket, id, s)
}

func (p *plan) count(op store.Op, s *slot) error {
	n, expires := op.Delta, store.Expiry(op.Expires)
	if p.live(s) {
		have, err := store.CounterValue(store.Entry{Bucket: op.Bucket, ID: op.ID, Value: s.value})
		if err != nil {
			return err
		}
		n, expires = have+op.Delta, s.expires
	}
	p.put(op.Bucket, op.ID, s, fmt.Append(nil, n), expires)
	return nil
}

func (p *plan) chain(op store.Op) error {
	head, err := p.slot(op.Bucket, store.ChainHead)
	if err != nil {
		return err
	}
	var last store.ChainRecord
	if head.present {
		if err := json.Unmarshal(head.value, &last); err != nil {
			return damagedEntry(op.Bucket, store.ChainHead, err)
		}
	}
	next, err := store.ChainLink(last, op.Value)
	if err != nil {
		return err
	}
	value, err := json.Marshal(next)
	if err != nil {
		return fmt.Errorf("store: chain %s: %w", op.Bucket, err)
	}
	id := store.ChainID(next.Seq)
	s, err := p.slot(op.Bucket, id)
	if err != nil {
		return err
	}
	p.put(op.Bucket, id, s, value, 0)
	p.put(op.Bucket, store.ChainHead, head, value, 0)
	return nil
}

// write brings the plan into the transaction. An error here spoils the whole
// transaction.
func (p *plan) write(tx *bbolt.Tx) error {
	for _, k := range p.order {
		s := p.slots[k]
		b, err := bucketFor(tx, []byte(k.bucket))
		if err != nil {
			return err
		}
		if err := reindex(tx, k, s); err != nil {
			return err
		}
		if !s.present {
			if err := b.Delete([]byte(k.id)); err != nil {
				return err
			}
			continue
		}
		// One sequence for the bucket, so that a version is never given twice.
		if s.version, err = b.NextSequence(); err != nil {
			return err
		}
		if err := b.Put([]byte(k.id), s.encode()); err != nil {
			return err
		}
	}
	return nil
}

// reindex keeps the index of expiries in step with an entry.
func reindex(tx *bbolt.Tx, k key, s *slot) error {
	var want int64
	if s.present {
		want = s.expires
	}
	if want == s.indexed {
		return nil
	}
	index, err := bucketFor(tx, expiryBucket)
	if err != nil {
		return err
	}
	if s.indexed != 0 {
		if err := index.Delete(expiryKey(s.indexed, k.bucket, k.id)); err != nil {
			return err
		}
	}
	if want == 0 {
		return nil
	}
	return index.Put(expiryKey(want, k.bucket, k.id), nil)
}
