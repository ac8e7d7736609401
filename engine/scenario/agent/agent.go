// Package agent is a user agent without a screen: cookies, redirects, forms. It
// speaks to a flow as any browser does, and runs no scripts.
//
// It owns: Agent and the Page it answers, made safe to be shown in a frame.
// It delegates: answering requests to the handler of the harness, in process, so
// that the tester can say from which address the person comes.
// The law: it reaches the harness and nothing else; an address elsewhere is
// answered with a page that says so.
package agent

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// maxRedirects ends a circle of redirects.
const maxRedirects = 20

// Settings are what a tester says of the person at the agent.
type Settings struct {
	IP        string
	UserAgent string
}

// DefaultUserAgent is that of a plain desktop browser, so that a flow sees a
// person and not a program.
const DefaultUserAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36"

// Page is what the agent shows.
type Page struct {
	URL    string
	Status int
	Title  string
	// HTML has no scripts and needs nothing from elsewhere.
	HTML  string
	Forms []Form
	// Passkey is what the page asks an authenticator, empty for nothing.
	Passkey string
	// External says that the address is not the harness's; nothing was asked.
	External bool
}

// Agent is one browser profile. One goroutine drives it at a time.
type Agent struct {
	handler http.Handler
	origins []string

	mu       sync.Mutex
	jar      http.CookieJar
	settings Settings
	history  []string
}

// New makes an agent for the harness's handler, which answers for the origins
// (scheme and host with port).
func New(handler http.Handler, origins ...string) *Agent {
	a := &Agent{handler: handler, origins: origins, settings: Settings{IP: "127.0.0.1", UserAgent: DefaultUserAgent}}
	a.Forget()
	return a
}

// Tab answers another tab of the same browser: cookies and settings are those
// of this one at the moment, the history is its own.
func (a *Agent) Tab() *Agent {
	a.mu.Lock()
	defer a.mu.Unlock()
	return &Agent{handler: a.handler, origins: a.origins, jar: a.jar, settings: a.settings}
}

// Forget throws all cookies away: the person comes with a new device.
func (a *Agent) Forget() {
	jar, err := cookiejar.New(nil)
	if err != nil {
		panic(err) // without options New cannot fail
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.jar = jar
	a.history = nil
}

// ForgetSession throws away the cookies that are not the device's: the person
// comes back to a device that is known.
func (a *Agent) ForgetSession() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, o := range a.origins {
		u, err := url.Parse(o)
		if err != nil {
			continue
		}
		for _, ck := range a.jar.Cookies(u) {
			if !strings.Contains(ck.Name, "device") {
				a.jar.SetCookies(u, []*http.Cookie{{Name: ck.Name, Path: "/", MaxAge: -1}})
			}
		}
	}
}

// Set says who the person is to the flow.
func (a *Agent) Set(s Settings) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s.IP == "" {
		s.IP = "127.0.0.1"
	}
	if s.UserAgent == "" {
		s.UserAgent = DefaultUserAgent
	}
	a.settings = s
}

// Settings answers what was set.
func (a *Agent) Settings() Settings {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.settings
}

// CanGoBack reports whether there is a page before this one.
func (a *Agent) CanGoBack() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.history) > 1
}

// Get follows a link, typed or clicked.
func (a *Agent) Get(ctx context.Context, address string) (*Page, error) {
	return a.Send(ctx, http.MethodGet, address, nil)
}

// Back asks for the page before this one again.
func (a *Agent) Back(ctx context.Context) (*Page, error) {
	a.mu.Lock()
	if len(a.history) < 2 {
		a.mu.Unlock()
		return nil, fmt.Errorf("agent: there is no page before this one")
	}
	to := a.history[len(a.history)-2]
	a.history = a.history[:len(a.history)-2]
	a.mu.Unlock()
	return a.Get(ctx, to)
}

// Send makes a request and follows its redirects. Fields of a POST are sent as
// a form, those of a GET as the query.
func (a *Agent) Send(ctx context.Context, method, address string, fields [][2]string) (*Page, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("agent: %q is no address of a page", address)
	}
	form := encode(fields)
	body := ""
	if strings.EqualFold(method, http.MethodPost) {
		method, body = http.MethodPost, form
	} else {
		method = http.MethodGet
		if len(fields) > 0 {
			u.RawQuery = form
		}
	}
	for range maxRedirects {
		if !slices.Contains(a.origins, u.Scheme+"://"+u.Host) {
			return &Page{URL: u.String(), External: true, Title: u.Host}, nil
		}
		res := a.once(ctx, method, u, body)
		to := res.Header.Get("Location")
		if res.StatusCode < 300 || res.StatusCode > 399 || to == "" {
			return a.show(ctx, u, res)
		}
		next, err := u.Parse(to)
		if err != nil {
			return nil, fmt.Errorf("agent: %s answered a redirect to %q, which is no address", u.Path, to)
		}
		u = next
		// 307 and 308 keep method and body, the others make it a GET (RFC 9110).
		if res.StatusCode != http.StatusTemporaryRedirect && res.StatusCode != http.StatusPermanentRedirect {
			method, body = http.MethodGet, ""
		}
	}
	return nil, fmt.Errorf("agent: more than %d redirects, the last to %s", maxRedirects, u)
}

func encode(fields [][2]string) string {
	var b strings.Builder
	for i, f := range fields {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(f[0]) + "=" + url.QueryEscape(f[1]))
	}
	return b.String()
}

// once makes one request in process.
func (a *Agent) once(ctx context.Context, method string, u *url.URL, body string) *http.Response {
	a.mu.Lock()
	jar, settings := a.jar, a.settings
	a.mu.Unlock()
	r := httptest.NewRequestWithContext(ctx, method, u.String(), strings.NewReader(body))
	r.Host, r.RequestURI = u.Host, u.RequestURI()
	r.RemoteAddr = hostPort(settings.IP)
	r.Header.Set("User-Agent", settings.UserAgent)
	r.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	r.Header.Set("Accept-Language", "en")
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", u.Scheme+"://"+u.Host)
	}
	for _, ck := range jar.Cookies(u) {
		r.AddCookie(ck)
	}
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, r)
	res := w.Result()
	jar.SetCookies(u, res.Cookies())
	return res
}

func hostPort(ip string) string {
	if strings.Contains(ip, ":") {
		return "[" + ip + "]:40000"
	}
	return ip + ":40000"
}

func (a *Agent) show(ctx context.Context, u *url.URL, res *http.Response) (*Page, error) {
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, fmt.Errorf("agent: %s: %w", u.Path, err)
	}
	p := &Page{URL: u.String(), Status: res.StatusCode}
	if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		p.Title = u.Path
		p.HTML = plain(string(raw))
	} else if err = a.safe(ctx, p, u, bytes.NewReader(raw)); err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if n := len(a.history); n == 0 || a.history[n-1] != p.URL {
		a.history = append(a.history, p.URL)
	}
	return p, nil
}
