package directory

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/go-webauthn/webauthn/protocol"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file ends WebAuthn ceremonies: what the authenticator has answered is
// verified by the letter of the specification, or refused with a reason.

// Reasons for which a ceremony is refused, for the record. A person is told
// that it did not work.
const (
	PasskeyUnreadable      = "unreadable"
	PasskeyStaleChallenge  = "stale_challenge" // answered before, too late, or by another run
	PasskeyWrongOrigin     = "wrong_origin"
	PasskeyUnknown         = "unknown_credential"
	PasskeyNotVerified     = "user_not_verified"
	PasskeyCloned          = "cloned" // its counter did not go up
	PasskeyExists          = "exists"
	PasskeyTooMany         = "too_many"
	PasskeyAccountInactive = "account_inactive"
	PasskeyRefused         = "refused"
)

// CeremonyResult is how a ceremony ended.
type CeremonyResult struct {
	// Problem is empty when it was successful.
	Problem      string `json:"problem,omitempty"`
	Kind         string `json:"kind,omitempty"`
	UserID       string `json:"user_id,omitempty"`
	CredentialID string `json:"credential_id,omitempty"`
	// UserVerified says that the authenticator has verified its user.
	UserVerified bool `json:"user_verified,omitempty"`
	// Synced says that the passkey can leave its device.
	Synced bool `json:"synced,omitempty"`
}

func refusedFor(problem string) (CeremonyResult, error) {
	return CeremonyResult{Problem: problem}, nil
}

// FinishCeremony verifies what the browser has sent. However it ends, its
// challenge is used up. name is what the person calls a new passkey.
func (d *Directory) FinishCeremony(ctx context.Context, id, runID, response, name string) (CeremonyResult, error) {
	var rec ceremonyRecord
	err := d.read(ctx, bucketCeremonies, id, &rec)
	if errors.Is(err, store.ErrNotFound) || err == nil && rec.RunID != runID {
		return refusedFor(PasskeyStaleChallenge)
	}
	if err != nil {
		return CeremonyResult{}, err
	}
	d.w.Delete(bucketCeremonies, id)
	finish := d.finishAssertion
	if rec.Kind == RegisterPasskey {
		finish = func(ctx context.Context, rec ceremonyRecord, response []byte) (CeremonyResult, error) {
			return d.finishRegistration(ctx, rec, response, name)
		}
	}
	result, err := finish(ctx, rec, []byte(response))
	result.Kind = string(rec.Kind)
	if result.UserID == "" {
		result.UserID = rec.UserID
	}
	return result, err
}

func (d *Directory) finishRegistration(ctx context.Context, rec ceremonyRecord, response []byte, name string) (CeremonyResult, error) {
	data, err := protocol.ParseCredentialCreationResponseBytes(response)
	if err != nil {
		return refusedFor(PasskeyUnreadable)
	}
	auth := data.Response.AttestationObject.AuthData
	verifyUser := rec.UserVerification == VerifyUserRequired
	_, err = data.Verify(rec.Challenge, rec.RP.ID, []string{rec.RP.Origin}, nil, nil, protocol.TopOriginExplicitVerificationMode, false, verifyUser, true,
		nil, passkeyAlgorithms(), protocol.AttestationPolicy{}, protocol.SignaturePolicy{})
	if err != nil {
		return refusedFor(reason(rec, data.Response.CollectedClientData, auth.Flags))
	}
	if auth.Flags.HasBackupState() && !auth.Flags.HasBackupEligible() {
		return refusedFor(PasskeyRefused)
	}
	made := passkeyRecord{UserID: rec.UserID, PublicKey: auth.AttData.CredentialPublicKey,
		Passkey: Passkey{ID: passkeyEncoding.EncodeToString(auth.AttData.CredentialID), Name: name, RPID: rec.RP.ID, SignCount: auth.Counter,
			BackupEligible: auth.Flags.HasBackupEligible(), BackedUp: auth.Flags.HasBackupState()}}
	for _, t := range data.Response.Transports {
		made.Transports = append(made.Transports, string(t))
	}
	if props := data.ClientExtensionResults.CredProps; props != nil {
		made.Discoverable = props.RK
	}
	if made.Name == "" {
		made.Name = nameOf(made.Passkey)
	}
	if problem, err := d.mayAdd(ctx, made); problem != "" || err != nil {
		return CeremonyResult{Problem: problem}, err
	}
	return CeremonyResult{UserID: made.UserID, CredentialID: made.ID, UserVerified: auth.Flags.HasUserVerified(), Synced: made.BackupEligible}, d.addPasskey(ctx, made)
}

