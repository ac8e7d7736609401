package server_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/risk"
	"github.com/authflow-studio/authflow/engine/scenario/agent"
)

// both applies two changes of the starter's files.
func both(changes ...func(fstest.MapFS)) func(fstest.MapFS) {
	return func(files fstest.MapFS) {
		for _, c := range changes {
			c(files)
		}
	}
}

func file(name, text string) func(fstest.MapFS) {
	return func(files fstest.MapFS) { files[name] = &fstest.MapFile{Data: []byte(text)} }
}

func (r *rig) from(ip string) { r.agent.Set(agent.Settings{IP: ip}) }

func TestIPReputation(t *testing.T) {
	r := newRig(t, nil, both(
		file("lists/blocked.txt", "# seen in attacks\n192.0.2.7\n192.0.2.128/25 # an office\n"),
		probe("ip", map[string]any{"ip": to("ip_reputation", map[string]any{"lists": []any{"blocked.txt"}, "deny_countries": []any{"sg"}, "deny_networks": []any{"64502"}}, map[string]any{"next": "report"})},
			map[string]any{"severity": "{{ step.ip.severity }}", "tor": "{{ step.ip.tor }}", "listed": "{{ step.ip.listed }}", "denied": "{{ step.ip.denied }}", "country": "{{ step.ip.country }}"})))
	for ip, want := range map[string]map[string]any{
		"198.51.100.4":  {"severity": "high", "tor": true, "listed": false, "country": "DE"},
		"203.0.113.4":   {"severity": "high", "tor": false, "denied": true, "country": "NL"}, // by network
		"203.0.113.200": {"severity": "high", "denied": true, "country": "SG"},               // by country
		"192.0.2.7":     {"severity": "high", "listed": true, "country": "GB"},               // alone
		"192.0.2.200":   {"severity": "high", "listed": true, "country": "US"},               // by prefix
		"192.0.2.8":     {"severity": "low", "listed": false, "denied": false, "country": "GB"},
		"8.8.8.8":       {"severity": "medium", "denied": false, "country": ""}, // unknown is not "not denied"
	} {
		r.from(ip)
		t.Run(ip, func(t *testing.T) { holds(t, r.report(), want) })
	}
}

// A list with a line that cannot be read lets nobody pass.
func TestX5_ABrokenListFailsClosed(t *testing.T) {
	r := newRig(t, nil, both(file("lists/blocked.txt", "192.0.2.7\nnot an address\n"),
		probe("ip", map[string]any{"ip": to("ip_reputation", map[string]any{"lists": []any{"blocked.txt"}}, map[string]any{"next": "report"})}, map[string]any{})))
	r.open(issuer + "/flows/probe")
	if len(r.reports()) != 0 {
		t.Error("the run went on")
	}
}

// Scenario 5: London, thirty minutes later Singapore.
func TestImpossibleTravel(t *testing.T) {
	r := newRig(t, nil, probe("find", map[string]any{
		"find": to("identity_lookup", map[string]any{"identifier": "ada@example.com"}, map[string]any{"found": "trip", "not_found": "end"}),
		"trip": to("impossible_travel", map[string]any{"max_kmh": 900.0}, map[string]any{"next": "report"}),
	}, map[string]any{"severity": "{{ step.trip.severity }}", "km": "{{ step.trip.km }}", "hours": "{{ step.trip.hours }}"}))
	r.from("192.0.2.9")
	holds(t, r.report(), map[string]any{"severity": "low", "km": -1, "hours": -1}) // never signed in
	r.begin()
	r.signIn("ada@example.com", "analytical-engine")
	r.at("/demo/callback", 200)
	r.Clock.Advance(30 * time.Minute)
	r.from("203.0.113.200")
	holds(t, r.report(), map[string]any{"severity": "high", "km": 10848, "hours": 0.5})
	r.Clock.Advance(14 * time.Hour)
	holds(t, r.report(), map[string]any{"severity": "low", "hours": 14.5})
	r.from("8.8.8.8")
	holds(t, r.report(), map[string]any{"severity": "low", "km": -1})
}

