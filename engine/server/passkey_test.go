package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/descope/virtualwebauthn"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

// named is the harness's address with a name, which passkeys need.
const named = "http://localhost:9400"

// makePasskey lets a person who has given a password make a passkey; usePasskey
// signs in with one and nothing else; stepUp asks for a factor after a password.
const (
	makePasskey = `{"format":1,"name":"Make","trigger":"custom","enabled":true,"start":"password","stages":["main"],"blocks":{
 "password":{"type":"password_check","stage":"main","next":{"ok":"begin","failed":"no"}},
 "begin":{"type":"webauthn_begin","stage":"main","config":{"mode":"register","user_verification":"UV"},"next":{"next":"finish"}},
 "finish":{"type":"webauthn_finish","stage":"main","config":{"ceremony":"{{ step.begin.ceremony }}","max_attempts":2},"next":{"ok":"done","failed":"no","other":"no"}},
 "done":{"type":"issue_session","stage":"main"},"no":{"type":"deny","stage":"main","config":{"reason":"refused"}}}}`
	usePasskey = `{"format":1,"name":"Use","trigger":"custom","enabled":true,"start":"begin","stages":["main"],"blocks":{
 "begin":{"type":"webauthn_begin","stage":"main","config":{"user_verification":"UV"},"next":{"next":"finish"}},
 "finish":{"type":"webauthn_finish","stage":"main","config":{"ceremony":"{{ step.begin.ceremony }}","max_attempts":2},"next":{"ok":"done","failed":"no","other":"password"}},
 "password":{"type":"password_check","stage":"main","config":{"identifier":"{{ step.finish.identifier }}"},"next":{"ok":"done","failed":"no"}},
 "done":{"type":"issue_session","stage":"main"},"no":{"type":"deny","stage":"main","config":{"reason":"refused"}}}}`
	stepUp = `{"format":1,"name":"Step","trigger":"custom","enabled":true,"start":"password","stages":["main"],"blocks":{
 "password":{"type":"password_check","stage":"main","next":{"ok":"mfa","failed":"no"}},
 "mfa":{"type":"mfa","stage":"main","config":{"factors":["webauthn","totp","recovery_code"],"max_attempts":3,"remember_device_days":30},"next":{"ok":"done","failed":"no","not_enrolled":"enroll"}},
 "enroll":{"type":"require_mfa_enroll","stage":"main","config":{"factors":["webauthn","totp","sms_otp","email_otp","recovery_code"]},"next":{"ok":"done","skipped":"done"}},
 "done":{"type":"issue_session","stage":"main"},"no":{"type":"deny","stage":"main","config":{"reason":"refused"}}}}`
)

func passkeyFlows(files fstest.MapFS) {
	for name, text := range map[string]string{"make": makePasskey, "use": usePasskey, "step": stepUp} {
		files["flows/"+name+".json"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(text, "UV", directory.VerifyUserRequired))}
	}
	files["flows/make_loose.json"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(makePasskey, "UV", directory.VerifyUserDiscouraged))}
	files["flows/use_loose.json"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(usePasskey, "UV", directory.VerifyUserPreferred))}
}

// device is a native client with an authenticator, in front of a harness.
type device struct {
	t      *testing.T
	r      *rig
	base   string
	client *http.Client
	keys   virtualwebauthn.Authenticator
	rp     virtualwebauthn.RelyingParty
	at     map[string]any // the page
}

type transport struct{ handler http.Handler }

