package scenario

import (
	"context"
	"fmt"
	"net/url"

	"github.com/descope/virtualwebauthn"

	"github.com/authflow-studio/authflow/engine/scenario/agent"
)

// authenticator holds the passkeys of the person. It checks them in person, as
// a telephone does.
type authenticator struct {
	device virtualwebauthn.Authenticator
	keys   []*virtualwebauthn.Credential
}

// credentialField is the hidden field in which a page takes the answer.
const credentialField = "credential"

// passkey answers what the page asks of an authenticator, and sends its form.
func (r *runner) passkey(ctx context.Context, how string) error {
	if r.page == nil || r.page.Passkey == "" {
		return fmt.Errorf("passkey: page %s asks for none", r.at())
	}
	u, err := url.Parse(r.origin)
	if err != nil {
		return err
	}
	rp := virtualwebauthn.RelyingParty{ID: u.Hostname(), Origin: r.origin}
	if r.authenticator == nil {
		r.authenticator = &authenticator{device: virtualwebauthn.NewAuthenticator()}
	}
	var answer string
	asked := `{"publicKey":` + r.page.Passkey + `}`
	switch how {
	case "register":
		answer, err = r.authenticator.register(rp, asked)
	case "assert":
		answer, err = r.authenticator.assert(rp, asked)
	case "stranger":
		answer, err = stranger().assert(rp, asked)
	default:
		return fmt.Errorf("passkey is register, assert or stranger, and not %q", how)
	}
	if err != nil {
		return fmt.Errorf("passkey: %w", err)
	}
	page := r.page
	r.lastForm = func(ctx context.Context) (*agent.Page, error) {
		return r.agent.Fill(ctx, page, map[string]string{credentialField: answer}, "")
	}
	return r.went(r.lastForm(ctx))
}

// stranger has a passkey that no account knows.
func stranger() *authenticator {
	key := newKey()
	return &authenticator{device: virtualwebauthn.NewAuthenticatorWithOptions(virtualwebauthn.AuthenticatorOptions{UserHandle: []byte("nobody")}), keys: []*virtualwebauthn.Credential{&key}}
}

func (a *authenticator) register(rp virtualwebauthn.RelyingParty, asked string) (string, error) {
	o, err := virtualwebauthn.ParseAttestationOptions(asked)
	if err != nil {
		return "", err
	}
	for _, key := range a.keys {
		if key.IsExcludedForAttestation(*o) {
			return "", fmt.Errorf("the authenticator has a passkey for this account")
		}
	}
	key := newKey()
	a.keys = append(a.keys, &key)
	a.device.Options.UserHandle = []byte(o.UserID)
	return virtualwebauthn.CreateAttestationResponse(rp, a.device, key, *o), nil
}

func (a *authenticator) assert(rp virtualwebauthn.RelyingParty, asked string) (string, error) {
	o, err := virtualwebauthn.ParseAssertionOptions(asked)
	if err != nil {
		return "", err
	}
	for _, key := range a.keys {
		if len(o.AllowCredentials) == 0 || key.IsAllowedForAssertion(*o) {
			key.Counter++
			return virtualwebauthn.CreateAssertionResponse(rp, a.device, *key, *o), nil
		}
	}
	return "", fmt.Errorf("the authenticator has no passkey that the page would take")
}

// wholeKey is the length of a COSE key whose two coordinates have all of their
// 32 bytes.
const wholeKey = 77

// newKey draws a key. The library writes coordinates without their leading
// zeros, which is no valid key (RFC 9053 section 7.1.1) and rightly refused.
func newKey() virtualwebauthn.Credential {
	for {
		key := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
		if len(key.Key.AttestationData()) == wholeKey {
			return key
		}
	}
}