// Scenario 6: five failures in ten minutes, then the right password; unknown
// accounts count alike.
func TestBruteForce(t *testing.T) {
	guarded := func(files fstest.MapFS) {
		text := string(files[flow.FlowPath("login")].Data)
		text = strings.Replace(text, `"found": "password",
        "not_found": "password"`, `"found": "failures",
        "not_found": "failures"`, 1)
		text = strings.Replace(text, `"password": {
      "type": "password_check"`, `"failures": {"type": "brute_force", "stage": "pre_login", "config": {"identifier": "{{ step.sign_in.fields.identifier }}", "threshold": 5, "window": "10m"}, "next": {"next": "many"}},
    "many": {"type": "decision", "stage": "pre_login", "config": {"rows": [{"port": "yes", "when": "step.failures.severity == 'high'"}]}, "next": {"yes": "wrong_credentials", "default": "password"}},
    "password": {
      "type": "password_check"`, 1)
		files[flow.FlowPath("login")].Data = []byte(text)
	}
	for _, who := range []string{"ada@example.com", "nobody@example.com"} {
		r := newRig(t, nil, guarded)
		for range 5 {
			r.begin()
			r.signIn(who, "wrong")
			r.at("/fl/auth/password", 200)
		}
		r.begin()
		r.signIn(who, "analytical-engine")
		if r.tokens != nil || !strings.Contains(r.page.HTML, "wrong too often") {
			t.Fatalf("%s after five failures: %s", who, r.page.HTML)
		}
		r.Clock.Advance(11 * time.Minute)
		r.begin()
		r.signIn(who, "analytical-engine")
		if known := who == "ada@example.com"; known != (r.tokens != nil) {
			t.Errorf("%s after the window: %s", who, r.page.HTML)
		}
	}
}

func TestBotDetection(t *testing.T) {
	r := newRig(t, nil, probe("bots", map[string]any{"bots": to("bot_detection", map[string]any{"runs_per_minute": 5.0}, map[string]any{"next": "report"})},
		map[string]any{"severity": "{{ step.bots.severity }}", "bot": "{{ step.bots.bot }}", "signals": "{{ step.bots.signals.map(s, s.id) }}"}))
	r.from("192.0.2.9")
	holds(t, r.report(), map[string]any{"severity": "low", "bot": false, "signals": []any{}})
	for _, robot := range []string{"curl/8.5.0", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "python-requests/2.31"} {
		r.agent.Set(agent.Settings{IP: "192.0.2.10", UserAgent: robot})
		holds(t, r.report(), map[string]any{"severity": "medium", "bot": true, "signals": []any{"automated_client"}})
	}
	for range 2 {
		r.report()
	}
	holds(t, r.report(), map[string]any{"severity": "high", "signals": []any{"automated_client", "many_runs"}})
	r.Clock.Advance(time.Minute)
	holds(t, r.report(), map[string]any{"severity": "medium"})
}

func TestEmailValidation(t *testing.T) {
	ask := func(address string) map[string]any {
		return to("email_validation", map[string]any{"email": address}, map[string]any{"next": "report"})
	}
	report := map[string]any{"severity": "{{ step.mail.severity }}", "valid": "{{ step.mail.valid }}", "disposable": "{{ step.mail.disposable }}", "role": "{{ step.mail.role }}", "free": "{{ step.mail.free }}", "domain": "{{ step.mail.domain }}"}
	for address, want := range map[string]map[string]any{
		"ada@acme.example":                {"severity": "low", "valid": true, "disposable": false, "role": false, "free": false, "domain": "acme.example"},
		"x@mailinator.com":                {"severity": "high", "valid": true, "disposable": true},
		"x@deep.mailinator.com":           {"severity": "high", "disposable": true},
		"INFO@Acme.Example":               {"severity": "medium", "role": true},
		"sales+eu@acme.example":           {"severity": "medium", "role": true},
		"ada@gmail.com":                   {"severity": "low", "free": true},
		"ada@bücher.example":              {"severity": "low", "valid": true, "domain": "xn--bcher-kva.example"},
		"ada@co.uk":                       {"severity": "high", "valid": false},
		"ada@[192.0.2.1]":                 {"severity": "high", "valid": false},
		"ada@localhost":                   {"severity": "high", "valid": false},
		"Ada <ada@acme.example>":          {"severity": "high", "valid": false},
		strings.Repeat("a", 65) + "@b.de": {"severity": "high", "valid": false},
	} {
		r := newRig(t, nil, probe("mail", map[string]any{"mail": ask(address)}, report))
		t.Run(address, func(t *testing.T) { holds(t, r.report(), want) })
	}
	// A list of the project takes the place of the one in the program.
	r := newRig(t, nil, both(file("lists/disposable_domains.txt", "acme.example\n"), probe("mail", map[string]any{"mail": ask("x@acme.example")}, report)))
	holds(t, r.report(), map[string]any{"disposable": true})
}

