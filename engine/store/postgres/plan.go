package postgres

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file works out what the requests of a group amount to before any of it
// is written: one that conflicts leaves nothing in the transaction it shares.

type key struct{ bucket, id string }

// slot is one entry as it will be.
type slot struct {
	present bool
	record
}

// plan is what a transaction has read and will write.
type plan struct {
	now        time.Time
	serverTime int64 // milliseconds of the database's clock, the same for all
	sequence   int64 // the last version that was given
	writers    map[string]writerRow
	slots      map[key]slot
	order      []key // of what was changed, once each
	touched    map[key]bool
}

func newPlan(now time.Time) *plan {
	return &plan{now: now, writers: map[string]writerRow{}, slots: map[key]slot{}, touched: map[key]bool{}}
}

func (p *plan) dirty() bool { return len(p.order) > 0 }

func (p *plan) readSlots(rows pgx.Rows) error {
	var bucket, id []byte
	var r record
	_, err := pgx.ForEachRow(rows, []any{&bucket, &id, &r.value, &r.version, &r.expires}, func() error {
		p.slots[key{string(bucket), string(id)}] = slot{present: true, record: r}
		r.value = nil // the next row must not be read into it
		return nil
	})
	return err
}

func (p *plan) set(k key, s slot) {
	if !p.touched[k] {
		p.touched[k] = true
		p.order = append(p.order, k)
	}
	p.slots[k] = s
}

// need is a key that must be read before a group is planned; full with its
// value.
type need struct {
	key
	full bool
}

// needs answers what must be read. What a request writes without a condition
// need not be.
func needs(group []*request, released []string) []need {
	var out []need
	at := map[key]int{}
	ask := func(k key, full bool) {
		i, known := at[k]
		if !known {
			i = len(out)
			at[k] = i
			out = append(out, need{key: k})
		}
		out[i].full = out[i].full || full
	}
	for _, name := range released {
		ask(key{locksBucket, name}, true)
	}
	for _, r := range group {
		if r.lock != "" {
			ask(key{locksBucket, r.lock}, true)
		}
		written := map[key]bool{}
		for _, op := range r.ops {
			k := key{op.Bucket, op.ID}
			switch {
			case op.Kind == store.OpChain:
				k.id = store.ChainHead
				ask(k, true)
			case written[k]:
			case op.Kind == store.OpAdd:
				ask(k, true)
			case op.Expect != store.ExpectAny:
				ask(k, false)
			}
			written[k] = true
		}
	}
	return out
}

// draft is one request's changes, kept apart until all of them are accepted.
type draft struct {
	*plan
	changed map[key]slot
	order   []key
}

// apply plans operations, or says why they cannot be and plans nothing.
func (p *plan) apply(ops []store.Op) error {
	d := &draft{plan: p, changed: map[key]slot{}}
	for _, op := range ops {
		if err := d.add(op); err != nil {
			return err
		}
	}
	for _, k := range d.order {
		s := d.changed[k]
		p.sequence++ // one sequence for all, so that a version is never given twice
		s.version = p.sequence
		p.set(k, s)
	}
	return nil
}

func (d *draft) slot(k key) slot {
	if s, changed := d.changed[k]; changed {
		return s
	}
	return d.slots[k]
}

func (d *draft) live(s slot) bool { return s.present && !s.expired(d.now) }

func (d *draft) set(k key, s slot) {
	if _, known := d.changed[k]; !known {
		d.order = append(d.order, k)
	}
	d.changed[k] = s
}

func (d *draft) put(k key, value []byte, expires int64) {
	d.set(k, slot{present: true, record: record{value: value, expires: expires}})
}

func (d *draft) add(op store.Op) error {
	k := key{op.Bucket, op.ID}
	switch op.Kind {
	case store.OpPut, store.OpDelete:
		if !d.expected(op, d.slot(k)) {
			return &store.ConflictError{Bucket: op.Bucket, ID: op.ID}
		}
		if op.Kind == store.OpDelete {
			d.set(k, slot{})
		} else {
			d.put(k, op.Value, store.Expiry(op.Expires))
		}
		return nil
	case store.OpAdd:
		return d.count(op, k)
	case store.OpChain:
		return d.chain(op)
	}
	return fmt.Errorf("store: operation %d on %s/%s is not known", op.Kind, op.Bucket, op.ID)
}

func (d *draft) expected(op store.Op, s slot) bool {
	switch op.Expect {
	case store.ExpectAny:
		return true
	case store.ExpectAbsent:
		return !d.live(s)
	}
	return d.live(s) && uint64(s.version) == op.Expect
}

func (d *draft) count(op store.Op, k key) error {
	n, expires := op.Delta, store.Expiry(op.Expires)
	if s := d.slot(k); d.live(s) {
		have, err := store.CounterValue(store.Entry{Bucket: op.Bucket, ID: op.ID, Value: s.value})
		if err != nil {
			return err
		}
		n, expires = have+op.Delta, s.expires
	}
	d.put(k, fmt.Append(nil, n), expires)
	return nil
}

func (d *draft) chain(op store.Op) error {
	head := key{op.Bucket, store.ChainHead}
	var last store.ChainRecord
	if s := d.slot(head); s.present {
		if err := json.Unmarshal(s.value, &last); err != nil {
			return fmt.Errorf("postgres: the head of the chain %s is damaged: %w", op.Bucket, err)
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
	d.put(key{op.Bucket, store.ChainID(next.Seq)}, value, 0)
	d.put(head, value, 0)
	return nil
}

// columns are the rows of one statement.
type columns struct {
	buckets, ids, values [][]byte
	versions, expires    []int64
}

// changed answers what to write and what to delete.
func (p *plan) changed() (put, gone columns) {
	for _, k := range p.order {
		s := p.slots[k]
		to := &put
		if !s.present {
			to = &gone
		}
		if s.value == nil {
			s.value = []byte{}
		}
		to.buckets, to.ids, to.values = append(to.buckets, []byte(k.bucket)), append(to.ids, []byte(k.id)), append(to.values, s.value)
		to.versions, to.expires = append(to.versions, s.version), append(to.expires, s.expires)
	}
	return put, gone
}
