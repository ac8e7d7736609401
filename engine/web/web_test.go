package web_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/store/bolt"
	"github.com/authflow-studio/authflow/engine/store/storetest"
	"github.com/authflow-studio/authflow/engine/web"
	"github.com/authflow-studio/authflow/engine/world"
)

// rig is a server with a person in front of it who follows no redirects.
type rig struct {
	t      *testing.T
	clock  *storetest.Clock
	engine *run.Engine
	server *httptest.Server
	client *http.Client
	last   string // body of the last answer
	down   bool   // no project is loaded
}

const twoPages = `{"format":1,"name":"Login","trigger":"login","enabled":true,"start":"hello","blocks":{
"hello":{"type":"page","stage":"pre_login","config":{"template":"a/hello.html","title":"Hello","fields":[{"name":"nick","required":true},{"name":"password","type":"password"}],"buttons":[{"port":"skip"}]},"next":{"submitted":"more","skip":"no"}},
"more":{"type":"page","stage":"pre_login","config":{"template":"a/more.html","title":"More of {{ step.hello.fields.nick }}"},"next":{"submitted":"yes"}},
"yes":{"type":"allow","stage":"post_login"},
"no":{"type":"deny","stage":"post_login","config":{"reason":"no","message":"Not today."}}}}`

func newRig(t *testing.T, change func(files map[string][]byte)) *rig {
	t.Helper()
	files := map[string][]byte{
		flow.SettingsFile:       []byte(`{"format":1,"name":"Acme","version":"1"}`),
		flow.FlowPath("login"):  []byte(twoPages),
		"pages/a/hello.html":    []byte(`{{template "layout" .}}`),
		"pages/a/more.html":     []byte(`<title>{{.Title}}</title><form method="post"><button>go</button></form>`),
		"pages/unused/own.html": []byte(`never shown`),
	}
	if change != nil {
		change(files)
	}
	p, problems := flow.Parse(files)
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	r := &rig{t: t, clock: storetest.NewClock()}
	st, err := bolt.OpenWith(filepath.Join(t.TempDir(), "web.db"), r.clock, bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	hasher := directory.NewHasher(directory.CheapParams, 2)
	r.engine = &run.Engine{Store: st, Catalogue: catalogue.All(), Hasher: func() *directory.Hasher { return hasher },
		World: world.World{Clock: r.clock, Random: storetest.NewRandom(1), Networks: world.NoNetworks{}}}
	r.server = httptest.NewServer(web.New(web.Options{Engine: r.engine, Cookies: web.NewCookies("http://127.0.0.1"), ClientIP: web.RemoteIP,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Project: func() *flow.Project {
			if r.down {
				return nil
			}
			return p
		}}))
	t.Cleanup(r.server.Close)
	r.client = r.person()
	return r
}

// person is a browser profile of its own.
func (r *rig) person() *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Timeout: 10 * time.Second}
}

