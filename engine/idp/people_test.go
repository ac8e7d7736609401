package idp_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/idp"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

// This file tests people who are signed in because a test says so.

func setSession(o *idp.Options) {
	o.SetSession = func(w http.ResponseWriter, secret string) {
		http.SetCookie(w, &http.Cookie{Name: cookie, Value: secret, Path: "/"})
	}
	o.People = func() []string { return []string{"ada@example.org"} }
}

func newTestedOP(t *testing.T) *op { return newOPWith(t, "", 1, setSession) }

func (o *op) queue(n idp.NextUser) {
	o.t.Helper()
	if err := o.provider.QueueUser(o.t.Context(), n); err != nil {
		o.t.Fatal(err)
	}
}

func (o *op) person(u directory.User) {
	o.t.Helper()
	o.unit(func(tx *store.Tx) error {
		_, err := directory.New(tx, o.clock, o.rnd, nil).Create(context.Background(), u)
		return err
	})
}

func TestTheNextUserSignsInWithNoPage(t *testing.T) {
	o := newTestedOP(t)
	o.person(directory.User{ID: "usr_grace", Email: "grace@example.org"})
	o.queue(idp.NextUser{UserID: "usr_grace", AAL: session.AAL2, Times: 2})
	for _, prompt := range []string{"login", "none"} {
		c := claims(t, o.tokens(o.token(exchange(o.code("prompt", prompt)))).ID)
		if c["sub"] != "usr_grace" || c["acr"] != "aal2" || fmt.Sprint(c["amr"]) != "[persona]" {
			t.Errorf("prompt %s signs in %v", prompt, c)
		}
	}
	if len(o.asked) != 0 || len(o.provider.NextUsers()) != 0 {
		t.Errorf("%d runs were started, %d are left", len(o.asked), len(o.provider.NextUsers()))
	}
	if c := claims(t, o.tokens(o.token(exchange(o.code()))).ID); c["sub"] != "usr_grace" || len(o.asked) != 0 {
		t.Error("the session that was made answers nothing")
	}
	o.code("prompt", "login")
	if len(o.asked) != 1 {
		t.Error("the queue does not end")
	}
	entries, err := audit.New(store.Begin(o.store), o.clock).Read(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	for _, e := range entries {
		if e.Type == "harness.signed_in" && e.UserID == "usr_grace" && e.SessionID != "" && e.Data["how"] == "queued" && e.Data["aal"] == "aal2" {
			told++
		}
	}
	if told != 2 {
		t.Errorf("the record tells of %d", told)
	}
}

func TestTheNextUserTakesTheCodeOfARequestThatAsksForMore(t *testing.T) {
	o := newTestedOP(t)
	o.queue(idp.NextUser{UserID: o.user.ID})
	if e := o.refused(o.authorize("claims", `{"id_token":{"acr":{"essential":true,"value":"aal2"}}}`)); e != "unmet_authentication_requirements" {
		t.Errorf("answered %s", e)
	}
}

func TestOnlyTestsQueuePeople(t *testing.T) {
	o := newOPWith(t, "", 1, func(p *idp.Options) { setSession(p); p.Testing = false })
	if err := o.provider.QueueUser(t.Context(), idp.NextUser{UserID: o.user.ID}); !errors.Is(err, idp.ErrNotTesting) {
		t.Errorf("queued: %v", err)
	}
	if err := o.provider.SetPicker(true); !errors.Is(err, idp.ErrNotTesting) {
		t.Errorf("switched on: %v", err)
	}
	if a := o.get("/oauth2/people", nil); a.StatusCode != http.StatusNotFound {
		t.Errorf("the page answers %d", a.StatusCode)
	}
	tested := newTestedOP(t)
	for _, n := range []idp.NextUser{{UserID: "nobody"}, {UserID: tested.user.ID, AAL: session.AAL3}} {
		if err := tested.provider.QueueUser(t.Context(), n); err == nil {
			t.Errorf("%+v is queued", n)
		}
	}
}

// picking asks for the page and answers its address.
func (o *op) picking(changes ...string) (address string, handle string) {
	o.t.Helper()
	if err := o.provider.SetPicker(true); err != nil {
		o.t.Fatal(err)
	}
	to := o.authorize(changes...).Header.Get("Location")
	u, err := url.Parse(to)
	if err != nil || u.Path != "/oauth2/people" {
		o.t.Fatalf("sent to %q", to)
	}
	return "/oauth2/people", u.Query().Get("handle")
}

func TestSomebodyIsPicked(t *testing.T) {
	o := newTestedOP(t)
	path, handle := o.picking("acr_values", "aal2")
	page := o.get(path, url.Values{"handle": {handle}})
	o.onPage(page, http.StatusOK)
	for _, part := range []string{"Test harness", `value="usr_ada"`, "Ada Lovelace", "Use the real flow", `value="aal2" checked`, `role="note"`, "<legend>"} {
		if !strings.Contains(page.body, part) {
			t.Errorf("the page lacks %q:\n%s", part, page.body)
		}
	}
	q := o.sentTo(o.post(path, url.Values{"handle": {handle}, "user": {"usr_ada"}, "aal": {"aal2"}}), callback)
	c := claims(t, o.tokens(o.token(exchange(q.Get("code")))).ID)
	if c["sub"] != "usr_ada" || c["acr"] != "aal2" || len(o.asked) != 0 || q.Get("state") != "st" {
		t.Errorf("got %v of %v", c, q)
	}
	o.onPage(o.post(path, url.Values{"handle": {handle}, "user": {"usr_ada"}}), http.StatusBadRequest) // once
	if a := o.authorize(); o.sentTo(a, callback).Get("code") == "" {
		t.Error("the session does not answer the next request")
	}
}

func TestTheRealFlowCanBeTakenInstead(t *testing.T) {
	o := newTestedOP(t)
	path, handle := o.picking()
	o.sentTo(o.post(path, url.Values{"handle": {handle}, "real": {"1"}}), callback)
	if len(o.asked) != 1 || o.asked[0].Trigger != "login" || o.asked[0].Event["client"] == nil {
		t.Errorf("the runs are %+v", o.asked)
	}
	o.flows["registration"] = true
	if to := o.authorize("prompt", "create").Header.Get("Location"); strings.Contains(to, "/people") {
		t.Error("a registration is replaced by the page")
	}
}

func TestAPickBelongsToItsBrowser(t *testing.T) {
	o := newTestedOP(t)
	path, handle := o.picking()
	o.newBrowser()
	o.onPage(o.get(path, url.Values{"handle": {handle}}), http.StatusBadRequest)
	o.onPage(o.post(path, url.Values{"handle": {handle}, "user": {"usr_ada"}}), http.StatusBadRequest)
	path, handle = o.picking()
	o.clock.Advance(16 * time.Minute)
	o.onPage(o.post(path, url.Values{"handle": {handle}, "user": {"usr_ada"}}), http.StatusBadRequest)
	path, handle = o.picking()
	o.onPage(o.post(path, url.Values{"handle": {handle}, "user": {"usr_nobody"}}), http.StatusBadRequest)
	o.sentTo(o.post(path, url.Values{"handle": {handle}, "user": {"usr_ada"}}), callback) // a mistake used nothing up
}

func TestManyPeopleAreSearched(t *testing.T) {
	o := newTestedOP(t)
	for i := range 60 {
		o.person(directory.User{ID: fmt.Sprintf("a%02d", i), Email: fmt.Sprintf("a%02d@example.org", i), Name: fmt.Sprintf("Aaron %02d", i)})
	}
	o.person(directory.User{ID: "gone", Email: "aaron.gone@example.org", Status: directory.Deactivated})
	path, handle := o.picking()
	buttons := regexp.MustCompile(`name="user" value="([^"]+)"`)
	all := buttons.FindAllStringSubmatch(o.get(path, url.Values{"handle": {handle}}).body, -1)
	if len(all) != 50 || all[0][1] != "usr_ada" {
		t.Errorf("%d are shown, the first %v", len(all), all[0])
	}
	page := o.get(path, url.Values{"handle": {handle}, "q": {"AARON 5"}})
	if found := buttons.FindAllStringSubmatch(page.body, -1); len(found) != 10 || !strings.Contains(page.body, `type="search"`) {
		t.Errorf("found %v", found)
	}
	if page := o.get(path, url.Values{"handle": {handle}, "q": {"aaron.gone"}}); !strings.Contains(page.body, "Nobody is found") {
		t.Error("who is deactivated is shown")
	}
}

func TestPolicyIsThatOfTheProjectNow(t *testing.T) {
	now := idp.Policy{}
	o := newOPWith(t, "", 1, func(p *idp.Options) { p.Policy = func() idp.Policy { return now } })
	now.CodeLife = 5 * time.Second
	code := o.code()
	o.clock.Advance(6 * time.Second)
	o.wantError(o.token(exchange(code)), http.StatusBadRequest, "invalid_grant")
	now.CodeLife = time.Hour // never more than a minute
	code = o.code()
	o.clock.Advance(61 * time.Second)
	o.wantError(o.token(exchange(code)), http.StatusBadRequest, "invalid_grant")

	now.RefreshGrace = 10 * time.Second
	fresh := o.offline("app")
	o.tokens(o.refresh("app", fresh.Refresh))
	o.tokens(o.refresh("app", fresh.Refresh)) // a lost answer

	keys := func() int {
		list, err := o.provider.Keys(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	now.KeyLife, now.KeyOverlap = 24*time.Hour, 2*time.Hour
	before := keys()
	o.clock.Advance(25 * time.Hour)
	if _, err := o.provider.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := keys(); n != before+1 {
		t.Errorf("%d keys after the rotation, %d before", n, before)
	}
	o.clock.Advance(3 * time.Hour)
	if n := keys(); n != before {
		t.Errorf("%d keys after the overlap", n)
	}
}