// mayAdd answers why a passkey cannot be kept.
func (d *Directory) mayAdd(ctx context.Context, made passkeyRecord) (string, error) {
	if _, err := d.findPasskey(ctx, made.ID); err == nil {
		return PasskeyExists, nil
	} else if !errors.Is(err, ErrNotFound) {
		return "", err
	}
	keys, err := d.Passkeys(ctx, made.UserID, "")
	if err == nil && len(keys) >= maxPasskeys {
		return PasskeyTooMany, nil
	}
	return "", err
}

// nameOf names a passkey by where it lives, when its person does not.
func nameOf(p Passkey) string {
	switch {
	case slices.Contains(p.Transports, string(protocol.Hybrid)) || p.BackupEligible:
		return "Passkey"
	case slices.Contains(p.Transports, string(protocol.USB)) || slices.Contains(p.Transports, string(protocol.NFC)):
		return "Security key"
	}
	return "This device"
}

func (d *Directory) finishAssertion(ctx context.Context, rec ceremonyRecord, response []byte) (CeremonyResult, error) {
	data, err := protocol.ParseCredentialRequestResponseBytes(response)
	if err != nil {
		return refusedFor(PasskeyUnreadable)
	}
	key, err := d.findPasskey(ctx, passkeyEncoding.EncodeToString(data.RawID))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return CeremonyResult{}, err
	}
	if err != nil || key.RPID != rec.RP.ID || rec.UserID != "" && key.UserID != rec.UserID {
		return refusedFor(PasskeyUnknown)
	}
	result := CeremonyResult{UserID: key.UserID, CredentialID: key.ID, Synced: key.BackupEligible}
	if result.Problem, err = d.verifyAssertion(ctx, rec, key, data); result.Problem != "" || err != nil {
		return result, err
	}
	auth := data.Response.AuthenticatorData
	result.UserVerified = auth.Flags.HasUserVerified()
	key.SignCount, key.BackedUp, key.LastUsed = auth.Counter, auth.Flags.HasBackupState(), d.clock.Now().UTC()
	return result, d.write(bucketPasskeys, passkeyKey(key.UserID, key.ID), key, time.Time{})
}

// verifyAssertion answers why an assertion with that passkey is refused.
func (d *Directory) verifyAssertion(ctx context.Context, rec ceremonyRecord, key passkeyRecord, data *protocol.ParsedCredentialAssertionData) (string, error) {
	auth := data.Response.AuthenticatorData
	verifyUser := rec.UserVerification == VerifyUserRequired
	err := data.Verify(rec.Challenge, rec.RP.ID, "", []string{rec.RP.Origin}, nil, nil, protocol.TopOriginExplicitVerificationMode, false, verifyUser, true,
		key.PublicKey, protocol.SignaturePolicy{})
	if err != nil {
		return reason(rec, data.Response.CollectedClientData, auth.Flags), nil
	}
	handle, err := d.passkeyHandle(ctx, key.UserID)
	if err != nil {
		return "", err
	}
	sent := data.Response.UserHandle
	// Without a name the handle is who signs in, so it must be there.
	if len(sent) == 0 && !rec.Listed || len(sent) > 0 && passkeyEncoding.EncodeToString(sent) != handle {
		return PasskeyUnknown, nil
	}
	if auth.Flags.HasBackupEligible() != key.BackupEligible || auth.Flags.HasBackupState() && !auth.Flags.HasBackupEligible() {
		return PasskeyRefused, nil
	}
	// Passkeys that are synced do not count and send 0 for ever.
	if auth.Counter <= key.SignCount && (auth.Counter != 0 || key.SignCount != 0) {
		return PasskeyCloned, nil
	}
	u, err := d.Get(ctx, key.UserID)
	if err != nil {
		return "", err
	}
	if u.Status != Active {
		return PasskeyAccountInactive, nil
	}
	return "", nil
}

// reason answers why the verification failed, as far as it can be told.
func reason(rec ceremonyRecord, client protocol.CollectedClientData, flags protocol.AuthenticatorFlags) string {
	switch {
	case client.Challenge != rec.Challenge:
		return PasskeyStaleChallenge
	case !protocol.IsOriginInHaystack(client.Origin, []string{rec.RP.Origin}):
		return PasskeyWrongOrigin
	case rec.UserVerification == VerifyUserRequired && !flags.HasUserVerified():
		return PasskeyNotVerified
	}
	return PasskeyRefused
}
