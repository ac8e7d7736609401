package scenario

import "testing"

// Every key that the authenticator draws is whole: one in 128 the library would
// write too short.
func TestDrawnKeysAreWhole(t *testing.T) {
	for range 1000 {
		if key := newKey(); len(key.Key.AttestationData()) != wholeKey {
			t.Fatal("a key of a wrong length")
		}
	}
}
