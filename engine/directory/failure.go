package directory

import (
	"context"
	"strconv"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file counts failures, for whoever decides on them. They are counted by
// the minute, so that one count answers for windows of any length.

// FailuresKept is the longest window that failures can be asked for.
const FailuresKept = 24 * time.Hour

// slotDigits keeps the ids of slots in the order of time.
const slotDigits = 10

// failureID hides the key, which may be anything a person typed by mistake.
func failureID(kind, key string) string { return kind + ":" + hashOf(kind+"\x00"+key) + ":" }

func slotOf(t time.Time) string {
	n := strconv.FormatInt(t.Unix()/60, 10)
	for len(n) < slotDigits {
		n = "0" + n
	}
	return n
}

// CountFailure adds one to the failures of kind at key and answers their number
// in the window.
func (d *Directory) CountFailure(ctx context.Context, kind, key string, window time.Duration) (int, error) {
	now := d.clock.Now()
	d.w.Add(bucketFailures, failureID(kind, key)+slotOf(now), 1, now.Add(FailuresKept))
	return d.Failures(ctx, kind, key, window)
}

// Failures answers the failures of kind at key in the window that ends now.
func (d *Directory) Failures(ctx context.Context, kind, key string, window time.Duration) (int, error) {
	prefix := failureID(kind, key)
	since := prefix + slotOf(d.clock.Now().Add(-min(window, FailuresKept)))
	slots, err := d.w.List(ctx, bucketFailures, prefix, since, 0)
	if err != nil {
		return 0, err
	}
	var total int64
	for _, e := range slots {
		n, err := store.CounterValue(e)
		if err != nil {
			return 0, err
		}
		total += n
	}
	return int(total), nil
}

// ClearFailures forgets them, after a success.
func (d *Directory) ClearFailures(ctx context.Context, kind, key string) error {
	slots, err := d.w.List(ctx, bucketFailures, failureID(kind, key), "", 0)
	for _, e := range slots {
		d.w.Remove(bucketFailures, e.ID)
	}
	return err
}
