package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/authflow-studio/authflow/engine/bundle"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/scenario/agent"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/engine/store/bolt"
	"github.com/authflow-studio/authflow/engine/world"
)

// post is a mail server on this machine. While busy it takes nothing.
type post struct {
	mu    sync.Mutex
	mails []string
	busy  error
	port  int
}

func (p *post) NewSession(*smtp.Conn) (smtp.Session, error) { return p, nil }
func (p *post) Mail(string, *smtp.MailOptions) error        { p.mu.Lock(); defer p.mu.Unlock(); return p.busy }
func (p *post) Rcpt(string, *smtp.RcptOptions) error        { return nil }
func (p *post) Reset()                                      {}
func (p *post) Logout() error                               { return nil }
func (p *post) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mails = append(p.mails, string(text))
	return err
}

func (p *post) set(busy error) { p.mu.Lock(); defer p.mu.Unlock(); p.busy = busy }

func (p *post) received() []string { p.mu.Lock(); defer p.mu.Unlock(); return slices.Clone(p.mails) }

func newPost(t *testing.T) *post {
	t.Helper()
	p := &post{}
	s := smtp.NewServer(p)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.port = l.Addr().(*net.TCPAddr).Port
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	return p
}

// partner is a service that other people run, by its public name.
type partner struct {
	mu     sync.Mutex
	status int
	asked  []*http.Request
	bodies []string
	egress *world.Egress
	url    string
}

func newPartner(t *testing.T) *partner {
	t.Helper()
	p := &partner{status: 200}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		p.mu.Lock()
		defer p.mu.Unlock()
		p.asked, p.bodies = append(p.asked, r), append(p.bodies, string(body))
		w.WriteHeader(p.status)
	}))
	t.Cleanup(s.Close)
	p.url = s.URL
	host := strings.TrimPrefix(s.URL, "http://")
	p.egress = world.NewEgress(func() []string { return nil }, func() []string { return []string{host} })
	return p
}

// Do stands where the name of the service is resolved.
func (p *partner) Do(ctx context.Context, r world.Request) (world.Response, error) {
	r.URL = strings.Replace(r.URL, "https://partner.example", p.url, 1)
	return p.egress.Do(ctx, r)
}

func (p *partner) answer(status int) { p.mu.Lock(); defer p.mu.Unlock(); p.status = status }

func (p *partner) count(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, r := range p.asked {
		if r.URL.Path == path {
			n++
		}
	}
	return n
}

// production is a bundle served by several servers over one store.
type production struct {
	t       *testing.T
	clock   *world.SimulatedClock
	store   *bolt.Store
	servers []*server.Server
	post    *post
	partner *partner
	log     bytes.Buffer
	agent   *agent.Agent
}

const plantedKey = "planted-gateway-key-77aa"

func produce(t *testing.T, servers int, withMail bool, change func(fstest.MapFS)) *production {
	t.Helper()
	p := &production{t: t, clock: &world.SimulatedClock{}, post: newPost(t), partner: newPartner(t)}
	var err error
	if p.store, err = bolt.Open(filepath.Join(t.TempDir(), "p.db"), p.clock); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "p.zip")
	if err := os.WriteFile(file, bundleOf(t, change), 0o600); err != nil {
		t.Fatal(err)
	}
	pool := script.NewPool(script.Options{Workers: 1})
	ctx, cancel := context.WithCancel(context.Background())
	var working sync.WaitGroup
	t.Cleanup(func() { cancel(); working.Wait(); time.Sleep(20 * time.Millisecond); p.store.Close(); pool.Close() })
	log := slog.New(slog.NewTextHandler(&lockedBuffer{b: &p.log}, nil))
	for range servers {
		o := server.Options{Issuer: issuer, Store: p.store, Scripts: pool, Log: log, Policy: bundle.Policy{AllowUnsigned: true}, Clock: p.clock, HTTP: p.partner,
			Secret: func(context.Context, string) (string, error) { return plantedKey, nil }}
		if withMail {
			o.Mail = &world.SMTP{Host: "127.0.0.1", Port: p.post.port, From: "server@example.com", Security: world.SMTPPlain}
		}
		s, err := server.New(o)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.ActivateFile(ctx, file); err != nil {
			st, _ := s.Status(ctx)
			t.Fatal(err, st.Refused)
		}
		p.servers = append(p.servers, s)
		working.Go(func() { s.Work(ctx) })
	}
	p.agent = agent.New(p.servers[0], issuer)
	return p
}

