package idp_test

import (
	"net/http"
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

func TestPKCEByNonceBindsTheCodeAllTheSame(t *testing.T) {
	o := newOP(t)
	without := []string{"client_id", "nonced", "code_challenge", "", "code_challenge_method", ""}
	for name, more := range map[string][]string{
		"no nonce": {"nonce", ""}, "no ID token to hold it": {"scope", "email"}, "a method without a challenge": {"code_challenge_method", "S256"},
		"plain": {"code_challenge", verifier, "code_challenge_method", "plain"},
	} {
		if e := o.refused(o.authorize(append(without[:len(without):len(without)], more...)...)); e != "invalid_request" {
			t.Errorf("%s answered %s", name, e)
		}
	}
	redeem := func(code string, more ...string) answer {
		return o.token(exchange(code, append([]string{"client_id", "nonced", "client_secret", secret}, more...)...))
	}
	// A verifier where none is due is a request that somebody changed on its way.
	o.wantError(redeem(o.code(without...)), http.StatusBadRequest, "invalid_grant")
	if got := o.tokens(redeem(o.code(without...), "code_verifier", "")); claims(t, got.ID)["nonce"] != "no" {
		t.Errorf("got %v", claims(t, got.ID))
	}
	// With PKCE it is as with any other.
	o.wantError(redeem(o.code("client_id", "nonced"), "code_verifier", ""), http.StatusBadRequest, "invalid_grant")
	o.tokens(redeem(o.code("client_id", "nonced")))
}
