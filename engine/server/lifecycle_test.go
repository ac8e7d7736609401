package server_test

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/authflow-studio/authflow/engine/run"
)

// code answers the code in the last mail to an address, "" for none.
func (r *rig) code(to string) string {
	r.t.Helper()
	mails, err := r.Outbox(context.Background())
	if err != nil {
		r.t.Fatal(err)
	}
	code := ""
	for _, m := range mails {
		if m.To == to {
			code = m.Code
		}
	}
	return code
}

// follow clicks a link of the page.
func (r *rig) follow(path string) {
	r.t.Helper()
	if !strings.Contains(r.page.HTML, path) {
		r.t.Fatalf("no link to %s in\n%s", path, r.page.HTML)
	}
	r.open(issuer + path)
}

func TestRegistrationFromTheLoginPage(t *testing.T) {
	r := newRig(t, nil, nil)
	r.begin()
	r.follow("/flows/registration?continue")
	r.at("/fl/sign_up", 200)
	r.fill("", map[string]string{"name": "Mary Shelley", "email": "mary@example.com"})
	r.at("/fl/auth/verify", 200)
	r.fill("", map[string]string{"code": "00000000"})
	r.at("/fl/auth/verify", 200)
	r.fill("", map[string]string{"code": r.code("mary@example.com")})
	r.at("/fl/auth/new_password", 200)
	for weak, words := range map[string]string{"short": "too short", "mary-mary-mary": "without your own name", "aaaaaaaaaaaa": "harder to guess"} {
		r.fill("", map[string]string{"password": weak})
		if !strings.Contains(r.page.HTML, words) {
			t.Errorf("%q: %s", weak, r.page.HTML)
		}
	}
	r.fill("", map[string]string{"password": "modern prometheus"})
	r.at("/demo/callback", 200)
	if r.tokens.UserInfo["email"] != "mary@example.com" || r.tokens.UserInfo["email_verified"] != true {
		t.Errorf("userinfo %v", r.tokens.UserInfo)
	}
	r.agent.Forget()
	r.begin()
	r.signIn("mary@example.com", "modern prometheus")
	r.at("/demo/callback", 200)
}

// Somebody who registers an address that has an account sees what everybody
// sees, and gets no further; the account stays as it is.
func TestRegistrationTellsNobodyWhoHasAnAccount(t *testing.T) {
	r := newRig(t, nil, nil)
	var pages []string
	for _, address := range []string{"ada@example.com", "new@example.com"} {
		r.open(issuer + "/flows/registration")
		r.fill("", map[string]string{"name": "X", "email": address})
		pages = append(pages, withoutTicket(r.page))
		if code := r.code("ada@example.com"); code != "" {
			t.Error("a code went to the account that was there already")
		}
	}
	if pages[0] != pages[1] {
		t.Errorf("the pages differ:\n%s\n%s", pages[0], pages[1])
	}
	r.begin()
	r.signIn("ada@example.com", "analytical-engine")
	r.at("/demo/callback", 200)
}

// Scenario 19: a password reset by mail.
func TestPasswordReset(t *testing.T) {
	r := newRig(t, nil, nil)
	r.begin()
	r.signIn("ada@example.com", "analytical-engine") // a session to be ended
	r.agent.Forget()
	r.begin()
	r.follow("/flows/password_reset?continue")
	r.fill("", map[string]string{"identifier": "nobody@example.com"})
	unknown := withoutTicket(r.page)
	r.begin()
	r.follow("/flows/password_reset?continue")
	r.fill("", map[string]string{"identifier": "ada@example.com"})
	if known := withoutTicket(r.page); known != unknown {
		t.Errorf("the answers differ:\n%s\n%s", known, unknown)
	}
	code := r.code("ada@example.com")
	r.fill("", map[string]string{"code": code})
	r.at("/fl/auth/new_password", 200)
	r.fill("", map[string]string{"password": "difference engine two"})
	r.at("/fl/sign_in", 200) // and on to the client, with the new password
	if live := r.sessionCount(); live != 0 {
		t.Errorf("%d sessions are left", live)
	}
	r.signIn("ada@example.com", "analytical-engine")
	r.at("/fl/auth/password", 200)
	r.fill("", map[string]string{"password": "difference engine two"})
	r.at("/demo/callback", 200)

	r.begin()
	r.follow("/flows/password_reset?continue")
	r.fill("", map[string]string{"identifier": "ada@example.com"})
	r.fill("", map[string]string{"code": code}) // the used one
	r.at("/fl/auth/verify", 200)
}

var secretOnPage = regexp.MustCompile(`<code>([A-Z2-7]+)</code>`)

