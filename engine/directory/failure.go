package directory

import (
	"context"
	"time"
)

// This file counts failures in windows, for whoever decides on them.

// failureID hides the key, which may be anything a person typed by mistake.
func failureID(kind, key string) string { return kind + ":" + hashOf(kind+"\x00"+key) }

// CountFailure adds one to the failures of kind at key and answers their number.
// The window begins with the first of them.
func (d *Directory) CountFailure(ctx context.Context, kind, key string, window time.Duration) (int, error) {
	d.w.Add(bucketFailures, failureID(kind, key), 1, d.clock.Now().Add(window))
	return d.Failures(ctx, kind, key)
}

// Failures answers the failures of kind at key in the running window.
func (d *Directory) Failures(ctx context.Context, kind, key string) (int, error) {
	n, err := d.w.Count(ctx, bucketFailures, failureID(kind, key))
	return int(n), err
}

// ClearFailures forgets them, after a success.
func (d *Directory) ClearFailures(_ context.Context, kind, key string) error {
	d.w.Delete(bucketFailures, failureID(kind, key))
	return nil
}
