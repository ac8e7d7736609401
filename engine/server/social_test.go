package server_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/engine/store"
)

// This file signs people in at the simulated provider of the harness (scenario
// 26) and joins identities to accounts.

const twoProviders = `"egress_hosts": ["id.example.com", "id.partner.example"], "secrets": [{"name": "ID_SECRET"}],
"providers": {
  "example": {"title": "Example", "issuer": "https://id.example.com", "client_id": "acme", "client_secret": "ID_SECRET", "trust_email": true},
  "partner": {"issuer": "https://id.partner.example", "client_id": "acme-2", "trust_mfa": true}},
"default_locale"`

// socialLogin signs in at a provider. Who has no account gets one; with link,
// people prove their account by password and join the identity to it.
func socialLogin(provider, unlinked string) string {
	return `{"format": 1, "name": "Login", "trigger": "login", "enabled": true, "start": "leave", "blocks": {
"leave": {"type": "social_oidc_redirect", "stage": "pre_login", "config": {"provider": "` + provider + `"}, "next": {"returned": "back", "failed": "no"}},
"back": {"type": "social_oidc_callback", "stage": "pre_login", "config": {"provider": "` + provider + `"}, "next": {"ok": "done", "unlinked": "` + unlinked + `", "cancelled": "cancelled", "failed": "no"}},
"create": {"type": "identity_create", "stage": "pre_login", "config": {"email": "{{ has(step.back.claims.email) ? step.back.claims.email : '' }}", "username": "{{ step.back.claims.sub }}"}, "next": {"created": "join", "exists": "taken"}},
"prove": {"type": "password_check", "stage": "pre_login", "next": {"ok": "join", "failed": "no"}},
"find": {"type": "identity_lookup", "stage": "pre_login", "config": {"identifier": "{{ step.back.claims.email }}"}, "next": {"found": "join", "not_found": "no"}},
"join": {"type": "link_account", "stage": "pre_login", "next": {"linked": "done", "refused": "refused"}},
"done": {"type": "issue_session", "stage": "post_login"},
"taken": {"type": "deny", "stage": "pre_login", "config": {"reason": "taken"}},
"refused": {"type": "deny", "stage": "pre_login", "config": {"reason": "refused", "message": "This could not be joined."}},
"cancelled": {"type": "deny", "stage": "pre_login", "config": {"reason": "cancelled_there", "message": "You cancelled."}},
"no": {"type": "deny", "stage": "pre_login", "config": {"reason": "social_failed", "message": "That did not work."}}}}`
}

// social is the starter with two providers and that login.
func social(t *testing.T, provider, unlinked string) *rig {
	t.Helper()
	return newRig(t, nil, func(files fstest.MapFS) { withProviders(files, socialLogin(provider, unlinked)) })
}

func withProviders(files fstest.MapFS, login string) {
	settings := strings.Replace(string(files[flow.SettingsFile].Data), `"default_locale"`, twoProviders, 1)
	files[flow.SettingsFile] = &fstest.MapFile{Data: []byte(settings)}
	files["flows/login.json"] = &fstest.MapFile{Data: []byte(login)}
}

const atExample = "/other/example/authorize"

// again begins a sign-in in a browser that nobody has used.
func (r *rig) again() {
	r.t.Helper()
	r.agent = newRigAgent(r)
	r.begin()
}

// last answers the last record of a kind.
func (r *rig) last(kind string) audit.Entry {
	r.t.Helper()
	all, err := audit.New(store.Begin(r.Store()), r.Clock).Read(context.Background(), 0, 0)
	if err != nil {
		r.t.Fatal(err)
	}
	var found audit.Entry
	for _, e := range all {
		if e.Type == kind {
			found = e
		}
	}
	return found
}

func (r *rig) people() *directory.Directory {
	return directory.New(store.Begin(r.Store()), r.Clock, r.World.Random, nil)
}