func (tr transport) RoundTrip(req *http.Request) (*http.Response, error) {
	in := req.Clone(req.Context())
	in.RequestURI, in.RemoteAddr, in.Host = req.URL.RequestURI(), "127.0.0.1:40000", req.URL.Host
	if in.Body == nil {
		in.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	tr.handler.ServeHTTP(w, in)
	res := w.Result()
	res.Request = req
	return res, nil
}

func newDevice(r *rig) *device {
	jar, err := cookiejar.New(nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return &device{t: r.t, r: r, base: named, client: &http.Client{Jar: jar, Transport: transport{r.Harness}},
		keys: virtualwebauthn.NewAuthenticator(), rp: virtualwebauthn.RelyingParty{Name: "Starter", ID: "localhost", Origin: named}}
}

func (d *device) do(method, path string, body any) map[string]any {
	d.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		d.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(context.Background(), method, d.base+path, bytes.NewReader(raw))
	if err != nil {
		d.t.Fatal(err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/json")
	res, err := d.client.Do(req)
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err == nil {
		d.at = nil
		err = json.Unmarshal(text, &d.at)
	}
	if err != nil {
		d.t.Fatalf("%s %s: %d %v\n%s", method, path, res.StatusCode, err, text)
	}
	return d.at
}

func (d *device) open(flow string) { d.t.Helper(); d.do("GET", "/flows/"+flow, nil) }

func (d *device) send(button string, fields map[string]any) {
	d.t.Helper()
	url, _ := d.at["url"].(string)
	d.do("POST", url, map[string]any{"ticket": d.at["ticket"], "button": button, "fields": fields})
}

func (d *device) on(page string) {
	d.t.Helper()
	if d.at["page"] != page {
		d.t.Fatalf("at %v, want %s", d.at, page)
	}
}

// ended fails unless the run has, so.
func (d *device) ended(success bool) {
	d.t.Helper()
	if d.at["status"] != "ended" || d.at["success"] != success {
		d.t.Fatalf("at %v, want the end, success %v; failed by %+v", d.at, success, d.r.lastState().Failure)
	}
}

func (d *device) password(name, password string) {
	d.t.Helper()
	d.send("", map[string]any{"identifier": name, "password": password})
}

// options answers the page's publicKey as the browser gets it.
func (d *device) options() string {
	d.t.Helper()
	model, _ := d.at["model"].(map[string]any)
	if model["publicKey"] == nil {
		d.t.Fatalf("no options on %v", d.at)
	}
	text, err := json.Marshal(map[string]any{"publicKey": model["publicKey"]})
	if err != nil {
		d.t.Fatal(err)
	}
	return string(text)
}

// attest makes a passkey as the page asks.
func (d *device) attest(key *virtualwebauthn.Credential) any {
	d.t.Helper()
	o, err := virtualwebauthn.ParseAttestationOptions(d.options())
	if err != nil {
		d.t.Fatal(err)
	}
	d.keys.Options.UserHandle = []byte(o.UserID)
	return json.RawMessage(virtualwebauthn.CreateAttestationResponse(d.rp, d.keys, *key, *o))
}

// assert signs as the page asks.
func (d *device) assert(key *virtualwebauthn.Credential) any {
	d.t.Helper()
	o, err := virtualwebauthn.ParseAssertionOptions(d.options())
	if err != nil {
		d.t.Fatal(err)
	}
	key.Counter++
	return json.RawMessage(virtualwebauthn.CreateAssertionResponse(d.rp, d.keys, *key, *o))
}

// enroll makes a passkey for Ada, by the front door.
func (d *device) enroll(flow string) *virtualwebauthn.Credential {
	d.t.Helper()
	key := newKey()
	d.open(flow)
	d.password("ada@example.com", "analytical-engine")
	d.on("auth/passkey")
	d.send("", map[string]any{"credential": d.attest(&key), "name": "Ada's laptop"})
	d.ended(true)
	return &key
}

func (d *device) audited(kind string) []audit.Entry {
	d.t.Helper()
	entries, err := audit.New(store.Begin(d.r.Store()), d.r.Clock).Read(context.Background(), 0, 0)
	if err != nil {
		d.t.Fatal(err)
	}
	var out []audit.Entry
	for _, e := range entries {
		if e.Type == kind {
			out = append(out, e)
		}
	}
	return out
}

// refusedFor fails unless the last passkey was refused for that reason.
func (d *device) refusedFor(reason string) {
	d.t.Helper()
	list := d.audited("passkey.refused")
	if len(list) == 0 || list[len(list)-1].Data["reason"] != reason {
		d.t.Fatalf("%+v, want refused for %s", list, reason)
	}
}

// session answers the live sessions of Ada, the last one first.
func (d *device) sessions() []session.Session {
	d.t.Helper()
	list, err := session.New(store.Begin(d.r.Store()), d.r.Clock, d.r.Engine().World.Random).List(context.Background(), "usr_ada")
	if err != nil {
		d.t.Fatal(err)
	}
	slices.SortFunc(list, func(a, b session.Session) int { return b.Created.Compare(a.Created) })
	return list
}

// Scenario 16: a passkey is made, and signs in without a name or a password.
func TestPasskeySignsInAlone(t *testing.T) {
	r := newRig(t, nil, passkeyFlows)
	d := newDevice(r)
	key := d.enroll("make")
	d.client.Jar = newDevice(r).client.Jar
	d.open("use")
	d.on("auth/passkey")
	if strings.Contains(d.options(), "allowCredentials") {
		t.Errorf("passkeys of somebody are listed to everybody: %s", d.options())
	}
	d.send("", map[string]any{"credential": d.assert(key)})
	d.ended(true)
	if s := d.sessions()[0]; s.AAL != session.AAL2 || strings.Join(s.AMR, " ") != "hwk user mfa" {
		t.Errorf("%s %v", s.AAL, s.AMR)
	}
}

// newKey answers a key whose coordinates both have 32 bytes: the library leaves
// leading zeros out, which the specification forbids and we refuse.
func newKey() virtualwebauthn.Credential {
	for {
		key := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
		if len(key.Key.AttestationData()) == 77 {
			return key
		}
	}
}
