package server_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/store"
)

// person answers somebody as the directory knows them.
func (r *rig) person(id string) directory.User {
	r.t.Helper()
	u, err := directory.New(store.Begin(r.Store()), r.Clock, r.World.Random, nil).Get(context.Background(), id)
	if err != nil {
		r.t.Fatal(err)
	}
	return u
}

func find(next string) map[string]any {
	return to("identity_lookup", map[string]any{"identifier": "ada@example.com"}, map[string]any{"found": next, "not_found": "end"})
}

func TestProfileAndMetadata(t *testing.T) {
	r := newRig(t, nil, probe("find", map[string]any{
		"find":    find("profile"),
		"profile": to("profile_update", map[string]any{"name": "Countess", "fields": map[string]any{"language": "fr"}}, map[string]any{"next": "meta"}),
		"meta":    to("set_metadata", map[string]any{"app": map[string]any{"plan": "{{ 'gold' }}", "department": nil}, "user": map[string]any{"seen": "{{ 1 + 1 }}"}}, map[string]any{"next": "report"}),
	}, map[string]any{"profile": "{{ step.profile.changed }}", "meta": "{{ step.meta.changed }}", "name": "{{ event.user.name }}", "plan": "{{ event.user.app_metadata.plan }}"}))
	holds(t, r.report(), map[string]any{"profile": []any{"name", "user_metadata.language"}, "meta": []any{"app_metadata.department", "app_metadata.plan", "user_metadata.seen"}, "name": "Countess", "plan": "gold"})
	u := r.person("usr_ada")
	if u.Name != "Countess" || u.AppMetadata["plan"] != "gold" || u.AppMetadata["department"] != nil || u.UserMetadata["seen"] != 2.0 || u.UserMetadata["language"] != "fr" {
		t.Errorf("%+v", u)
	}
}

// An identifier is changed by somebody who has proven who they are, and by
// nobody else.
func TestUpdateUser(t *testing.T) {
	change := func(proof map[string]any, email string) func(fstest.MapFS) {
		return probe("find", map[string]any{"find": find("proof"), "proof": proof,
			"change": to("update_user", map[string]any{"email": email, "username": "countess"}, map[string]any{"next": "report"})},
			map[string]any{"changed": "{{ step.change.changed }}", "verified": "{{ event.user.email_verified }}"})
	}
	password := to("password_check", map[string]any{"identifier": "ada@example.com"}, map[string]any{"ok": "change", "failed": "end"})
	r := newRig(t, nil, change(to("set_value", map[string]any{"values": map[string]any{"x": "1"}}, map[string]any{"next": "change"}), "new@example.com"))
	r.open(issuer + "/flows/probe")
	if len(r.reports()) != 0 || r.person("usr_ada").Email != "ada@example.com" {
		t.Error("changed without a proof")
	}
	r = newRig(t, nil, change(password, "new@example.com"))
	r.open(issuer + "/flows/probe")
	r.fill("", map[string]string{"identifier": "ada@example.com", "password": "analytical-engine"})
	holds(t, r.reported(0), map[string]any{"changed": []any{"email", "username"}, "verified": false})
	r.begin()
	r.signIn("countess", "analytical-engine")
	r.at("/demo/callback", 200)
	r = newRig(t, nil, change(password, "grace@acme.example")) // somebody else's
	r.open(issuer + "/flows/probe")
	r.fill("", map[string]string{"identifier": "ada@example.com", "password": "analytical-engine"})
	if len(r.reports()) != 0 || r.person("usr_ada").Email != "ada@example.com" {
		t.Error("took somebody else's address")
	}
}

func TestS2_DeactivationEndsEverything(t *testing.T) {
	r := newRig(t, nil, probe("find", map[string]any{"find": find("out"), "out": to("deactivate_user", nil, map[string]any{"next": "report"})}, map[string]any{"ended": "{{ step.out.ended }}"}))
	r.begin()
	r.signIn("ada@example.com", "analytical-engine")
	r.at("/demo/callback", 200)
	holds(t, r.report(), map[string]any{"ended": 1})
	if r.sessionCount() != 0 || r.person("usr_ada").Status != directory.Deactivated {
		t.Error("the account is still in use")
	}
	r.tokens = nil
	r.begin()
	r.signIn("ada@example.com", "analytical-engine")
	if r.tokens != nil {
		t.Error("a deactivated account signed in")
	}
}

func TestDelayWaits(t *testing.T) {
	r := newRig(t, nil, probe("wait", map[string]any{"wait": to("delay", map[string]any{"ms": 120.0}, map[string]any{"next": "report"})}, map[string]any{}))
	before := r.Clock.Now()
	r.report()
	if passed := r.Clock.Now().Sub(before); passed < 120*time.Millisecond {
		t.Errorf("it waited %v", passed)
	}
}

const sharedKey = "a shared key of at least 32 bytes"