// An app is enrolled by a person who is signed in; the next sign-in asks for it,
// and its secret is in no state and no journal.
func TestEnrolAnAuthenticatorApp(t *testing.T) {
	r := newRig(t, nil, nil)
	r.begin()
	r.signIn("ada@example.com", "analytical-engine")
	r.open(issuer + "/flows/mfa_enrollment")
	r.at("/fl/mfa/enroll_totp", 200)
	if !strings.Contains(r.page.HTML, "data:image/png;base64,") {
		t.Error("there is no QR code")
	}
	secret := secretOnPage.FindStringSubmatch(r.page.HTML)[1]
	for _, bucket := range []string{run.RunsBucket, run.JournalBucket, "audit"} {
		entries, err := r.Store().List(context.Background(), bucket, "", "", 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if bytes.Contains(e.Value, []byte(secret)) {
				t.Errorf("%s/%s holds the secret", bucket, e.ID)
			}
		}
	}
	r.fill("", map[string]string{"code": "000000"})
	r.at("/fl/mfa/enroll_totp", 200)
	if again := secretOnPage.FindStringSubmatch(r.page.HTML)[1]; again != secret {
		t.Error("a wrong code changed the secret")
	}
	code, err := totp.GenerateCode(secret, r.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	r.fill("", map[string]string{"code": code})
	r.at("/fl/mfa/recovery_codes", 200)
	r.fill("", nil)
	r.at("/fl/end", 200)

	r.agent.ForgetSession()
	r.Clock.Advance(time.Minute)
	r.begin()
	r.signIn("ada@example.com", "analytical-engine")
	r.at("/fl/mfa/choose", 200)
	r.fill("totp", nil)
	if code, err = totp.GenerateCode(secret, r.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	r.fill("", map[string]string{"code": code})
	r.at("/demo/callback", 200)
	if acr := r.tokens.Tokens[0].Claims["acr"]; acr != "aal2" {
		t.Errorf("acr %v", acr)
	}
}

// A step-up: the session is made stronger, with a new secret.
func TestStepUp(t *testing.T) {
	r := newRig(t, nil, nil)
	r.begin()
	r.signIn("ada@example.com", "analytical-engine")
	first := r.tokens.Tokens[0].Claims
	r.open(r.DemoURL() + "/login?acr_values=aal1")
	r.at("/demo/callback", 200) // the session is enough
	r.open(r.DemoURL() + "/login?acr_values=aal2")
	r.at("/fl/mfa/email_otp", 200) // only the factor is asked for
	r.fill("", map[string]string{"code": r.code("ada@example.com")})
	r.at("/demo/callback", 200)
	if got := r.tokens.Tokens[0].Claims; got["acr"] != "aal2" || got["sub"] != first["sub"] {
		t.Errorf("before %v, after %v", first, got)
	}
	if live := r.sessionCount(); live != 1 {
		t.Errorf("%d sessions", live)
	}
}

// A person sees where they are signed in and ends it there, after proving again
// who they are when that is a while ago.
func TestSessionsAreTheirPersonsToEnd(t *testing.T) {
	r := newRig(t, nil, nil)
	r.begin()
	r.signIn("ada@example.com", "analytical-engine") // somewhere else
	r.agent.Forget()
	r.begin()
	r.signIn("alan@example.com", "enigma-machine") // somebody else
	r.agent.Forget()
	r.begin()
	r.signIn("ada@example.com", "analytical-engine")
	r.open(issuer + "/flows/sessions")
	r.at("/fl/account/sessions", 200)
	if n := strings.Count(r.page.HTML, `value="end:`); n != 2 {
		t.Fatalf("%d sessions are shown, want Ada's two\n%s", n, r.page.HTML)
	}
	r.fill("end_others", nil)
	if n := strings.Count(r.page.HTML, `value="end:`); n != 1 || r.sessionCount() != 2 {
		t.Errorf("%d are shown, %d are live", n, r.sessionCount())
	}
	r.fill("done", nil)
	r.at("/fl/end", 200)

	r.Clock.Advance(11 * time.Minute)
	r.open(issuer + "/flows/sessions")
	r.at("/fl/auth/password", 200)
	r.open(issuer + "/flows/mfa_enrollment")
	r.at("/fl/auth/password", 200) // a factor is not changed without it, either
}

// Somebody else's session is not ended by naming it.
func TestSessionsOfOthersStay(t *testing.T) {
	r := newRig(t, nil, nil)
	r.begin()
	r.signIn("alan@example.com", "enigma-machine")
	alan, _ := r.tokens.Tokens[0].Claims["sid"].(string)
	r.agent.Forget()
	r.begin()
	r.signIn("ada@example.com", "analytical-engine")
	r.open(issuer + "/flows/sessions")
	page := *r.page
	for i, in := range page.Forms[0].Fields {
		if strings.HasPrefix(in.Value, "end:") {
			page.Forms[0].Fields[i].Value = "end:" + alan
		}
	}
	r.page = &page
	r.fill("end:"+alan, nil)
	if live := r.sessionCount(); live != 2 {
		t.Errorf("%d sessions are live", live)
	}
}

// A GET makes no session, whatever it carries: links and images of other sites
// sign nobody in.
func TestNoGETMakesASession(t *testing.T) {
	r := newRig(t, nil, nil)
	r.begin()
	ticket := ""
	for _, in := range r.page.Forms[0].Fields {
		if in.Name == "_ticket" {
			ticket = in.Value
		}
	}
	q := "?identifier=ada@example.com&password=analytical-engine&_ticket=" + ticket
	for _, path := range []string{"/fl/sign_in" + q, "/fl/auth/password" + q, "/fl/restart" + q, "/fl/callback" + q + "&state=" + ticket, "/fl/end" + q, "/flows/login" + q, "/flows/mfa_verify" + q, "/flows/sessions" + q, "/oauth2/authorize" + q} {
		r.open(issuer + path)
	}
	if live := r.sessionCount(); live != 0 {
		t.Errorf("%d sessions", live)
	}
}