type lockedBuffer struct {
	mu sync.Mutex
	b  *bytes.Buffer
}

func (l *lockedBuffer) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(text)
}

// bundleOf is the starter with a flow that tells Ada and a partner.
func bundleOf(t *testing.T, change func(fstest.MapFS)) []byte {
	t.Helper()
	files := starterFiles(t)
	settings := string(files[flow.SettingsFile].Data)
	settings = strings.Replace(settings, `"harness"`, `"egress_hosts": ["partner.example"], "secrets": [{"name": "KEY", "purpose": "the partner"}],
		"messages": {"mail": {"from": "Shop <shop@example.com>"}, "sms": {"url": "https://partner.example/sms", "headers": {"Authorization": "Bearer [secret KEY]", "Content-Type": "application/json"}, "body": "{\"to\": \"{{to}}\", \"text\": \"{{text}}\"}"}},
		"events": [{"types": ["greeting.*"], "url": "https://partner.example/events", "secret": "KEY"}], "harness"`, 1)
	files[flow.SettingsFile] = &fstest.MapFile{Data: []byte(settings)}
	files["flows/greet.json"] = &fstest.MapFile{Data: []byte(`{"format": 1, "name": "Greet", "trigger": "custom", "stages": ["main"], "enabled": true, "start": "mail", "blocks": {
		"mail": {"type": "send_email", "stage": "main", "config": {"to": "ada@example.com", "subject": "Hello", "text": "Dear Ada,\n\nhello."}, "next": {"next": "sms"}},
		"sms": {"type": "send_sms", "stage": "main", "config": {"to": "+442079460101", "text": "Hello \"Ada\""}, "next": {"next": "event"}},
		"event": {"type": "emit_event", "stage": "main", "config": {"type": "greeting.sent", "data": {"who": "{{ 'a' + 'da' }}"}}, "next": {"next": "done"}},
		"done": {"type": "allow", "stage": "main"}}}`)}
	if change != nil {
		change(files)
	}
	p, problems := flow.Load(files)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	built, err := bundle.Build(files, nil)
	if err != nil {
		t.Fatal(err, slices.Sorted(maps.Keys(p.Flows)))
	}
	return built.Bytes
}

func (p *production) greet(status int) {
	p.t.Helper()
	page, err := p.agent.Get(context.Background(), issuer+"/flows/greet")
	if err != nil || page.Status != status {
		p.t.Fatalf("%v: %d\n%s", err, page.Status, page.HTML)
	}
}