func (r *rig) do(method, path, body string) *http.Response {
	r.t.Helper()
	req, err := http.NewRequest(method, r.server.URL+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := r.client.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	r.last = string(text)
	return res
}

func (r *rig) want(res *http.Response, status int, location string) {
	r.t.Helper()
	if res.StatusCode != status || res.Header.Get("Location") != location {
		r.t.Fatalf("answered %d to %q, want %d to %q\n%s", res.StatusCode, res.Header.Get("Location"), status, location, r.last)
	}
}

var ticketInput = regexp.MustCompile(`name="_ticket" value="([^"]+)"`)

func (r *rig) ticket() string {
	r.t.Helper()
	m := ticketInput.FindStringSubmatch(r.last)
	if m == nil {
		r.t.Fatalf("no ticket in\n%s", r.last)
	}
	return m[1]
}

// begin starts the flow and shows its first page.
func (r *rig) begin() string {
	r.t.Helper()
	r.want(r.do("GET", "/flows/login", ""), 302, "/fl/a/hello")
	r.want(r.do("GET", "/fl/a/hello", ""), 200, "")
	return r.ticket()
}

func form(pairs ...string) string {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v.Encode()
}

func TestN1_APageIsRenderedAgainAsOftenAsAsked(t *testing.T) {
	r := newRig(t, nil)
	ticket := r.begin()
	first := r.last
	for range 3 {
		r.want(r.do("GET", "/fl/a/hello", ""), 200, "")
		if r.last != first {
			t.Errorf("rendered differently:\n%s\n%s", first, r.last)
		}
	}
	r.want(r.do("POST", "/fl/a/hello", form("_ticket", ticket, "nick", "Ada")), 303, "/fl/a/more")
	r.want(r.do("GET", "/fl/a/more", ""), 200, "")
	if !strings.Contains(r.last, "<title>More of Ada</title>") {
		t.Error(r.last)
	}
}

func TestN2_OtherPagesAnswerTheMismatchPageAndChangeNothing(t *testing.T) {
	r := newRig(t, nil)
	ticket := r.begin()
	for _, c := range []struct{ method, path, body string }{
		{"GET", "/fl/a/more", ""}, {"POST", "/fl/a/more", form("_ticket", ticket)}, {"GET", "/fl/unused/own", ""}, {"GET", "/fl/a/hello.html", ""},
		{"POST", "/fl/a/hello", form("_ticket", "forged", "nick", "x")}, {"POST", "/fl/a/hello", form("nick", "x")},
	} {
		r.want(r.do(c.method, c.path, c.body), 404, "")
		if !strings.Contains(r.last, `href="/fl/a/hello"`) || !strings.Contains(r.last, `action="/fl/restart"`) {
			t.Errorf("%s %s offers no way on:\n%s", c.method, c.path, r.last)
		}
	}
	r.want(r.do("POST", "/fl/a/hello", form("_ticket", ticket, "nick", "Ada")), 303, "/fl/a/more")
	// The page before this one, by the back button: re-sending it is refused.
	r.want(r.do("POST", "/fl/a/hello", form("_ticket", ticket, "nick", "Eve")), 404, "")
	r.want(r.do("GET", "/fl/a/more", ""), 200, "")
	if !strings.Contains(r.last, "More of Ada") {
		t.Error(r.last)
	}
}

func TestN3_StatusCodes(t *testing.T) {
	r := newRig(t, nil)
	r.want(r.do("GET", "/fl/a/hello", ""), 404, "") // no run
	ticket := r.begin()
	for _, method := range []string{"PUT", "DELETE", "PATCH", "OPTIONS"} {
		if res := r.do(method, "/fl/a/hello", ""); res.StatusCode != 405 || res.Header.Get("Allow") == "" {
			t.Errorf("%s answered %d", method, res.StatusCode)
		}
	}
	r.clock.Advance(time.Hour - time.Minute)
	r.want(r.do("POST", "/fl/a/hello", form("_ticket", ticket, "nick", "Ada")), 410, "")
	r.want(r.do("GET", "/fl/a/hello", ""), 410, "")
	r.want(r.do("POST", "/fl/restart", ""), 303, "/fl/a/hello")
	r.down = true
	r.want(r.do("GET", "/flows/login", ""), 503, "")
	r.down = false
	r.want(r.do("GET", "/flows/nothing", ""), 404, "")
}

func TestN3_ACrashTellsThePersonNothing(t *testing.T) {
	r := newRig(t, func(files map[string][]byte) {
		files["pages/a/hello.html"] = []byte(`{{.Model.no.such.thing.at.all | len}}`)
	})
	r.want(r.do("GET", "/flows/login", ""), 302, "/fl/a/hello")
	r.want(r.do("GET", "/fl/a/hello", ""), 500, "")
	if strings.Contains(r.last, "such") || strings.Contains(r.last, "len") {
		t.Error(r.last)
	}
}

func TestN4_EveryAnswerIsGuarded(t *testing.T) {
	r := newRig(t, nil)
	ticket := r.begin()
	for _, res := range []*http.Response{
		r.do("GET", "/fl/a/hello", ""), r.do("GET", "/fl/nowhere", ""), r.do("POST", "/fl/a/hello", form("_ticket", ticket, "nick", "x")), r.do("GET", "/flows/nothing", ""),
	} {
		if res.Header.Get("Cache-Control") != "no-store" || res.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: headers %v", res.Request.URL.Path, res.Header)
		}
		if res.StatusCode < 300 || res.StatusCode >= 400 {
			if csp := res.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "script-src") {
				t.Errorf("%s: policy %q", res.Request.URL.Path, csp)
			}
		}
	}
	framed := newRig(t, func(files map[string][]byte) {
		files[flow.SettingsFile] = []byte(`{"format":1,"name":"Acme","version":"1","frame_ancestors":["https://portal.example"]}`)
	})
	framed.begin()
	if csp := framed.do("GET", "/fl/a/hello", "").Header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors https://portal.example") {
		t.Error(csp)
	}
}

