package bolt_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/store/bolt"
	"github.com/authflow-studio/authflow/engine/store/storetest"
)

// The longest names are kept and found again with an expiry, too, which stands
// with them in an index; one byte more is refused in the words of the store.
func TestTheLongestNames(t *testing.T) {
	clock := storetest.NewClock()
	s := open(t, filepath.Join(t.TempDir(), "data"), clock, bolt.Options{NoSync: true})
	const both, bucket = 1<<15 - 9, 1 << 14
	op := put(strings.Repeat("i", both-bucket))
	op.Bucket, op.Expires = strings.Repeat("b", bucket), clock.Now().Add(time.Hour)
	if err := s.Commit(t.Context(), op); err != nil {
		t.Fatalf("the longest names: %.200v", err)
	}
	if _, err := s.Get(t.Context(), op.Bucket, op.ID); err != nil {
		t.Errorf("the longest names are not found: %.200v", err)
	}
	clock.Advance(2 * time.Hour)
	if n, err := s.Sweep(t.Context(), 0); n != 1 || err != nil {
		t.Errorf("%d were swept: %v", n, err)
	}
	op.ID += "i"
	if err := s.Commit(t.Context(), op); err == nil || !strings.Contains(err.Error(), "cannot be used") {
		t.Errorf("a longer one: %.200v", err)
	}
}
