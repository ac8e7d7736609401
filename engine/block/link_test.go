package block_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/store/bolt"
	"github.com/authflow-studio/authflow/engine/world"
)

// FuzzReadLink: nothing but what was signed is a link, and reading one changes
// nothing.
func FuzzReadLink(f *testing.F) {
	clock := world.SystemClock{}
	st, err := bolt.Open(filepath.Join(f.TempDir(), "l.db"), clock)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { st.Close() })
	tx := store.Begin(st)
	tx.Put("link_keys", "current", []byte("0123456789abcdef0123456789abcdef"), time.Time{})
	tx.Put("links", "lnk_1", []byte(`{"id":"lnk_1","run_id":"run_1","channel":"email","expires":"2999-01-01T00:00:00Z"}`), time.Time{})
	if err := tx.Commit(context.Background()); err != nil {
		f.Fatal(err)
	}
	f.Add("")
	f.Add("eyJhbGciOiJub25lIn0.eyJqdGkiOiJsbmtfMSIsImF1ZCI6ImF1dGhmbG93LWxpbmsiLCJleHAiOjk5OTk5OTk5OTl9.")
	f.Add("eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiJsbmtfMSIsImF1ZCI6ImF1dGhmbG93LWxpbmsiLCJleHAiOjk5OTk5OTk5OTl9.AAAA")
	f.Fuzz(func(t *testing.T, token string) {
		if _, state, err := block.ReadLink(context.Background(), st, clock.Now(), token); err != nil || state != block.LinkForged {
			t.Errorf("%q is %s, %v", token, state, err)
		}
	})
}

func TestMaskShowsWhatIsRecognisedAndNoMore(t *testing.T) {
	for _, c := range [][3]string{{"email", "ada@example.com", "a•••@example.com"}, {"email", "@example.com", "•••"}, {"email", "", ""}, {"sms", "+442079460101", "•••101"}, {"sms", "12", "•••12"}} {
		if got := block.Mask(c[0], c[1]); got != c[2] {
			t.Errorf("%s: %q", c[1], got)
		}
	}
}
