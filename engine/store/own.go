package store

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"
)

// This file is how a Tx shows its own writes over what the store holds.

// ownKind says what the operations of a unit of work made of one entry.
type ownKind uint8

const (
	ownWritten ownKind = iota + 1
	ownDeleted
	ownAdded // counted on top of whatever is stored
)

type ownEntry struct {
	kind    ownKind
	value   []byte
	delta   int64
	expires time.Time
}

// over answers the entry that results when this is laid over a stored one.
func (o ownEntry) over(k entryKey, stored Entry, found bool) (Entry, error) {
	switch {
	case o.kind == ownDeleted:
		return Entry{}, ErrNotFound
	case o.kind == ownWritten:
		return Entry{Bucket: k.bucket, ID: k.id, Value: o.value, Expires: o.expires}, nil
	case !found:
		return Entry{Bucket: k.bucket, ID: k.id, Value: counterBytes(o.delta), Expires: o.expires}, nil
	}
	n, err := CounterValue(stored)
	if err != nil {
		return Entry{}, err
	}
	stored.Value = counterBytes(n + o.delta)
	return stored, nil
}

// apply folds one more operation into the view.
func (t *Tx) apply(op Op) {
	k := entryKey{op.Bucket, op.ID}
	switch op.Kind {
	case OpPut:
		t.own[k] = ownEntry{kind: ownWritten, value: op.Value, expires: op.Expires}
	case OpDelete:
		t.own[k] = ownEntry{kind: ownDeleted}
	case OpAdd:
		t.own[k] = t.own[k].plus(op)
	}
}

func (o ownEntry) plus(op Op) ownEntry {
	switch o.kind {
	case ownWritten:
		if n, err := CounterValue(Entry{Value: o.value}); err == nil {
			o.value = counterBytes(n + op.Delta)
		}
		return o
	case ownDeleted:
		return ownEntry{kind: ownWritten, value: counterBytes(op.Delta), expires: op.Expires}
	case ownAdded:
		o.delta += op.Delta
		return o
	}
	return ownEntry{kind: ownAdded, delta: op.Delta, expires: op.Expires}
}

// List answers entries as this unit of work sees them.
func (t *Tx) List(ctx context.Context, bucket, prefix, after string, limit int) ([]Entry, error) {
	mine := map[string]ownEntry{}
	for k, o := range t.own {
		if k.bucket == bucket && strings.HasPrefix(k.id, prefix) && k.id > after {
			mine[k.id] = o
		}
	}
	want := limit
	if want > 0 {
		want += len(mine) // as many of the stored ones may turn out deleted
	}
	stored, err := t.base.List(ctx, bucket, prefix, after, want)
	if err != nil {
		return nil, err
	}
	out, err := overlay(bucket, stored, mine)
	if err != nil {
		return nil, err
	}
	if limit > 0 && len(out) > limit {
		out = out[:limit]
	}
	for _, e := range out {
		if e.Version > 0 {
			t.note(entryKey{bucket, e.ID}, e, true)
		}
	}
	return out, nil
}

func overlay(bucket string, stored []Entry, mine map[string]ownEntry) ([]Entry, error) {
	if len(mine) == 0 {
		return stored, nil
	}
	out := make([]Entry, 0, len(stored)+len(mine))
	add := func(id string, o ownEntry, e Entry, found bool) error {
		e, err := o.over(entryKey{bucket, id}, e, found)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err == nil {
			out = append(out, e)
		}
		return err
	}
	for _, e := range stored {
		o, changed := mine[e.ID]
		if !changed {
			out = append(out, e)
			continue
		}
		delete(mine, e.ID)
		if err := add(e.ID, o, e, true); err != nil {
			return nil, err
		}
	}
	for id, o := range mine {
		if err := add(id, o, Entry{}, false); err != nil {
			return nil, err
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out, nil
}

// CounterValue reads what OpAdd keeps: a decimal number.
func CounterValue(e Entry) (int64, error) {
	n, err := strconv.ParseInt(string(e.Value), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("store: %s/%s does not hold a counter", e.Bucket, e.ID)
	}
	return n, nil
}

func counterBytes(n int64) []byte { return strconv.AppendInt(nil, n, 10) }
