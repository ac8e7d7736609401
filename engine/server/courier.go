package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file delivers what runs have left in the store: messages and events. Each
// try is written down before it is made, so that of several servers one makes
// it; a server that dies meanwhile leaves it to the others. What is delivered
// more than once is told by its id.

const (
	courierLooks = 200 * time.Millisecond
	courierPage  = 200
	sideBySide   = 8
	// tryTime bounds one try; lease, which is longer, is when another server may
	// take over.
	tryTime = 30 * time.Second
	lease   = time.Minute
	// How long the ledger remembers what is done, and what never was.
	keepDone = 24 * time.Hour
	keepDead = 7 * 24 * time.Hour
	// maxLetters bounds how many dead letters a status shows.
	maxLetters = 50
)

// pauses are those after each try that failed; then it is given up.
var pauses = []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour}

// States of a Delivery.
const (
	deliveryWaiting   = "waiting"
	deliveryTrying    = "trying" // a server is at it, or was when it died
	deliveryDelivered = "delivered"
	deliveryFailed    = "failed"
	deliveryExpired   = "expired"  // of no more use before it could be delivered
	deliveryRecorded  = "recorded" // there was nobody to deliver it to
)

// Delivery is what is known of one message or event on its way. It holds no
// address and no code.
type Delivery struct {
	ID        string          `json:"id"`
	What      string          `json:"what"` // the channel, or the type of the event
	RunID     string          `json:"run_id,omitempty"`
	URL       string          `json:"url,omitempty"`
	State     string          `json:"state"`
	At        time.Time       `json:"at"`
	Attempts  int             `json:"attempts"`
	Next      time.Time       `json:"next,omitzero"`
	LastError string          `json:"last_error,omitempty"`
	Body      json.RawMessage `json:"body,omitempty"` // of an event
}

// open reports whether it is still to be delivered.
func (d Delivery) open() bool {
	return d.State == "" || d.State == deliveryWaiting || d.State == deliveryTrying
}

// parcel is one thing to deliver.
type parcel struct {
	Delivery
	notAfter time.Time
	// send is nil when there is nobody to send to.
	send func(ctx context.Context) error
	// hide is what no error may repeat.
	hide []string
}

// courier delivers the parcels of one bucket.
type courier struct {
	kind           string // message or event
	bucket, ledger string
	read           func(raw []byte) (parcel, error)
	store          store.Store
	clock          world.Clock
	log            *slog.Logger
}

