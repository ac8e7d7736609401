package server_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// loginFlow is a login of these blocks, after a page that asks who it is.
func loginFlow(blocks string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte(`{"format": 1, "name": "Login", "trigger": "login", "enabled": true, "start": "who", "blocks": {
		"who": {"type": "page", "stage": "pre_login", "config": {"template": "sign_in.html", "title": "page.sign_in.title", "fields": [{"name": "identifier", "type": "text", "label": "field.identifier", "required": true}]}, "next": {"submitted": "find"}},
		"find": {"type": "identity_lookup", "stage": "pre_login", "config": {"identifier": "{{ step.who.fields.identifier }}"}, "next": {"found": "send", "not_found": "send"}},
		` + blocks + `,
		"session": {"type": "issue_session", "stage": "post_login"},
		"no": {"type": "deny", "stage": "post_auth", "config": {"reason": "not_proven", "message": "That did not work."}},
		"late": {"type": "deny", "stage": "post_auth", "config": {"reason": "too_late", "message": "That took too long."}}}}`)}
}

func byCode(channel string) func(files fstest.MapFS) {
	return func(files fstest.MapFS) {
		files["flows/login.json"] = loginFlow(`
		"send": {"type": "channel_otp_send", "stage": "post_auth", "config": {"channel": "` + channel + `", "ttl": "5m"}, "next": {"sent": "code"}},
		"code": {"type": "channel_otp_verify", "stage": "post_auth", "config": {"code_id": "{{ step.send.code_id }}", "channel": "` + channel + `", "max_attempts": 3}, "next": {"ok": "session", "failed": "no", "expired": "late", "resend": "send"}}`)
		edited := strings.Replace(string(files["world.yaml"].Data), "username: ada\n", "username: ada\n    phone: \"+44 20 7946 0101\"\n    phone_verified: true\n", 1)
		files["world.yaml"] = &fstest.MapFile{Data: []byte(edited)}
	}
}

func byLink(files fstest.MapFS) {
	files["flows/login.json"] = loginFlow(`
		"send": {"type": "magic_link_send", "stage": "post_auth", "config": {"ttl": "5m"}, "next": {"sent": "wait"}},
		"wait": {"type": "magic_link_verify", "stage": "post_auth", "config": {"link_id": "{{ step.send.link_id }}", "expires_at": "{{ step.send.expires_at }}"}, "next": {"ok": "session", "expired": "send"}}`)
}

// identify begins a sign-in and says who it is.
func (r *rig) identify(name string) {
	r.t.Helper()
	r.begin()
	r.fill("", map[string]string{"identifier": name})
}

// link answers the link in the last message, "" for none.
func (r *rig) link() string {
	r.t.Helper()
	mails, err := r.Outbox(context.Background())
	if err != nil {
		r.t.Fatal(err)
	}
	if len(mails) == 0 || len(mails[len(mails)-1].Links) == 0 {
		return ""
	}
	return mails[len(mails)-1].Links[0]
}

// Scenario 15: a code by mail or SMS signs in.
func TestPasswordlessByCode(t *testing.T) {
	for _, c := range []struct{ channel, to, amr string }{{"email", "ada@example.com", "email"}, {"sms", "+44 20 7946 0101", "sms"}} {
		r := newRig(t, nil, byCode(c.channel))
		r.identify("ada")
		r.at("/fl/auth/otp", 200)
		r.fill("", map[string]string{"code": "000000"})
		r.at("/fl/auth/otp", 200)
		code := r.code(c.to)
		r.fill("", map[string]string{"code": code})
		r.at("/demo/callback", 200)
		claims := r.tokens.Tokens[0].Claims
		if amr, _ := claims["amr"].([]any); claims["sub"] != "usr_ada" || claims["acr"] != "aal1" || len(amr) != 1 || amr[0] != c.amr {
			t.Errorf("%s: sub %v, acr %v, amr %v", c.channel, claims["sub"], claims["acr"], claims["amr"])
		}
		r.nowhere(code)
	}
}

// nowhere fails when a secret stands in anything but the outbox (rule T3).
func (r *rig) nowhere(secrets ...string) {
	r.t.Helper()
	for _, bucket := range []string{"runs", "journal", "audit", "projects", "sessions", "users", "otp", "links", "events", "outbox_ledger", "events_ledger"} {
		entries, err := r.Store().List(context.Background(), bucket, "", "", 0)
		if err != nil {
			r.t.Fatal(err)
		}
		for _, e := range entries {
			for _, s := range secrets {
				if s == "" {
					r.t.Fatal("no secret was planted")
				}
				if bytes.Contains(e.Value, []byte(s)) {
					r.t.Errorf("%s/%s holds a secret: %s", bucket, e.ID, e.Value)
				}
			}
		}
	}
}

