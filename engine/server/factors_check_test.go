package server_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/flow"
)

// codesOf answers what the check says of one flow beside the starter's.
func codesOf(t *testing.T, slug, text string) []string {
	t.Helper()
	files := starterFiles(t)
	files["flows/"+slug+".json"] = &fstest.MapFile{Data: []byte(text)}
	p, problems := flow.Load(files)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var codes []string
	for _, problem := range (&check.Checker{Catalogue: catalogue.All()}).Flow(p, slug, p.Flows[slug]) {
		codes = append(codes, problem.Code)
	}
	return codes
}

// C7: a passkey may stand alone, a second factor may not; and with a passkey an
// account is known and a credential verified.
func TestC7_APasskeyStandsAlone(t *testing.T) {
	passkey := strings.Replace(strings.ReplaceAll(usePasskey, "UV", "required"), `"done":{"type":"issue_session","stage":"main"}`, `"done":{"type":"finish","stage":"main","config":{"identity":true}}`, 1)
	if codes := codesOf(t, "passkey", passkey); len(codes) != 0 {
		t.Errorf("%v", codes)
	}
	if codes := codesOf(t, "session", strings.ReplaceAll(usePasskey, "UV", "required")); len(codes) != 0 {
		t.Errorf("%v", codes)
	}
	factor := `{"format":1,"name":"f","trigger":"custom","enabled":true,"start":"find","stages":["main"],"blocks":{
 "find":{"type":"identity_lookup","stage":"main","config":{"identifier":"x"},"next":{"found":"factor","not_found":"no"}},
 "factor":{"stage":"main","type":"require_mfa","config":{"factor":"sms_otp"},"next":{"ok":"done","failed":"no","not_enrolled":"no"}},
 "done":{"type":"finish","stage":"main","config":{"identity":true}},"no":{"type":"deny","stage":"main","config":{"reason":"refused"}}}}`
	if codes := codesOf(t, "factor", factor); !slices.Contains(codes, "weak_identity") {
		t.Errorf("%v", codes)
	}
}

// A factor is added shortly after proving who one is, or not at all: whoever
// finds a browser open adds none of their own.
func TestAFactorIsAddedShortlyAfterAProof(t *testing.T) {
	r := newRig(t, nil, func(files fstest.MapFS) {
		factorFlows(files)
		files["flows/later.json"] = &fstest.MapFile{Data: []byte(`{"format":1,"name":"later","trigger":"custom","enabled":true,"start":"session","stages":["main"],"blocks":{
 "session":{"type":"session_check","stage":"main","config":{"any_level":true},"next":{"satisfied":"factor","not_satisfied":"no"}},
 "factor":{"stage":"main","type":"require_mfa_enroll","config":{"factors":["totp"]},"next":{"ok":"no","skipped":"no"}},
 "no":{"type":"deny","stage":"main","config":{"reason":"refused"}}}}`)}
	})
	d := newDevice(r)
	d.grace("any")
	d.send("totp", nil)
	d.send("", map[string]any{"code": appCode(d, graceSecret)})
	d.ended(true)
	d.open("later")
	d.on("mfa/enroll_totp")
	r.Clock.Advance(20 * time.Minute)
	d.open("later")
	d.ended(false)
	if f := r.lastState().Failure; f == nil || f.Code != "reauthenticate" {
		t.Errorf("%+v", f)
	}
}

// An account that was just created may have a passkey for its first and only
// credential, verified; an account that was only found may not.
func TestAPasskeyIsTheFirstCredential(t *testing.T) {
	signUp := func(first string) string {
		return `{"format":1,"name":"up","trigger":"custom","enabled":true,"start":"account","stages":["main"],"blocks":{
 "account":{"stage":"main",` + first + `},
 "begin":{"type":"webauthn_begin","stage":"main","config":{"mode":"register","user_verification":"discouraged"},"next":{"next":"finish"}},
 "finish":{"type":"webauthn_finish","stage":"main","config":{"ceremony":"{{ step.begin.ceremony }}"},"next":{"ok":"done","failed":"no","other":"no"}},
 "done":{"type":"issue_session","stage":"main"},"no":{"type":"deny","stage":"main","config":{"reason":"refused"}}}}`
	}
	r := newRig(t, nil, func(files fstest.MapFS) {
		passkeyFlows(files)
		files["flows/up.json"] = &fstest.MapFile{Data: []byte(signUp(`"type":"identity_create","config":{"email":"new@example.com"},"next":{"created":"begin","exists":"no"}`))}
		files["flows/found.json"] = &fstest.MapFile{Data: []byte(signUp(`"type":"identity_lookup","config":{"identifier":"ada@example.com"},"next":{"found":"begin","not_found":"no"}`))}
	})
	d := newDevice(r)
	d.open("up")
	d.on("auth/passkey")
	if !strings.Contains(d.options(), `"userVerification":"required"`) {
		t.Errorf("the first credential is not verified: %s", d.options())
	}
	key := newKey()
	d.send("", map[string]any{"credential": d.attest(&key)})
	d.ended(true)
	d.open("use")
	d.send("", map[string]any{"credential": d.assert(&key)})
	d.ended(true)
	d.open("found")
	d.ended(false)
	if f := r.lastState().Failure; f == nil || f.Code != "not_authenticated" {
		t.Errorf("%+v", f)
	}
}

// N4: with a name or without, known or unknown, the page of a passkey is the
// same but for its challenge.
func TestN4_APasskeysPageTellsNoAccount(t *testing.T) {
	r := newRig(t, nil, func(files fstest.MapFS) {
		passkeyFlows(files)
		for slug, name := range map[string]string{"known": "ada@example.com", "unknown": "nobody@example.com"} {
			files["flows/"+slug+".json"] = &fstest.MapFile{Data: []byte(`{"format":1,"name":"named","trigger":"custom","enabled":true,"start":"find","stages":["main"],"blocks":{
 "find":{"type":"identity_lookup","stage":"main","config":{"identifier":"` + name + `"},"next":{"found":"begin","not_found":"begin"}},
 "begin":{"type":"webauthn_begin","stage":"main","next":{"next":"finish"}},
 "finish":{"type":"webauthn_finish","stage":"main","config":{"ceremony":"{{ step.begin.ceremony }}"},"next":{"ok":"done","failed":"no","other":"no"}},
 "done":{"type":"issue_session","stage":"main"},"no":{"type":"deny","stage":"main","config":{"reason":"refused"}}}}`)}
		}
	})
	d := newDevice(r)
	key := d.enroll("make")
	page := func(slug string) string {
		t.Helper()
		d.open(slug)
		model, _ := d.at["model"].(map[string]any)
		options, _ := model["publicKey"].(map[string]any)
		options["challenge"], d.at["ticket"] = "", ""
		text, err := json.Marshal(d.at)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if known, unknown := page("known"), page("unknown"); known != unknown {
		t.Errorf("the pages differ:\n%s\n%s", known, unknown)
	}
	d.open("known")
	d.send("", map[string]any{"credential": d.assert(key)})
	d.ended(true)
}
