package server_test

import (
	"context"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/projects"
)

// fromTemplate takes a shipped template in place of the starter.
func fromTemplate(t *testing.T, name string, changes ...func(fstest.MapFS)) func(fstest.MapFS) {
	t.Helper()
	fsys, err := projects.TemplateFS(name)
	if err != nil {
		t.Fatal(err)
	}
	return func(files fstest.MapFS) {
		clear(files)
		if err := fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := fs.ReadFile(fsys, path)
			files[path] = &fstest.MapFile{Data: text}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		both(changes...)(files)
	}
}

// entered reports whether the last run came to a block.
func (r *rig) entered(id string) bool {
	r.t.Helper()
	for _, e := range r.journal() {
		if e.Kind == run.KindEnter && e.Block == id {
			return true
		}
	}
	return false
}

// refusedAt fails unless the run ended with a page that says so, and nobody is
// signed in by it.
func (r *rig) refusedAt(words string) {
	r.t.Helper()
	r.at("/fl/end", 403)
	if !strings.Contains(r.page.HTML, words) || r.tokens != nil {
		r.t.Fatalf("want %q, tokens %v\n%s", words, r.tokens, r.page.HTML)
	}
}

func (r *rig) acr() any {
	r.t.Helper()
	r.at("/demo/callback", 200)
	return r.tokens.Tokens[0].Claims["acr"]
}

// byMailCode answers the code that went to Ada.
func (r *rig) byMailCode() {
	r.t.Helper()
	r.fill("", map[string]string{"code": r.code("ada@example.com")})
}

// Scenarios 3, 4: a new device is asked, a known one is not; Tor and a VPN are
// asked in either case.
func TestTemplateRiskAsksWhereSomethingIsUnusual(t *testing.T) {
	r := newRig(t, nil, fromTemplate(t, "risk-based"))
	signIn := func(ip string) {
		t.Helper()
		r.tokens = nil
		r.from(ip)
		r.begin()
		r.signIn("ada", "analytical-engine")
	}
	signIn("192.0.2.9")
	r.at("/fl/mfa/email_otp", 200)
	if r.sessionCount() != 0 {
		t.Error("a session before the second factor")
	}
	r.byMailCode()
	if acr := r.acr(); acr != "aal2" {
		t.Errorf("after the second factor: %v", acr)
	}
	signIn("192.0.2.9")
	if acr := r.acr(); acr != "aal1" || r.entered("second_factor") {
		t.Errorf("on a known device: %v, asked %v", acr, r.entered("second_factor"))
	}
	for _, ip := range []string{"198.51.100.7", "203.0.113.7"} {
		r.Clock.Advance(24 * time.Hour)
		signIn(ip)
		r.at("/fl/mfa/email_otp", 200)
		r.byMailCode()
		if acr := r.acr(); acr != "aal2" {
			t.Errorf("from %s: %v", ip, acr)
		}
	}
	r.Clock.Advance(24 * time.Hour)
	r.agent.Forget()
	signIn("192.0.2.9")
	r.at("/fl/mfa/email_otp", 200) // another browser
	signIn("192.0.2.66")
	r.refusedAt("from this network")
}

// Scenario 5: London, thirty minutes later Singapore.
func TestTemplateRiskChallengesAnImpossibleJourney(t *testing.T) {
	r := newRig(t, nil, fromTemplate(t, "risk-based"))
	r.from("192.0.2.9")
	r.begin()
	r.signIn("ada", "analytical-engine")
	r.byMailCode()
	r.at("/demo/callback", 200)
	r.tokens = nil
	r.Clock.Advance(30 * time.Minute)
	r.from("203.0.113.200")
	r.begin()
	r.signIn("ada", "analytical-engine")
	r.at("/fl/mfa/email_otp", 200)
	if known := r.left("known_device")["known"]; known != true || r.left("journey")["severity"] != "high" || r.tokens != nil {
		t.Errorf("known %v, journey %v", known, r.left("journey"))
	}
	r.byMailCode()
	if acr := r.acr(); acr != "aal2" {
		t.Errorf("after the second factor: %v", acr)
	}
}