func TestN5_FormsAreBounded(t *testing.T) {
	r := newRig(t, nil)
	ticket := r.begin()
	for what, c := range map[string]struct {
		body   string
		status int
	}{
		"10 MB":            {form("_ticket", ticket, "nick", strings.Repeat("x", 10<<20)), 413},
		"one long field":   {form("_ticket", ticket, "nick", strings.Repeat("x", 20<<10)), 413},
		"too many fields":  {form("_ticket", ticket, "nick", "x") + strings.Repeat("&a=b", 300), 413},
		"bad escapes":      {"_ticket=" + ticket + "&nick=%zz", 400},
		"no UTF-8":         {"_ticket=" + ticket + "&nick=%ff", 400},
		"a required blank": {form("_ticket", ticket, "nick", " "), 303},
	} {
		if res := r.do("POST", "/fl/a/hello", c.body); res.StatusCode != c.status {
			t.Errorf("%s: answered %d, want %d", what, res.StatusCode, c.status)
		}
	}
	r.want(r.do("GET", "/fl/a/hello", ""), 200, "")
	if !strings.Contains(r.last, "Please fill this in.") {
		t.Error(r.last)
	}
}

func TestN5_OtherContentTypesAreRefused(t *testing.T) {
	r := newRig(t, nil)
	r.begin()
	req, err := http.NewRequest("POST", r.server.URL+"/fl/a/hello", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "text/plain")
	res, err := r.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != 400 {
		t.Errorf("answered %d", res.StatusCode)
	}
}

func TestN7_RestartEndsTheRunAndBeginsAgain(t *testing.T) {
	r := newRig(t, nil)
	ticket := r.begin()
	r.want(r.do("POST", "/fl/a/hello", form("_ticket", ticket, "nick", "Ada")), 303, "/fl/a/more")
	r.want(r.do("GET", "/fl/restart", ""), 405, "")
	r.want(r.do("POST", "/fl/restart", ""), 303, "/fl/a/hello")
	r.want(r.do("GET", "/fl/a/hello", ""), 200, "")
	if fresh := r.ticket(); fresh == ticket {
		t.Error("the ticket of the former run is used again")
	}
}

func TestN8_AFlowEndsWithAPageAndThenNothing(t *testing.T) {
	r := newRig(t, nil)
	r.want(r.do("POST", "/fl/a/hello", form("_ticket", r.begin(), "skip", "1")), 303, "/fl/end")
	r.want(r.do("GET", "/fl/end", ""), 403, "")
	if !strings.Contains(r.last, "Not today.") {
		t.Error(r.last)
	}
	r.want(r.do("GET", "/fl/end", ""), 404, "")
	r.want(r.do("GET", "/fl/a/hello", ""), 404, "")
}

func TestX7_ATamperedCookieIsNobody(t *testing.T) {
	r := newRig(t, nil)
	ticket := r.begin()
	u, err := url.Parse(r.server.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, ck := range r.client.Jar.Cookies(u) {
		for _, value := range []string{ck.Value + "x", ck.Value[:len(ck.Value)-2], "run_." + strings.Repeat("a", 43), strings.Repeat("run_", 5000), "", "run_x"} {
			r.client = r.person()
			r.client.Jar.SetCookies(u, []*http.Cookie{{Name: ck.Name, Value: value, Path: "/"}})
			r.want(r.do("POST", "/fl/a/hello", form("_ticket", ticket, "nick", "x")), 404, "")
		}
	}
}

// A password in a page before the password check is never part of the run.
func TestT3_SecretFieldsStayOutOfTheStore(t *testing.T) {
	const planted = "planted-5ecret-77"
	r := newRig(t, nil)
	r.want(r.do("POST", "/fl/a/hello", form("_ticket", r.begin(), "nick", "Ada", "password", planted, "old_pin", planted)), 303, "/fl/a/more")
	found := false
	for _, bucket := range []string{run.RunsBucket, run.JournalBucket, "audit"} {
		entries, err := r.engine.Store.List(context.Background(), bucket, "", "", 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			found = found || strings.Contains(string(e.Value), "Ada")
			if strings.Contains(string(e.Value), planted) {
				t.Errorf("%s/%s holds the password", bucket, e.ID)
			}
		}
	}
	if !found {
		t.Error("the other fields are not there either: this test proves nothing")
	}
}