// Scenario 26: somebody signs in at a second provider, gets an account, and is
// known the next time.
func TestScenario26_SocialSignIn(t *testing.T) {
	r := social(t, "example", "create")
	r.begin()
	r.at(atExample, http.StatusOK)
	for _, want := range []string{"simulated", "Example", "Robin Example", "Kim Example"} {
		if !strings.Contains(r.page.HTML, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	r.fill("simulated-robin", nil)
	r.at("/demo/callback", http.StatusOK)
	first := r.tokens.Tokens[0].Claims
	if first["acr"] != "aal1" || fmt.Sprint(first["amr"]) != "[fed]" || r.tokens.UserInfo["email"] != "robin@social.example" {
		t.Errorf("signed in as %v, %v", first, r.tokens.UserInfo)
	}
	if back := r.left("back"); back["linked"] != false || back["user_id"] != "" {
		t.Errorf("the first time: %v", back)
	}
	r.again()
	r.fill("simulated-robin", nil)
	r.at("/demo/callback", http.StatusOK)
	if back := r.left("back"); back["linked"] != true || back["user_id"] != first["sub"] {
		t.Errorf("the second time: %v", back)
	}
	if r.tokens.Tokens[0].Claims["sub"] != first["sub"] || r.sessionCount() != 2 {
		t.Errorf("%v, %d sessions", r.tokens.Tokens[0].Claims, r.sessionCount())
	}
	if e := r.last("social.verified"); e.UserID != first["sub"] || e.Data["provider"] != "example" {
		t.Errorf("recorded %+v", e)
	}
}

// Scenario 26, N6: a tampered state changes nothing, and the person can still
// come back with the right one.
func TestN6_ATamperedStateChangesNothing(t *testing.T) {
	r := social(t, "example", "create")
	r.begin()
	there := *r.page
	asked, _ := url.Parse(there.URL)
	q := asked.Query()
	before := r.lastState()
	for _, state := range []string{"", "x" + q.Get("state"), q.Get("state")[1:]} {
		r.open(q.Get("redirect_uri") + "?" + url.Values{"code": {"stolen"}, "state": {state}, "iss": {issuer + "/other/example"}}.Encode())
		if r.page.Status != http.StatusNotFound {
			t.Errorf("state %q answers %d", state, r.page.Status)
		}
	}
	stranger := newRigAgent(r) // who has the state, and not the cookie
	page, err := stranger.Get(context.Background(), q.Get("redirect_uri")+"?"+url.Values{"code": {"stolen"}, "state": {q.Get("state")}}.Encode())
	if err != nil || page.Status != http.StatusNotFound {
		t.Errorf("a stranger: %v %v", page, err)
	}
	after := r.lastState()
	if after.Visit != before.Visit || after.Status != run.Waiting || after.Journal != before.Journal {
		t.Errorf("the run was moved: %+v", after)
	}
	r.page = &there
	r.fill("simulated-robin", nil)
	r.at("/demo/callback", http.StatusOK)
	if r.sessionCount() != 1 {
		t.Errorf("%d sessions", r.sessionCount())
	}
}

// Scenario 26: who cancels there leaves by the port cancelled.
func TestScenario26_CancelledThere(t *testing.T) {
	r := social(t, "example", "create")
	r.begin()
	r.fill("cancel", nil)
	r.at("/fl/end", http.StatusForbidden)
	if !strings.Contains(r.page.HTML, "You cancelled.") || r.sessionCount() != 0 || r.last("social.cancelled").Type == "" {
		t.Errorf("%s", r.page.HTML)
	}
}

// Every way in which a provider can misbehave is refused, with its reason in the
// record and not on the page.
func TestAProviderThatMisbehavesIsRefused(t *testing.T) {
	r := social(t, "example", "create")
	for order, reason := range map[string]string{
		server.AnswerWithoutIssuer: "issuer", server.AnswerOfAnother: "issuer", server.TokenRefused: "token_refused", server.WrongNonce: "nonce", server.WrongAudience: "audience",
		server.WrongParty: "audience", server.WrongIssuer: "issuer", server.Expired: "expired", server.NoSubject: "malformed", server.ForeignKey: "signature", server.Unsigned: "signature", server.SignedWithSecret: "signature",
	} {
		if status, out := r.control(http.MethodPut, "/social/example", `{"answer":"`+order+`"}`); status != http.StatusOK {
			t.Fatal(out)
		}
		r.again()
		r.fill("simulated-robin", nil)
		r.at("/fl/end", http.StatusForbidden)
		if e := r.last("social.failed"); e.Data["reason"] != reason || e.RunID != r.lastRun() || strings.Contains(r.page.HTML, reason) {
			t.Errorf("%s: recorded %v", order, e.Data)
		}
		if r.left("back")["reason"] != reason {
			t.Errorf("%s: %v", order, r.left("back"))
		}
	}
	if r.sessionCount() != 0 {
		t.Errorf("%d sessions", r.sessionCount())
	}
	r.again() // what was ordered once is over
	r.fill("simulated-robin", nil)
	r.at("/demo/callback", http.StatusOK)
}

func TestControlRefusesWrongSocialOrders(t *testing.T) {
	r := social(t, "example", "create")
	for path, body := range map[string]string{"/social/example": `{"answer":"nothing"}`, "/social/nobody": `{"answer":"expired"}`} {
		if status, out := r.control(http.MethodPut, path, body); status != http.StatusBadRequest {
			t.Errorf("%s answers %d %v", path, status, out)
		}
	}
	r.control(http.MethodPut, "/social/example", `{"answer":"expired","times":0}`)
	if _, out := r.control(http.MethodGet, "/social", ""); !strings.Contains(fmt.Sprint(out), "Orders:[map[answer:expired") && !strings.Contains(fmt.Sprint(out), "orders:[map[answer:expired") {
		t.Errorf("%v", out)
	}
	r.control(http.MethodDelete, "/social", "")
	r.begin()
	r.fill("simulated-robin", nil)
	r.at("/demo/callback", http.StatusOK)
}

// Whoever gets a victim's address at some provider does not get the victim's
// account, however the flow was drawn.
func TestAnAddressIsNoProof(t *testing.T) {
	victim := func(verified string) func(fstest.MapFS) {
		return func(files fstest.MapFS) {
			withProviders(files, socialLogin("example", "find"))
			people := "providers: {example: {people: [{sub: mallory, name: Mallory, email: ada@example.com, email_verified: " + verified + "}]}}\n"
			files[flow.WorldFile] = &fstest.MapFile{Data: append([]byte(people), files[flow.WorldFile].Data...)}
		}
	}
	for _, verified := range []string{"false", "true"} {
		r := newRig(t, nil, victim(verified))
		r.begin()
		r.fill("mallory", nil)
		r.at("/fl/end", http.StatusForbidden)
		if e := r.last("user.link_refused"); e.UserID != "usr_ada" || e.Data["reason"] != "not_proven" || r.sessionCount() != 0 {
			t.Errorf("verified %s: %+v", verified, e)
		}
		if links, err := r.people().Links(context.Background(), "usr_ada"); err != nil || len(links) != 0 {
			t.Errorf("%v %v", links, err)
		}
	}
}

// An account that was created in the run takes the identity only where the
// address is known to be the person's: else its owner would find it occupied.
func TestANewAccountNeedsAVerifiedAddress(t *testing.T) {
	for order, joined := range map[string]bool{"": true, server.EmailUnverified: false, server.NoEmail: true} {
		r := social(t, "example", "create")
		if order != "" {
			r.control(http.MethodPut, "/social/example", `{"answer":"`+order+`"}`)
		}
		r.begin()
		r.fill("simulated-robin", nil)
		if !joined {
			r.at("/fl/end", http.StatusForbidden)
			if e := r.last("user.link_refused"); e.Data["reason"] != "unverified_email" {
				t.Errorf("%s: %+v", order, e)
			}
			continue
		}
		r.at("/demo/callback", http.StatusOK)
		u, err := r.people().FindByIdentifier(context.Background(), "simulated-robin")
		if err != nil || u.EmailVerified != (order == "") {
			t.Errorf("%s: %+v %v", order, u, err)
		}
	}
	r := social(t, "partner", "create") // whose word on addresses is not taken
	r.begin()
	r.fill("simulated-robin", nil)
	r.at("/fl/end", http.StatusForbidden)
	if e := r.last("user.link_refused"); e.Data["reason"] != "unverified_email" {
		t.Errorf("%+v", e)
	}
}

// Who proves an account by password joins the identity to it; nobody else can
// join it to theirs, and it goes with the account.
func TestAnIdentityIsJoinedAfterProof(t *testing.T) {
	r := social(t, "example", "prove")
	r.begin()
	r.fill("simulated-robin", nil)
	r.signIn("ada@example.com", "analytical-engine")
	r.at("/demo/callback", http.StatusOK)
	if sub := r.tokens.Tokens[0].Claims; sub["sub"] != "usr_ada" || sub["acr"] != "aal1" || fmt.Sprint(sub["amr"]) != "[pwd fed]" {
		t.Errorf("%v", sub)
	}
	r.again()
	r.fill("simulated-robin", nil)
	r.at("/demo/callback", http.StatusOK)
	if sub := r.tokens.Tokens[0].Claims["sub"]; sub != "usr_ada" {
		t.Errorf("%v", sub)
	}
	tx := store.Begin(r.Store())
	d := directory.New(tx, r.Clock, r.World.Random, nil)
	links, err := d.Links(context.Background(), "usr_ada")
	if err != nil || len(links) != 1 || links[0].Provider != "example" || links[0].Subject != "simulated-robin" {
		t.Fatalf("%v %v", links, err)
	}
	if err := d.Link(context.Background(), "usr_grace", links[0]); err == nil {
		t.Error("two accounts share an identity")
	}
	if err := d.Delete(context.Background(), "usr_ada"); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(context.Background()); err != nil {
		t.Fatal(err)
	}
	r.again()
	r.fill("simulated-robin", nil)
	r.at("/fl/auth/password", http.StatusOK)
}

// A deactivated account is not signed in by its identity.
func TestADeactivatedAccountIsRefused(t *testing.T) {
	r := social(t, "example", "create")
	r.begin()
	r.fill("simulated-robin", nil)
	r.at("/demo/callback", http.StatusOK)
	tx := store.Begin(r.Store())
	_, err := directory.New(tx, r.Clock, r.World.Random, nil).Update(context.Background(), fmt.Sprint(r.tokens.Tokens[0].Claims["sub"]), func(u *directory.User) error { u.Status = directory.Deactivated; return nil })
	if err == nil {
		err = tx.Commit(context.Background())
	}
	if err != nil {
		t.Fatal(err)
	}
	r.again()
	r.fill("simulated-robin", nil)
	r.at("/fl/end", http.StatusForbidden)
	if e := r.last("social.failed"); e.Data["reason"] != "account_inactive" {
		t.Errorf("%+v", e)
	}
}

// Two factors at the provider count where its word is taken, and nowhere else.
func TestFactorsElsewhereCountWhereTheyAreTrusted(t *testing.T) {
	for provider, acr := range map[string]string{"example": "aal1", "partner": "aal2"} {
		r := newRig(t, nil, func(files fstest.MapFS) {
			withProviders(files, socialLogin(provider, "create"))
			people := "providers: {" + provider + ": {people: [{sub: strong, claims: {amr: [pwd, mfa]}}]}}\n"
			files[flow.WorldFile] = &fstest.MapFile{Data: append([]byte(people), files[flow.WorldFile].Data...)}
		})
		r.begin()
		r.fill("strong", nil)
		r.at("/demo/callback", http.StatusOK)
		if got := r.tokens.Tokens[0].Claims["acr"]; got != acr {
			t.Errorf("%s: %v, want %s", provider, got, acr)
		}
	}
}