// until waits for something that the servers do by themselves.
func (p *production) until(what string, ok func() bool) {
	p.t.Helper()
	for range 500 {
		if ok() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	p.t.Fatalf("%s did not happen: %+v", what, p.status())
}

func (p *production) status() server.Status {
	p.t.Helper()
	st, err := p.servers[0].Status(context.Background())
	if err != nil {
		p.t.Fatal(err)
	}
	return st
}

// What a run sends leaves after it, once, although three servers look.
func TestServersDeliverOnce(t *testing.T) {
	p := produce(t, 3, true, nil)
	const runs = 4
	for range runs {
		p.greet(200)
	}
	p.until("the delivery", func() bool { st := p.status(); return st.Messages.Delivered == 2*runs && st.Events.Delivered == runs })
	time.Sleep(500 * time.Millisecond) // long enough for each server to look again
	mails := p.post.received()
	if len(mails) != runs || p.partner.count("/sms") != runs || p.partner.count("/events") != runs {
		t.Fatalf("%d mails, %d SMS, %d events", len(mails), p.partner.count("/sms"), p.partner.count("/events"))
	}
	if !strings.Contains(mails[0], `From: "Shop" <shop@example.com>`) || !strings.Contains(mails[0], "Dear Ada,") || !strings.Contains(mails[0], "text/html") {
		t.Error(mails[0])
	}
	p.checkCalls()
	left, err := p.store.List(context.Background(), "outbox", "", "", 0)
	if err != nil || len(left) != 0 {
		t.Errorf("%d messages are left in the store, %v", len(left), err)
	}
}

func (p *production) checkCalls() {
	p.t.Helper()
	p.partner.mu.Lock()
	defer p.partner.mu.Unlock()
	for i, r := range p.partner.asked {
		if r.URL.Path == "/sms" {
			var m map[string]string
			if err := json.Unmarshal([]byte(p.partner.bodies[i]), &m); err != nil || m["to"] != "+442079460101" || m["text"] != `Hello "Ada"` || r.Header.Get("Authorization") != "Bearer "+plantedKey {
				p.t.Errorf("SMS %s, %v", p.partner.bodies[i], err)
			}
			continue
		}
		var e struct {
			ID, Type string
			Data     map[string]string
		}
		err := json.Unmarshal([]byte(p.partner.bodies[i]), &e)
		if err != nil || e.Type != "greeting.sent" || e.Data["who"] != "ada" || e.ID != r.Header.Get("Webhook-Id") {
			p.t.Errorf("event %s, %v", p.partner.bodies[i], err)
		}
		want := world.SignCall(plantedKey, e.ID, p.clock.Now(), p.partner.bodies[i])
		if r.Header.Get("Webhook-Timestamp") == want[world.SignatureTime] && r.Header.Get("Webhook-Signature") != want[world.Signature] {
			p.t.Errorf("signature %q", r.Header.Get("Webhook-Signature"))
		}
	}
}

// What is not taken is tried again, and at last given up where people see it; no
// trace holds an address, a text or a key.
func TestDeliveriesAreTriedAgainAndGivenUp(t *testing.T) {
	p := produce(t, 2, true, nil)
	p.post.set(&smtp.SMTPError{Code: 451, Message: "ada@example.com: later"})
	p.partner.answer(503)
	p.greet(200)
	p.until("the first try", func() bool { return p.partner.count("/events") == 1 && p.partner.count("/sms") == 1 })
	p.until("its record", func() bool { return len(p.pending()) == 3 })
	p.post.set(nil)
	p.partner.answer(200)
	p.clock.Advance(6 * time.Second)
	p.until("the second try", func() bool { st := p.status(); return st.Messages.Delivered == 2 && st.Events.Delivered == 1 })

	p.post.set(&smtp.SMTPError{Code: 550, Message: "no ada@example.com here"})
	p.partner.answer(503)
	p.greet(200)
	p.until("a dead letter", func() bool { return p.status().Messages.Failed == 1 })
	for i, pause := range []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour} {
		p.until("a record", func() bool { return p.attempts() == 2*(i+1) })
		p.clock.Advance(pause + time.Second)
	}
	p.until("giving up", func() bool { st := p.status(); return st.Events.Failed == 1 && st.Messages.Failed == 2 })
	st := p.status()
	if len(st.Messages.DeadLetters) != 2 || st.Messages.DeadLetters[0].LastError == "" || st.Events.DeadLetters[0].Attempts != 8 {
		t.Errorf("dead letters %+v %+v", st.Messages.DeadLetters, st.Events.DeadLetters)
	}
	records, err := p.store.List(context.Background(), "audit", "", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	all, err := json.Marshal(st)
	if err != nil {
		t.Fatal(err)
	}
	traces := string(all) + p.log.String()
	for _, r := range records {
		traces += string(r.Value)
	}
	for _, found := range []string{"message.failed", "event.failed", "message.delivered", "given up"} {
		if !strings.Contains(traces, found) {
			t.Errorf("%s is told nowhere", found)
		}
	}
	for _, secret := range []string{"ada@example.com", "Dear Ada", "+442079460101", plantedKey} {
		if strings.Contains(traces, secret) {
			t.Errorf("status, log or audit tell %q:\n%s", secret, traces)
		}
	}
}

// pending answers what was tried, failed, and waits for its time.
func (p *production) pending() []server.Delivery {
	p.t.Helper()
	var out []server.Delivery
	for _, ledger := range []string{"outbox_ledger", "events_ledger"} {
		entries, err := p.store.List(context.Background(), ledger, "", "", 0)
		if err != nil {
			p.t.Fatal(err)
		}
		for _, e := range entries {
			var d server.Delivery
			if err := json.Unmarshal(e.Value, &d); err != nil {
				p.t.Fatal(err)
			}
			if d.State == "waiting" && d.LastError != "" {
				out = append(out, d)
			}
		}
	}
	return out
}

func (p *production) waits() bool { return len(p.pending()) > 0 }

// attempts counts the calls that the partner has refused for the second run.
func (p *production) attempts() int {
	n := 0
	for _, d := range p.pending() {
		if d.Next.Sub(p.clock.Now()) > 0 {
			n += d.Attempts
		}
	}
	return n
}