// keepDelivering does what is due until ctx ends.
func (c *courier) keepDelivering(ctx context.Context) {
	ticker := time.NewTicker(courierLooks)
	defer ticker.Stop()
	for {
		if _, err := c.deliver(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, store.ErrClosed) {
			c.log.Error(c.kind+"s cannot be delivered", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// deliver does once what is due, and answers how many tries it made.
func (c *courier) deliver(ctx context.Context) (tries int, err error) {
	var wg sync.WaitGroup
	defer wg.Wait()
	gate := make(chan struct{}, sideBySide)
	for after := ""; ; {
		entries, err := c.store.List(ctx, c.bucket, "", after, courierPage)
		if err != nil || len(entries) == 0 {
			return tries, err
		}
		after = entries[len(entries)-1].ID
		for _, e := range entries {
			p, ok, err := c.claim(ctx, e)
			if err != nil {
				return tries, err
			}
			if !ok {
				continue
			}
			tries++
			gate <- struct{}{}
			wg.Go(func() {
				defer func() { <-gate }()
				c.try(ctx, p)
			})
		}
	}
}

// claim writes down that a try is made. What another server is at, has done or
// must wait for is not claimed.
func (c *courier) claim(ctx context.Context, e store.Entry) (p parcel, ok bool, err error) {
	version := store.ExpectAbsent
	var known Delivery
	had, err := c.store.Get(ctx, c.ledger, e.ID)
	switch {
	case err == nil:
		version = had.Version
		if err := json.Unmarshal(had.Value, &known); err != nil {
			return p, false, fmt.Errorf("delivery %s cannot be read: %w", e.ID, err)
		}
	case !errors.Is(err, store.ErrNotFound):
		return p, false, err
	}
	now := c.clock.Now().UTC()
	if !known.open() || now.Before(known.Next) {
		return p, false, nil
	}
	if p, err = c.read(e.Value); err != nil {
		p.send = func(context.Context) error { return &world.PermanentError{Err: err} }
	}
	p.ID, p.State, p.Attempts, p.Next, p.LastError = e.ID, deliveryTrying, known.Attempts+1, now.Add(lease), known.LastError
	raw, err := json.Marshal(p.Delivery)
	if err != nil {
		return p, false, fmt.Errorf("delivery %s: %w", e.ID, err)
	}
	err = c.store.Commit(ctx, store.Op{Kind: store.OpPut, Bucket: c.ledger, ID: e.ID, Value: raw, Expect: version, Expires: now.Add(keepDead)})
	if store.IsConflict(err) {
		return p, false, nil
	}
	return p, err == nil, err
}

// try sends, and writes down what came of it even when the server just stops.
func (c *courier) try(ctx context.Context, p parcel) {
	var failure error
	now := c.clock.Now()
	switch {
	case p.send == nil:
		p.State = deliveryRecorded
	case !p.notAfter.IsZero() && !now.Before(p.notAfter):
		p.State = deliveryExpired
	default:
		sending, cancel := context.WithTimeout(ctx, tryTime)
		failure = p.send(sending)
		cancel()
		p.State = stateAfter(failure, p.Attempts)
	}
	if err := c.settle(context.WithoutCancel(ctx), p, failure); err != nil && !errors.Is(err, store.ErrClosed) {
		c.log.Error("what came of a delivery cannot be written down", "id", p.ID, "error", err)
	}
}

func stateAfter(failure error, attempts int) string {
	var permanent *world.PermanentError
	switch {
	case failure == nil:
		return deliveryDelivered
	case errors.As(failure, &permanent), attempts > len(pauses):
		return deliveryFailed
	}
	return deliveryWaiting
}

func (c *courier) settle(ctx context.Context, p parcel, failure error) error {
	if failure != nil {
		p.LastError = describe(failure, p.hide)
	}
	now := c.clock.Now().UTC()
	keep := keepDone
	switch p.State {
	case deliveryWaiting:
		p.Next, keep = now.Add(pauses[p.Attempts-1]), keepDead
	case deliveryFailed:
		p.Next, keep = time.Time{}, keepDead
		c.log.Error("a "+c.kind+" was given up", "id", p.ID, "what", p.What, "attempts", p.Attempts, "error", p.LastError)
	default:
		p.Next = time.Time{}
	}
	raw, err := json.Marshal(p.Delivery)
	if err != nil {
		return err
	}
	tx := store.Begin(c.store)
	tx.Overwrite(c.ledger, p.ID, raw, now.Add(keep))
	if p.State != deliveryWaiting {
		// With the message go the code and the address in it.
		tx.Remove(c.bucket, p.ID)
		data := map[string]any{"id": p.ID, "what": p.What, "attempts": p.Attempts}
		if p.State == deliveryFailed {
			data["error"] = p.LastError
		}
		if err := audit.New(tx, c.clock).Append(audit.Record{Type: c.kind + "." + p.State, RunID: p.RunID, Data: data}); err != nil {
			return err
		}
	}
	return tx.Commit(ctx)
}

// maxError is how much of an error is kept.
const maxError = 300

// describe answers an error without what a message must not tell.
func describe(err error, hide []string) string {
	text := err.Error()
	for _, h := range hide {
		if h != "" {
			text = strings.ReplaceAll(text, h, "[redacted]")
		}
	}
	if len(text) > maxError {
		text = strings.ToValidUTF8(text[:maxError], "") + "…"
	}
	return text
}

// Deliveries says how a server's messages or events fare.
type Deliveries struct {
	Waiting   int `json:"waiting"`
	Delivered int `json:"delivered"` // of the last day, as the others
	Expired   int `json:"expired"`
	Recorded  int `json:"recorded"`
	Failed    int `json:"failed"` // of the last seven days
	// DeadLetters are the last of those that were given up.
	DeadLetters []Delivery `json:"dead_letters"`
}

// list answers what waits and what is done, the oldest first.
func (c *courier) list(ctx context.Context) ([]Delivery, error) {
	all := []Delivery{}
	seen := map[string]bool{}
	entries, err := c.store.List(ctx, c.ledger, "", "", 0)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		var d Delivery
		if err := json.Unmarshal(e.Value, &d); err != nil {
			return nil, fmt.Errorf("delivery %s cannot be read: %w", e.ID, err)
		}
		if d.open() && c.clock.Now().Sub(d.At) > keepDone {
			d.State = deliveryExpired // the store keeps nothing for longer
		}
		seen[d.ID] = true
		all = append(all, d)
	}
	if entries, err = c.store.List(ctx, c.bucket, "", "", 0); err != nil {
		return nil, err
	}
	for _, e := range entries {
		if p, err := c.read(e.Value); err == nil && !seen[e.ID] {
			p.ID, p.State = e.ID, deliveryWaiting
			all = append(all, p.Delivery)
		}
	}
	slices.SortStableFunc(all, func(a, b Delivery) int { return strings.Compare(a.ID, b.ID) })
	return all, nil
}

func (c *courier) status(ctx context.Context) (Deliveries, error) {
	out := Deliveries{DeadLetters: []Delivery{}}
	all, err := c.list(ctx)
	for _, d := range all {
		switch d.State {
		case deliveryWaiting, deliveryTrying:
			out.Waiting++
		case deliveryDelivered:
			out.Delivered++
		case deliveryExpired:
			out.Expired++
		case deliveryRecorded:
			out.Recorded++
		case deliveryFailed:
			out.Failed++
			d.Body = nil
			out.DeadLetters = append(out.DeadLetters, d)
		}
	}
	out.DeadLetters = out.DeadLetters[max(0, len(out.DeadLetters)-maxLetters):]
	return out, err
}