// Scenario 6: five failures in ten minutes, then the right password; it is good
// again after the window. Unknown accounts see the same.
func TestTemplateRiskLocksAGuessedPassword(t *testing.T) {
	for _, who := range []string{"ada", "nobody"} {
		r := newRig(t, nil, fromTemplate(t, "risk-based"))
		for range 5 {
			r.begin()
			r.signIn(who, "wrong")
			r.at("/fl/auth/password", 200)
		}
		r.begin()
		r.signIn(who, "analytical-engine")
		r.refusedAt("wrong too often")
		if r.entered("password") {
			t.Error("the password was tried")
		}
		r.Clock.Advance(11 * time.Minute)
		r.begin()
		r.signIn(who, "analytical-engine")
		if asked := strings.HasPrefix(r.page.URL, issuer+"/fl/mfa/"); asked != (who == "ada") {
			t.Errorf("%s after the window: at %s", who, r.page.URL)
		}
	}
}

// toMail leads the passwordless login to its page for who has no passkey.
func (r *rig) toMail() {
	r.t.Helper()
	r.begin()
	r.at("/fl/passkey", 200)
	r.fill("other", nil)
	r.at("/fl/by_mail", 200)
}

// Scenario 15: a code signs in; a wrong, an expired and a used one do not.
func TestTemplatePasswordlessByCode(t *testing.T) {
	r := newRig(t, nil, fromTemplate(t, "passwordless"))
	r.toMail()
	r.fill("", map[string]string{"identifier": "ada"})
	r.at("/fl/auth/otp", 200)
	r.fill("", map[string]string{"code": "000000"})
	r.at("/fl/auth/otp", 200)
	used := r.code("ada@example.com")
	r.byMailCode()
	if acr := r.acr(); acr != "aal1" || r.entered("find_for_link") {
		t.Errorf("acr %v", acr)
	}
	r.nowhere(used)
	r.agent.ForgetSession()
	r.tokens = nil
	r.toMail()
	r.fill("", map[string]string{"identifier": "ada"})
	r.fill("", map[string]string{"code": used})
	r.at("/fl/auth/otp", 200)
	r.Clock.Advance(6 * time.Minute)
	r.byMailCode()
	r.refusedAt("took too long")
	r.toMail()
	r.fill("", map[string]string{"identifier": "nobody@example.com"})
	r.at("/fl/auth/otp", 200) // like somebody who has an account
	for range 3 {
		r.fill("", map[string]string{"code": "000000"})
	}
	r.refusedAt("start again")
}

// Scenario 15: a link signs in, once.
func TestTemplatePasswordlessByLink(t *testing.T) {
	r := newRig(t, nil, fromTemplate(t, "passwordless"))
	r.toMail()
	r.fill("link", map[string]string{"identifier": "ada@example.com"})
	r.at("/fl/auth/magic_link", 200)
	link := r.link()
	r.open(link)
	if r.tokens != nil || r.sessionCount() != 0 {
		t.Fatal("opening a link signed in")
	}
	r.fill("", nil)
	if acr := r.acr(); acr != "aal1" || r.code("ada@example.com") != "" {
		t.Errorf("acr %v, code %q", acr, r.code("ada@example.com"))
	}
	r.open(link)
	r.at("/fl/link", 410)
	r.toMail()
	r.fill("link", map[string]string{"identifier": "ada@example.com"})
	late := r.link()
	r.Clock.Advance(6 * time.Minute)
	r.open(late)
	r.at("/fl/link", 410)
	if r.sessionCount() != 1 {
		t.Errorf("%d sessions", r.sessionCount())
	}
}

