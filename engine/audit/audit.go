// Package audit is the record of what happened: append-only, hash-chained.
//
// It owns: the form of a record, its redaction, reading and verifying.
// It delegates: the chain itself, to the store.
// The law: a record is written by the same commit as what it tells of; no
// secret enters it; nothing changes or removes it without Verify seeing that.
package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/world"
)

const bucket = "audit"

// Shows reports whether the record is kept in that bucket of the store.
func Shows(name string) bool { return name == bucket }

// Record is one thing that happened. Append gives it its time.
type Record struct {
	At        time.Time      `json:"at"`
	Type      string         `json:"type"`
	RunID     string         `json:"run_id,omitempty"`
	Flow      string         `json:"flow,omitempty"`
	UserID    string         `json:"user_id,omitempty"`
	SessionID string         `json:"session_id,omitempty"`
	ClientID  string         `json:"client_id,omitempty"`
	IP        string         `json:"ip,omitempty"`
	Data      map[string]any `json:"data,omitempty"`
}

// Entry is a record in its place in the chain.
type Entry struct {
	Seq  uint64 `json:"seq"`
	Hash string `json:"hash"`
	Record
}

// Log is the record as one unit of work sees it; it costs nothing to make.
type Log struct {
	w     store.Writer
	clock world.Clock
}

// New writes to and reads from w.
func New(w store.Writer, clock world.Clock) *Log { return &Log{w: w, clock: clock} }

// Append adds a record, redacted. Read shows it once it is committed.
func (l *Log) Append(r Record) error {
	if r.Type == "" {
		return errors.New("audit: a record needs a type")
	}
	r.At = l.clock.Now().UTC()
	raw, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("audit: a record of %s cannot be written: %w", r.Type, err)
	}
	if raw, err = redact(raw); err != nil {
		return fmt.Errorf("audit: a record of %s cannot be redacted: %w", r.Type, err)
	}
	l.w.Chain(bucket, raw)
	return nil
}

// Read answers at most limit records (0: all) that come after a sequence number.
func (l *Log) Read(ctx context.Context, after uint64, limit int) ([]Entry, error) {
	links, err := read(ctx, l.w, after, limit)
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, len(links))
	for i, link := range links {
		entries[i] = Entry{Seq: link.Seq, Hash: link.Hash}
		if err := json.Unmarshal(link.Value, &entries[i].Record); err != nil {
			return nil, fmt.Errorf("audit: record %d is not readable: %w", link.Seq, err)
		}
	}
	return entries, nil
}

func read(ctx context.Context, r store.Reader, after uint64, limit int) ([]store.ChainRecord, error) {
	stored, err := r.List(ctx, bucket, store.ChainPrefix, store.ChainID(after), limit)
	if err != nil {
		return nil, err
	}
	links := make([]store.ChainRecord, len(stored))
	for i, e := range stored {
		if err := json.Unmarshal(e.Value, &links[i]); err != nil {
			return nil, fmt.Errorf("audit: %s is not readable: it was changed: %w", e.ID, err)
		}
	}
	return links, nil
}
