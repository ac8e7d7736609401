package directory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file begins WebAuthn ceremonies: it draws the challenge, and says what
// the browser is to ask the authenticator for.

// CeremonyKind says what a ceremony is for.
type CeremonyKind string

// A passkey is made, or used.
const (
	RegisterPasskey CeremonyKind = "register"
	AssertPasskey   CeremonyKind = "assert"
)

// How much the authenticator is to verify its user, by PIN, finger or face.
const (
	VerifyUserRequired    = "required"
	VerifyUserPreferred   = "preferred"
	VerifyUserDiscouraged = "discouraged"
)

// RelyingParty is who passkeys are bound to.
type RelyingParty struct {
	ID     string `json:"id"`     // host name
	Origin string `json:"origin"` // scheme, host and port
	Name   string `json:"name"`
}

// RelyingPartyOf answers the relying party of an address of the server, false
// for one that passkeys cannot be bound to: an IP address has no name, and
// browsers refuse without TLS but for localhost.
func RelyingPartyOf(origin, name string) (RelyingParty, bool) {
	u, err := url.Parse(origin)
	if err != nil || u.Hostname() == "" || net.ParseIP(u.Hostname()) != nil {
		return RelyingParty{}, false
	}
	if u.Scheme != "https" && u.Hostname() != "localhost" {
		return RelyingParty{}, false
	}
	return RelyingParty{ID: u.Hostname(), Origin: u.Scheme + "://" + u.Host, Name: name}, true
}

// CeremonySpec says what is asked for.
type CeremonySpec struct {
	Kind  CeremonyKind `json:"kind"`
	RunID string       `json:"run_id"`
	// UserID is who is meant; empty for whoever has a passkey.
	UserID string `json:"user_id,omitempty"`
	// Listed names the person's passkeys to the browser. It tells whoever asks
	// that the account exists, so it is for who has proven who they are.
	Listed           bool         `json:"listed,omitempty"`
	RP               RelyingParty `json:"rp"`
	UserVerification string       `json:"user_verification"`
}

// Ceremony is one that waits for the authenticator.
type Ceremony struct {
	ID string `json:"id"`
	// PublicKey are the options for navigator.credentials.
	PublicKey map[string]any `json:"public_key"`
}

// ceremonyRecord is a ceremony as it is stored until it was used once.
type ceremonyRecord struct {
	CeremonySpec
	Challenge string         `json:"challenge"`
	PublicKey map[string]any `json:"public_key"`
}

// challengeBytes are twice what WebAuthn asks for at least.
const challengeBytes = 32

// BeginCeremony draws a challenge, which can be answered once, by that run.
func (d *Directory) BeginCeremony(ctx context.Context, spec CeremonySpec) (Ceremony, error) {
	rec := ceremonyRecord{CeremonySpec: spec, Challenge: passkeyEncoding.EncodeToString(d.random(challengeBytes))}
	var options any
	var err error
	if spec.Kind == RegisterPasskey {
		options, err = d.creationOptions(ctx, rec)
	} else {
		options, err = d.requestOptions(ctx, rec)
	}
	if err != nil {
		return Ceremony{}, err
	}
	c := Ceremony{ID: d.newID("pky_")}
	text, err := json.Marshal(options)
	if err == nil {
		err = json.Unmarshal(text, &c.PublicKey)
	}
	if err != nil {
		return Ceremony{}, fmt.Errorf("directory: the options of a passkey cannot be written: %w", err)
	}
	rec.PublicKey = c.PublicKey
	return c, d.write(bucketCeremonies, c.ID, rec, d.clock.Now().Add(pendingLife))
}

// ReadCeremony answers what waits under an id; no options for one that was
// used, has expired or never was.
func (d *Directory) ReadCeremony(ctx context.Context, id string) (CeremonySpec, map[string]any, error) {
	var rec ceremonyRecord
	err := d.read(ctx, bucketCeremonies, id, &rec)
	if errors.Is(err, store.ErrNotFound) {
		return CeremonySpec{}, nil, nil
	}
	return rec.CeremonySpec, rec.PublicKey, err
}