func passwordProbe(typ string, config map[string]any, report map[string]any) func(fstest.MapFS) {
	return probe("page", map[string]any{
		"page":  to("page", map[string]any{"template": "sign_up.html", "fields": []any{map[string]any{"name": "email"}, map[string]any{"name": "password", "type": "password"}}}, map[string]any{"submitted": "check"}),
		"check": to(typ, config, map[string]any{"next": "report"}),
	}, report)
}

func (r *rig) tryPassword(password string) map[string]any {
	r.t.Helper()
	before := len(r.reports())
	r.open(issuer + "/flows/probe")
	r.fill("", map[string]string{"email": "mary@example.com", "password": password})
	return r.reported(before)
}

// Scenario 20: a weak or stolen password, which stands in no record.
func TestPasswordPolicy(t *testing.T) {
	r := newRig(t, nil, passwordProbe("password_policy", map[string]any{"min_length": 10.0, "min_classes": 2.0, "min_entropy": 45.0, "not_like": []any{"{{ step.page.fields.email }}"}},
		map[string]any{"ok": "{{ step.check.ok }}", "failed": "{{ step.check.failed }}"}))
	for password, failed := range map[string][]any{
		"7 horses eat corn":       {},
		"Ab1!":                    {"too_short", "guessable"},
		"mary.was.here 99 times!": {"like_the_identifier"},
		"P4ssw0rd!!":              {"guessable"},
		"password123456":          {"guessable"},
		"qwertyuiopasdf":          {"too_few_classes", "guessable"},
	} {
		holds(t, r.tryPassword(password), map[string]any{"ok": len(failed) == 0, "failed": failed})
	}
}

// X4: what is decided by a password replays without it.
func TestX4_DecisionsOnPasswordsReplay(t *testing.T) {
	report := map[string]any{"found": "{{ has(step.check.ok) ? string(step.check.ok) : string(step.check.count) }}"}
	for typ, config := range map[string]map[string]any{"password_policy": {}, "breached_password": {"source": "list"}} {
		r := newRig(t, nil, both(file("lists/breached_passwords.txt", "stolen away\n"), passwordProbe(typ, config, report)))
		r.tryPassword("stolen away")
		r.replays()
	}
	r := newRig(t, nil, nil)
	r.open(issuer + "/flows/registration")
	r.fill("", map[string]string{"name": "Mary Shelley", "email": "mary@example.com"})
	r.fill("", map[string]string{"code": r.code("mary@example.com")})
	r.fill("", map[string]string{"password": "short"})
	r.at("/fl/auth/new_password", 200)
	r.replays()
}

func TestT3_BreachedPasswordNeverLeaves(t *testing.T) {
	const stolen = "correct horse battery"
	prefix, rest := risk.BreachKey(stolen)
	var mu sync.Mutex
	var asked []string
	answer := "0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n" + rest + ":42\r\n00D4F6E8FA6EECAD2A3AA415EEC418D38EC:0\r\n"
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, q.URL.Path)
		_, _ = w.Write([]byte(answer))
	}))
	defer service.Close()
	host := strings.TrimPrefix(service.URL, "http://")
	r := newRig(t, nil, both(
		passwordProbe("breached_password", map[string]any{"url": service.URL + "/range/"}, map[string]any{"severity": "{{ step.check.severity }}", "count": "{{ step.check.count }}"}),
		func(files fstest.MapFS) {
			files[flow.SettingsFile].Data = []byte(strings.Replace(string(files[flow.SettingsFile].Data), `"fast_hashing": true`, `"fast_hashing": true, "loopback_hosts": ["`+host+`"]`, 1))
		}))
	holds(t, r.tryPassword(stolen), map[string]any{"severity": "high", "count": 42})
	holds(t, r.tryPassword("another one entirely"), map[string]any{"severity": "low", "count": 0})
	mu.Lock()
	if asked[0] != "/range/"+prefix {
		t.Errorf("asked for %s", asked[0])
	}
	mu.Unlock()
	for _, secret := range []string{stolen, rest, "/range/" + prefix} {
		if strings.Contains(r.stored(), secret) {
			t.Errorf("the store holds %q", secret)
		}
	}
	answer = "<html>busy</html>"
	r.open(issuer + "/flows/probe")
	r.fill("", map[string]string{"email": "m@example.com", "password": stolen})
	if len(r.reports()) != 2 {
		t.Error("garbage was taken for a clean password") // X5
	}
}

