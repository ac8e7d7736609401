package server_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/authflow-studio/authflow/engine/scenario/agent"
)

// Scenario 1: the default login with the right password.
func TestLoginWithPassword(t *testing.T) {
	r := newRig(t, nil, nil)
	r.begin()
	r.at("/fl/sign_in", 200)
	r.signIn("ada@example.com", "analytical-engine")
	r.at("/demo/callback", 200)
	if r.tokens == nil {
		t.Fatal("no tokens")
	}
	for _, tok := range r.tokens.Tokens {
		if !tok.Verified {
			t.Errorf("%s: %s", tok.Kind, tok.Problem)
		}
		if tok.Claims["department"] != "Research" {
			t.Errorf("%s: department = %v", tok.Kind, tok.Claims["department"])
		}
	}
	id, access := r.tokens.Tokens[0].Claims, r.tokens.Tokens[1].Claims
	if id["acr"] != "aal1" || id["sub"] != "usr_ada" {
		t.Errorf("ID token: acr %v, sub %v", id["acr"], id["sub"])
	}
	if access["account_kind"] != "self-serve" {
		t.Errorf("the Action's claim is %v", access["account_kind"])
	}
}

// Scenario 2: an unknown account and a wrong password look the same, and too
// many of them end the run.
func TestWrongPasswordLooksLikeUnknownAccount(t *testing.T) {
	r := newRig(t, nil, nil)
	texts := map[string]string{}
	for _, name := range []string{"ada@example.com", "nobody@example.com"} {
		r.begin()
		p := r.signIn(name, "wrong")
		r.at("/fl/auth/password", 200)
		texts[name] = strings.ReplaceAll(withoutTicket(p), name, "NAME")
	}
	if texts["ada@example.com"] != texts["nobody@example.com"] {
		t.Errorf("the answers differ:\n%s\n%s", texts["ada@example.com"], texts["nobody@example.com"])
	}
	for range 4 {
		r.fill("", map[string]string{"password": "wrong"})
	}
	r.at("/fl/end", 403)
	if !strings.Contains(r.page.HTML, "wrong too often") {
		t.Error(r.page.HTML)
	}
}

func withoutTicket(p *agent.Page) string {
	html := p.HTML
	for _, f := range p.Forms {
		for _, in := range f.Fields {
			if in.Name == "_ticket" {
				html = strings.ReplaceAll(html, in.Value, "TICKET")
			}
		}
	}
	return html
}

// Scenario 3: the network decides whether a second factor is asked for.
func TestRiskDecides(t *testing.T) {
	for _, c := range []struct{ ip, page string }{
		{"198.51.100.7", "/fl/end"},          // Tor exit on a new device
		{"203.0.113.7", "/fl/mfa/email_otp"}, // VPN
		{"192.0.2.10", "/demo/callback"},     // at home
		{"192.0.2.200", "/demo/callback"},    // in the office
		{"2001:db8::1", "/demo/callback"},    // unknown: noted, not enough
		{"::ffff:192.0.2.10", "/demo/callback"},
	} {
		r := newRig(t, nil, nil)
		r.agent.Set(agent.Settings{IP: c.ip})
		r.begin()
		p := r.signIn("ada", "analytical-engine")
		if !strings.HasPrefix(p.URL, issuer+c.page) {
			t.Errorf("from %s: at %s, want %s", c.ip, p.URL, c.page)
		}
	}
}

// A code by mail: wrong once, then the one from the outbox, which works once.
func TestMailCode(t *testing.T) {
	r := newRig(t, nil, nil)
	r.agent.Set(agent.Settings{IP: "203.0.113.7"})
	r.begin()
	r.signIn("ada@example.com", "analytical-engine")
	r.fill("", map[string]string{"code": "000000"})
	r.at("/fl/mfa/email_otp", 200)
	mails, err := r.Outbox(context.Background())
	if err != nil || len(mails) != 1 {
		t.Fatalf("%d mails, %v", len(mails), err)
	}
	if mails[0].To != "ada@example.com" || !strings.Contains(mails[0].Text, mails[0].Code) {
		t.Errorf("mail %+v", mails[0])
	}
	r.fill("", map[string]string{"code": mails[0].Code})
	r.at("/demo/callback", 200)
	if acr := r.tokens.Tokens[0].Claims["acr"]; acr != "aal2" {
		t.Errorf("acr = %v", acr)
	}
}

// Scenario 17, second half: a TOTP code works, with one step of drift, and once.
func TestTOTP(t *testing.T) {
	const secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
	r := newRig(t, nil, nil)
	r.begin()
	r.signIn("grace@acme.example", "nanosecond-wire")
	r.at("/fl/mfa/choose", 200)
	r.fill("totp", nil)
	r.at("/fl/mfa/totp", 200)
	code, err := totp.GenerateCode(secret, r.Clock.Now().Add(-30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	r.fill("", map[string]string{"code": code})
	r.at("/demo/callback", 200)
	if kind := r.tokens.Tokens[1].Claims["account_kind"]; kind != "corporate" {
		t.Errorf("account_kind = %v", kind)
	}
	r.begin()
	r.signIn("grace@acme.example", "nanosecond-wire")
	r.fill("totp", nil)
	r.fill("", map[string]string{"code": code})
	r.at("/fl/mfa/totp", 200) // asked again
}

// Scenario 4: a device that was used before is known to its person only.
func TestDeviceIsKnownToItsPerson(t *testing.T) {
	r := newRig(t, nil, nil)
	known := func(name, password string) bool {
		t.Helper()
		r.agent.ForgetSession()
		r.begin()
		r.signIn(name, password)
		records, err := r.Engine().JournalOf(context.Background(), r.lastRun())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range records {
			if e.Kind == "leave" && e.Block == "known_device" {
				return e.Port == "known"
			}
		}
		t.Fatal("the device was not checked")
		return false
	}
	if known("ada@example.com", "analytical-engine") {
		t.Error("known at the first sign-in")
	}
	if !known("ada@example.com", "analytical-engine") {
		t.Error("not known at the second")
	}
	if known("alan@example.com", "enigma-machine") {
		t.Error("known to somebody else")
	}
}
