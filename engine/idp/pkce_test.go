package idp_test

import (
	"testing"

	"github.com/authflow-studio/authflow/engine/idp"
)

// A client without PKCE is an exception that is registered, for confidential
// clients only.
func TestPKCEByNonceIsForConfidentialClients(t *testing.T) {
	public := idp.Client{ID: "a", RedirectURIs: []string{"https://a.example/cb"}, PKCE: idp.PKCEByNonce}
	if _, err := idp.NewRegistry(public); err == nil {
		t.Error("a public client may do without PKCE")
	}
	public.PKCE = "never"
	if _, err := idp.NewRegistry(public); err == nil {
		t.Error("an unknown value was taken")
	}
	public.Secret, public.PKCE = "a-secret", idp.PKCEByNonce
	if _, err := idp.NewRegistry(public); err != nil {
		t.Error(err)
	}
}