// passkeyAlgorithms are those that authenticators have, the best first.
func passkeyAlgorithms() []protocol.CredentialParameter {
	var out []protocol.CredentialParameter
	for _, alg := range []webauthncose.COSEAlgorithmIdentifier{webauthncose.AlgEdDSA, webauthncose.AlgES256, webauthncose.AlgRS256} {
		out = append(out, protocol.CredentialParameter{Type: protocol.PublicKeyCredentialType, Algorithm: alg})
	}
	return out
}

// ceremonyTimeout is how long a browser waits for the authenticator.
const ceremonyTimeout = 5 * time.Minute

func (d *Directory) creationOptions(ctx context.Context, rec ceremonyRecord) (any, error) {
	u, err := d.Get(ctx, rec.UserID)
	if err != nil {
		return nil, err
	}
	handle, err := d.passkeyHandle(ctx, rec.UserID)
	if err != nil {
		return nil, err
	}
	exclude, err := d.descriptors(ctx, rec)
	if err != nil {
		return nil, err
	}
	display := u.Name
	if display == "" {
		display = accountName(u)
	}
	resident := protocol.ResidentKeyRequirementPreferred
	if rec.UserVerification == VerifyUserRequired {
		resident = protocol.ResidentKeyRequirementRequired
	}
	required := resident == protocol.ResidentKeyRequirementRequired
	challenge, err := passkeyEncoding.DecodeString(rec.Challenge)
	return protocol.PublicKeyCredentialCreationOptions{
		RelyingParty: protocol.RelyingPartyEntity{CredentialEntity: protocol.CredentialEntity{Name: rec.RP.Name}, ID: rec.RP.ID},
		User:         protocol.UserEntity{CredentialEntity: protocol.CredentialEntity{Name: accountName(u)}, DisplayName: display, ID: handle},
		Challenge:    challenge, Parameters: passkeyAlgorithms(), Timeout: int(ceremonyTimeout.Milliseconds()), CredentialExcludeList: exclude,
		AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: resident, RequireResidentKey: &required,
			UserVerification: protocol.UserVerificationRequirement(rec.UserVerification)},
		Attestation: protocol.PreferNoAttestation, Extensions: protocol.AuthenticationExtensions{CredProps: true},
	}, err
}

func (d *Directory) requestOptions(ctx context.Context, rec ceremonyRecord) (any, error) {
	var allow []protocol.CredentialDescriptor
	var err error
	if rec.Listed {
		if allow, err = d.descriptors(ctx, rec); err != nil {
			return nil, err
		}
	}
	challenge, err := passkeyEncoding.DecodeString(rec.Challenge)
	return protocol.PublicKeyCredentialRequestOptions{Challenge: challenge, Timeout: int(ceremonyTimeout.Milliseconds()), RelyingPartyID: rec.RP.ID,
		AllowedCredentials: allow, UserVerification: protocol.UserVerificationRequirement(rec.UserVerification)}, err
}

func (d *Directory) descriptors(ctx context.Context, rec ceremonyRecord) ([]protocol.CredentialDescriptor, error) {
	keys, err := d.Passkeys(ctx, rec.UserID, rec.RP.ID)
	if err != nil {
		return nil, err
	}
	var out []protocol.CredentialDescriptor
	for _, k := range keys {
		id, err := passkeyEncoding.DecodeString(k.ID)
		if err != nil {
			return nil, fmt.Errorf("directory: the id of a stored passkey is not readable: %w", err)
		}
		c := protocol.CredentialDescriptor{Type: protocol.PublicKeyCredentialType, CredentialID: id}
		for _, t := range k.Transports {
			c.Transport = append(c.Transport, protocol.AuthenticatorTransport(t))
		}
		out = append(out, c)
	}
	return out, nil
}
