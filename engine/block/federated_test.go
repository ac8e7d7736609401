package block_test

import (
	"slices"
	"testing"

	"github.com/authflow-studio/authflow/engine/block"
)

// What another provider vouches for is one factor of which nothing is known.
func TestFederatedIsOneFactor(t *testing.T) {
	id := block.FederatedIdentity{Provider: "example", Issuer: "https://id.example.com", Subject: "1", At: 1}
	trusted := id
	trusted.MFA = true
	fed := block.Subject{}.WithFederated("ada", id)
	for name, c := range map[string]struct {
		s   block.Subject
		aal string
		amr []string
	}{
		"alone":                {fed, "aal1", []string{"fed"}},
		"with a password":      {fed.With("ada", block.Password, 2), "aal1", []string{"fed", "pwd"}},
		"with a code":          {fed.With("ada", block.OneTime, 2), "aal2", []string{"fed", "otp", "mfa"}},
		"believed to be two":   {block.Subject{}.WithFederated("ada", trusted), "aal2", []string{"fed", "mfa"}},
		"then somebody else's": {fed.With("mallory", block.Password, 2), "aal1", []string{"pwd"}},
	} {
		if c.s.AAL() != c.aal || !slices.Equal(c.s.AMR(), c.amr) {
			t.Errorf("%s: %s %v", name, c.s.AAL(), c.s.AMR())
		}
	}
}

func TestOnceIsOncePerStretch(t *testing.T) {
	n := 0
	do := func() int { n++; return n }
	env := &block.Env{Done: map[string]any{}}
	for i, key := range []string{"a", "a", "b", "a"} {
		if got, want := block.Once(env, key, do), []int{1, 1, 2, 1}[i]; got != want {
			t.Errorf("%s, the %d. time: %d, want %d", key, i+1, got, want)
		}
	}
	if block.Once(&block.Env{}, "a", do) != 3 {
		t.Error("without a stretch it was not done")
	}
}