func invitation(t *testing.T, method jwt.SigningMethod, key any, claims jwt.MapClaims) string {
	t.Helper()
	text, err := jwt.NewWithClaims(method, claims).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func tokenProbe(config map[string]any) func(fstest.MapFS) {
	config["token"] = "{{ step.page.fields.token }}"
	return both(probe("page", map[string]any{
		"page":  to("page", map[string]any{"template": "sign_up.html", "fields": []any{map[string]any{"name": "token"}}}, map[string]any{"submitted": "check"}),
		"check": to("verify_token", config, map[string]any{"ok": "report", "invalid": "report"}),
	}, map[string]any{"valid": "{{ step.check.valid }}", "reason": "{{ step.check.reason }}", "plan": "{{ has(step.check.claims.plan) ? step.check.claims.plan : '' }}"}),
		func(files fstest.MapFS) {
			files[flow.WorldFile].Data = append([]byte("secrets: {invitation_key: "+sharedKey+"}\n"), files[flow.WorldFile].Data...)
			files[flow.SettingsFile].Data = []byte(strings.Replace(string(files[flow.SettingsFile].Data), `"default_locale"`, `"secrets": [{"name": "invitation_key"}], "default_locale"`, 1))
		})
}

func (r *rig) tryToken(token string) map[string]any {
	r.t.Helper()
	before := len(r.reports())
	r.open(issuer + "/flows/probe")
	r.fill("", map[string]string{"token": token})
	return r.reported(before)
}

// Scenario 10: a signed invitation; forged, expired and foreign ones.
func TestVerifyToken(t *testing.T) {
	r := newRig(t, nil, tokenProbe(map[string]any{"secret": "invitation_key", "issuer": "https://crm.example", "audience": "sign-up", "once": true}))
	now := r.Clock.Now()
	claims := func(change func(jwt.MapClaims)) jwt.MapClaims {
		c := jwt.MapClaims{"iss": "https://crm.example", "aud": "sign-up", "exp": now.Add(time.Hour).Unix(), "jti": "1", "plan": "gold"}
		change(c)
		return c
	}
	same := func(jwt.MapClaims) {}
	good := invitation(t, jwt.SigningMethodHS256, []byte(sharedKey), claims(same))
	holds(t, r.tryToken(good), map[string]any{"valid": true, "reason": "", "plan": "gold"})
	holds(t, r.tryToken(good), map[string]any{"valid": false, "reason": "used", "plan": ""})
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	r.replays() // X4: without the key
	for reason, token := range map[string]string{
		"malformed": "not.a.token",
		"signature": invitation(t, jwt.SigningMethodHS256, []byte("another key of at least 32 bytes!"), claims(same)),
		"expired":   invitation(t, jwt.SigningMethodHS256, []byte(sharedKey), claims(func(c jwt.MapClaims) { c["exp"] = now.Add(-time.Hour).Unix() })),
		"not_yet":   invitation(t, jwt.SigningMethodHS256, []byte(sharedKey), claims(func(c jwt.MapClaims) { c["nbf"] = now.Add(time.Hour).Unix() })),
		"audience":  invitation(t, jwt.SigningMethodHS256, []byte(sharedKey), claims(func(c jwt.MapClaims) { c["aud"] = "somebody else" })),
		"issuer":    invitation(t, jwt.SigningMethodHS256, []byte(sharedKey), claims(func(c jwt.MapClaims) { c["iss"] = "https://evil.example" })),
	} {
		holds(t, r.tryToken(token), map[string]any{"valid": false, "reason": reason})
	}
	holds(t, r.tryToken(invitation(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, claims(same))), map[string]any{"reason": "signature"})
	holds(t, r.tryToken(invitation(t, jwt.SigningMethodES256, key, claims(same))), map[string]any{"reason": "signature"})
	holds(t, r.tryToken(invitation(t, jwt.SigningMethodHS256, []byte(sharedKey), claims(func(c jwt.MapClaims) { delete(c, "exp") }))), map[string]any{"reason": "signature"})
}

func TestVerifyTokenByAPublicKey(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	r := newRig(t, nil, tokenProbe(map[string]any{"key_from": "public_key", "public_key": string(public), "audience": "sign-up"}))
	claims := jwt.MapClaims{"aud": "sign-up", "exp": r.Clock.Now().Add(time.Hour).Unix(), "plan": "gold"}
	holds(t, r.tryToken(invitation(t, jwt.SigningMethodES256, key, claims)), map[string]any{"valid": true, "plan": "gold"})
	// The public key is no shared secret (RFC 8725 section 2.1).
	holds(t, r.tryToken(invitation(t, jwt.SigningMethodHS256, public, claims)), map[string]any{"valid": false, "reason": "signature"})
}

// A browser without a session has none to keep: all of the person's are others.
func TestS2_RevokingTheOthersFromABrowserWithoutASession(t *testing.T) {
	r := newRig(t, nil, probe("find", map[string]any{"find": find("end_them"), "end_them": to("session_revoke", map[string]any{"which": "others"}, map[string]any{"next": "report"})}, map[string]any{"ended": "{{ step.end_them.ended }}"}))
	r.begin()
	r.signIn("ada@example.com", "analytical-engine")
	r.at("/demo/callback", 200)
	r.agent.Forget()
	holds(t, r.report(), map[string]any{"ended": 1})
	if n := r.sessionCount(); n != 0 {
		t.Errorf("%d sessions are left", n)
	}
}