func TestBreachedPasswordInAListOfTheProject(t *testing.T) {
	prefix, rest := risk.BreachKey("hashed one")
	r := newRig(t, nil, both(file("lists/breached_passwords.txt", "plain one\n"+prefix+rest+":7\n"),
		passwordProbe("breached_password", map[string]any{"source": "list"}, map[string]any{"count": "{{ step.check.count }}"})))
	for password, count := range map[string]int{"plain one": 1, "hashed one": 1, "mine alone": 0} {
		holds(t, r.tryPassword(password), map[string]any{"count": count})
	}
}

func TestRateLimit(t *testing.T) {
	limited := func() func(fstest.MapFS) {
		return probe("limit", map[string]any{"limit": to("rate_limit", map[string]any{"limit": 3.0, "window": "1m"}, map[string]any{"ok": "report", "exceeded": "no"}), "no": map[string]any{"type": "deny", "config": map[string]any{"reason": "rate"}}},
			map[string]any{"count": "{{ step.limit.count }}"})
	}
	r := newRig(t, nil, limited())
	r.Clock.Advance(time.Minute - time.Duration(r.Clock.Now().Second()+1)*time.Second) // away from the border of a window
	passes := func(n int) (ok int) {
		for range n {
			before := len(r.reports())
			r.open(issuer + "/flows/probe")
			ok += len(r.reports()) - before
		}
		return ok
	}
	r.from("192.0.2.1")
	if n := passes(5); n != 3 {
		t.Errorf("%d of 5 passed, want 3", n)
	}
	r.from("192.0.2.2")
	if n := passes(1); n != 1 {
		t.Error("another address was counted with it")
	}
	r.Clock.Advance(2 * time.Minute)
	r.from("192.0.2.1")
	if n := passes(5); n != 3 {
		t.Errorf("after the window %d of 5 passed, want 3", n)
	}
}

// Of many requests at the same moment no more pass than the limit says.
func TestRateLimitUnderConcurrency(t *testing.T) {
	r := newRig(t, nil, probe("limit", map[string]any{"limit": to("rate_limit", map[string]any{"key": "everybody", "limit": 10.0, "window": "1h"}, map[string]any{"ok": "report", "exceeded": "no"}), "no": map[string]any{"type": "deny", "config": map[string]any{"reason": "rate"}}},
		map[string]any{"count": "{{ step.limit.count }}"}))
	var wg sync.WaitGroup
	for range 60 {
		wg.Go(func() {
			w := httptest.NewRecorder()
			r.ServeHTTP(w, httptest.NewRequest("GET", issuer+"/flows/probe", nil))
		})
	}
	wg.Wait()
	if n := len(r.reports()); n != 10 {
		t.Errorf("%d passed a limit of 10", n)
	}
}

// Signals of the project's own count beside the built-in ones.
func TestRiskEvaluateTakesSignalsOfTheProject(t *testing.T) {
	r := newRig(t, nil, probe("risk", map[string]any{"risk": to("risk_evaluate", map[string]any{"medium": 20.0, "extra": []any{map[string]any{"name": "partner", "when": "event.request.ip.startsWith('192.')", "points": 25.0}}}, map[string]any{"next": "report"})},
		map[string]any{"severity": "{{ step.risk.severity }}", "score": "{{ step.risk.score }}"}))
	r.from("192.0.2.8")
	holds(t, r.report(), map[string]any{"severity": "medium", "score": 25})
	r.from("203.0.113.200")
	holds(t, r.report(), map[string]any{"severity": "low", "score": 0})
}
