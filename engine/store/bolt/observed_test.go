package bolt_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/store/bolt"
	"github.com/authflow-studio/authflow/engine/store/storetest"
)

// Who looks on is told of what is committed: when it can be read, once, and never
// of what was refused.
func TestWhatIsCommittedIsTold(t *testing.T) {
	var told []string
	var s store.Store
	s = store.Observed(open(t, filepath.Join(t.TempDir(), "data"), storetest.NewClock(), bolt.Options{}), func(ops []store.Op) {
		for _, op := range ops {
			if _, err := s.Get(t.Context(), op.Bucket, op.ID); err != nil {
				t.Errorf("%s is told of before it can be read: %v", op.ID, err)
			}
			told = append(told, op.ID)
		}
	})
	if err := s.Commit(t.Context(), put("one"), put("two")); err != nil {
		t.Fatal(err)
	}
	absent := put("one")
	absent.Expect = store.ExpectAbsent
	if err := s.Commit(t.Context(), put("three"), absent); !store.IsConflict(err) {
		t.Fatalf("the second commit answered %v", err)
	}
	if !slices.Equal(told, []string{"one", "two"}) {
		t.Errorf("told of %v", told)
	}
}