// Scenario 16: a new account makes a passkey at once and signs in with it.
func TestTemplatePasswordlessByPasskey(t *testing.T) {
	r := newRig(t, nil, fromTemplate(t, "passwordless"))
	d := newDevice(r)
	key := newKey()
	d.open("registration")
	d.send("", map[string]any{"name": "Mary Shelley", "email": "mary@example.com"})
	d.on("auth/verify")
	d.send("", map[string]any{"code": r.code("mary@example.com")})
	d.on("auth/passkey")
	d.send("", map[string]any{"credential": d.attest(&key), "name": "Laptop"})
	d.ended(true)
	d.open("login")
	d.on("passkey")
	d.send("", map[string]any{"credential": d.assert(&key)})
	d.ended(true)
	if s := d.r.lastState(); s.Subject.UserID == "" || r.entered("who") {
		t.Errorf("signed in %q", s.Subject.UserID)
	}
	if b := d.audited("session.created"); len(b) == 0 || b[len(b)-1].Data["aal"] != "aal2" {
		t.Errorf("sessions %+v", b)
	}
	stranger := newKey()
	d.open("login")
	d.send("", map[string]any{"credential": d.assert(&stranger)})
	d.refusedFor("unknown_credential")
}

func (r *rig) register(email string) {
	r.t.Helper()
	r.begin()
	r.follow("/flows/registration?continue")
	r.fill("", map[string]string{"name": "Mary Shelley", "email": email})
}

// Scenarios 7, 8: refused before there is an account.
func TestTemplateGuardRefusesBeforeTheAccount(t *testing.T) {
	for name, c := range map[string]struct{ ip, email, words string }{
		"disposable":          {"192.0.2.9", "mary@mailinator.com", "a mail address of your own"},
		"role":                {"192.0.2.9", "info@acme.example", "a mail address of your own"},
		"malformed":           {"192.0.2.9", "mary@co.uk", "a mail address of your own"},
		"sanctioned country":  {"198.51.100.200", "mary@example.com", "in your country"},
		"unknown country":     {"8.8.8.8", "mary@example.com", "which country you are in"},
		"an address in reach": {"192.0.2.9", "mary@example.com", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, nil, fromTemplate(t, "registration-guard"))
			r.from(c.ip)
			r.register(c.email)
			if c.words == "" {
				r.at("/fl/auth/verify", 200)
				return
			}
			r.refusedAt(c.words)
			if r.entered("create") || r.entered("send_code") {
				t.Error("an account was made, or mail was sent")
			}
			if mails, err := r.Outbox(context.Background()); err != nil || len(mails) != 0 {
				t.Errorf("%d messages, %v", len(mails), err)
			}
		})
	}
}

// The ready-made rate limit: the eleventh in a minute from one address.
func TestTemplateGuardLimitsOneAddress(t *testing.T) {
	r := newRig(t, nil, fromTemplate(t, "registration-guard"))
	r.Clock.Advance(time.Minute - time.Duration(r.Clock.Now().Second()-1)*time.Second) // a window has just begun, and lasts
	r.from("192.0.2.9")
	for range 10 {
		r.register("info@acme.example")
		r.refusedAt("a mail address of your own")
	}
	r.register("mary@example.com")
	r.refusedAt("too many attempts")
	r.from("192.0.2.10")
	r.register("mary@example.com")
	r.at("/fl/auth/verify", 200)
}

// Scenario 20: a weak or stolen password is not taken, and stands in no record.
func TestTemplateGuardRefusesBadPasswords(t *testing.T) {
	const stolen, weak, good = "may the force be with you", "mary.shelley.1", "modern prometheus"
	r := newRig(t, nil, fromTemplate(t, "registration-guard"))
	r.from("192.0.2.9")
	r.register("mary@example.com")
	r.fill("", map[string]string{"code": r.code("mary@example.com")})
	r.fill("", map[string]string{"password": stolen})
	if !strings.Contains(r.page.HTML, "lists of stolen ones") {
		t.Fatal(r.page.HTML)
	}
	r.fill("", map[string]string{"password": weak})
	if !strings.Contains(r.page.HTML, "too easy to guess") || r.tokens != nil || r.entered("set_password") {
		t.Fatal(r.page.HTML)
	}
	r.nowhere(stolen, weak)
	r.fill("", map[string]string{"password": good})
	r.at("/demo/callback", 200)
	r.nowhere(stolen, weak, good)
	r.agent.Forget()
	r.tokens = nil
	r.begin()
	r.signIn("mary@example.com", weak)
	if r.tokens != nil {
		t.Error("the weak password was set")
	}
}