// Scenario 15: wrong, expired, used twice; asking for new codes gives no new
// tries; and nobody without an account can be told from somebody with one.
func TestPasswordlessCodesThatDoNotWork(t *testing.T) {
	r := newRig(t, nil, byCode("email"))
	r.identify("ada")
	r.fill("resend", nil)
	if !strings.Contains(r.page.HTML, "Please wait a little") {
		t.Errorf("a second code at once:\n%s", r.page.HTML)
	}
	first := r.code("ada@example.com")
	r.fill("", map[string]string{"code": "000000"})
	r.fill("", map[string]string{"code": "000001"})
	r.Clock.Advance(31 * time.Second)
	r.fill("resend", nil)
	r.at("/fl/auth/otp", 200)
	if second := r.code("ada@example.com"); second == first {
		t.Error("no new code was sent")
	}
	r.fill("", map[string]string{"code": first}) // the third wrong one
	r.at("/fl/end", 403)

	r.identify("ada")
	code := r.code("ada@example.com")
	r.Clock.Advance(6 * time.Minute)
	r.fill("", map[string]string{"code": code})
	r.at("/fl/end", 403)
	if !strings.Contains(r.page.HTML, "took too long") || r.sessionCount() != 0 {
		t.Errorf("%d sessions\n%s", r.sessionCount(), r.page.HTML)
	}
	r.identify("ada")
	used := r.code("ada@example.com")
	r.fill("", map[string]string{"code": used})
	r.at("/demo/callback", 200)
	r.agent.ForgetSession()
	r.identify("ada")
	r.fill("", map[string]string{"code": used})
	r.at("/fl/auth/otp", 200)
}

func TestPasswordlessTellsNobodyWhoHasAnAccount(t *testing.T) {
	for name, change := range map[string]func(fstest.MapFS){"code": byCode("email"), "link": byLink} {
		r := newRig(t, nil, change)
		pages := map[string]string{}
		for _, who := range []string{"ada@example.com", "nobody@example.com", "alan@example.com"} { // Alan's address is not verified
			r.identify(who)
			pages[who] = withoutTicket(r.page)
			mails, err := r.Outbox(context.Background())
			if err != nil || len(mails) != 1 {
				t.Errorf("%s, %s: %d messages, %v", name, who, len(mails), err)
			}
		}
		if pages["ada@example.com"] != pages["nobody@example.com"] || pages["alan@example.com"] != pages["nobody@example.com"] {
			t.Errorf("%s: the pages differ:\n%v", name, pages)
		}
	}
}

// An account gets a few messages in ten minutes, and no flood.
func TestNobodyIsFloodedWithCodes(t *testing.T) {
	r := newRig(t, nil, byCode("email"))
	for range 8 {
		r.identify("ada")
		r.at("/fl/auth/otp", 200)
	}
	if mails, err := r.Outbox(context.Background()); err != nil || len(mails) != 5 {
		t.Errorf("%d messages, %v", len(mails), err)
	}
	r.Clock.Advance(11 * time.Minute)
	r.identify("ada")
	r.fill("", map[string]string{"code": r.code("ada@example.com")})
	r.at("/demo/callback", 200)
}

// Scenario 15: a link signs in, once, by a POST, in the browser that asked.
func TestPasswordlessByMagicLink(t *testing.T) {
	r := newRig(t, nil, byLink)
	r.identify("ada")
	r.at("/fl/auth/magic_link", 200)
	link := r.link()
	if !strings.HasPrefix(link, issuer+"/fl/link?t=") {
		t.Fatalf("link %q", link)
	}
	for range 3 { // as a scanner of mail does, and the person
		r.open(link)
		r.at("/fl/link", 200)
	}
	if r.sessionCount() != 0 {
		t.Fatal("a GET made a session")
	}
	token := strings.TrimPrefix(link, issuer+"/fl/link?t=")
	r.nowhere(token)
	page := r.page
	r.fill("", nil)
	r.at("/demo/callback", 200)
	if sub := r.tokens.Tokens[0].Claims["sub"]; sub != "usr_ada" {
		t.Errorf("sub %v", sub)
	}
	r.nowhere(token)
	r.open(link)
	r.at("/fl/link", 410)
	r.page = page
	r.fill("", nil)
	r.at("/fl/link", 410)
	if live := r.sessionCount(); live != 1 {
		t.Errorf("%d sessions", live)
	}
}

func TestMagicLinksThatDoNotWork(t *testing.T) {
	r := newRig(t, nil, byLink)
	r.identify("ada")
	link := r.link()
	for _, forged := range []string{link[:len(link)-3] + "xyz", issuer + "/fl/link?t=eyJhbGciOiJub25lIn0.eyJqdGkiOiJ4In0.", issuer + "/fl/link"} {
		r.open(forged)
		r.at("/fl/link", 400)
	}
	mine := r.agent
	r.agent = newRigAgent(r)
	r.open(link)
	r.at("/fl/link", 403)
	if !strings.Contains(r.page.HTML, "Open this link where you began") {
		t.Error(r.page.HTML)
	}
	r.identify("ada") // somebody else's run of the same person
	r.open(link)
	r.at("/fl/link", 403)
	r.agent = mine
	r.Clock.Advance(6 * time.Minute)
	r.open(link)
	r.at("/fl/link", 410)
	if !strings.Contains(r.page.HTML, "/fl/auth/magic_link") {
		t.Errorf("no way back:\n%s", r.page.HTML)
	}
	r.open(issuer + "/fl/auth/magic_link") // the run is unharmed
	r.at("/fl/auth/magic_link", 200)
	r.fill("resend", nil)
	r.at("/fl/auth/magic_link", 200)
	r.open(link) // the old one stays what it was
	r.at("/fl/link", 410)
	r.open(r.link())
	r.at("/fl/link", 200)
	r.fill("", nil)
	r.at("/demo/callback", 200)
}

// Scenario 19 with a link: it is used once, other sessions end, the new password
// works.
func TestPasswordRecoveryByLink(t *testing.T) {
	r := newRig(t, nil, func(files fstest.MapFS) {
		files["flows/password_reset.json"] = &fstest.MapFile{Data: []byte(`{"format": 1, "name": "Reset", "trigger": "password_reset", "enabled": true, "start": "who", "blocks": {
			"who": {"type": "page", "stage": "pre_reset", "config": {"template": "page.html", "fields": [{"name": "email", "type": "email", "label": "field.email", "required": true}]}, "next": {"submitted": "find"}},
			"find": {"type": "identity_lookup", "stage": "pre_reset", "config": {"identifier": "{{ step.who.fields.email }}"}, "next": {"found": "send", "not_found": "send"}},
			"send": {"type": "password_recovery_send", "stage": "pre_reset", "next": {"next": "check"}},
			"check": {"type": "verification_check", "stage": "pre_reset", "config": {"code_id": "{{ step.send.code_id }}"}, "next": {"ok": "set", "failed": "no", "expired": "no"}},
			"set": {"type": "password_update", "stage": "post_reset", "next": {"ok": "done", "refused": "no"}},
			"done": {"type": "allow", "stage": "post_reset"},
			"no": {"type": "deny", "stage": "post_reset", "config": {"reason": "not_proven"}}}}`)}
	})
	r.begin()
	r.signIn("ada@example.com", "analytical-engine")
	r.agent.Forget()
	pages := map[string]string{}
	for _, who := range []string{"nobody@example.com", "ada@example.com"} {
		r.open(issuer + "/flows/password_reset")
		r.fill("", map[string]string{"email": who})
		r.at("/fl/auth/verify", 200)
		pages[who] = withoutTicket(r.page)
	}
	if pages["nobody@example.com"] != pages["ada@example.com"] {
		t.Errorf("the pages differ: %v", pages)
	}
	link := r.link()
	r.open(link)
	r.fill("", nil)
	r.at("/fl/auth/new_password", 200)
	r.open(link)
	r.at("/fl/link", 410)
	r.open(issuer + "/fl/auth/new_password")
	r.fill("", map[string]string{"password": "difference engine no 2"})
	r.at("/fl/end", 200)
	if live := r.sessionCount(); live != 0 {
		t.Errorf("%d sessions live", live)
	}
	r.begin()
	r.signIn("ada@example.com", "difference engine no 2")
	r.at("/demo/callback", 200)
}
