package server_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/projects"
)

var benchTicket = regexp.MustCompile(`name="_ticket" value="([^"]+)"`)

// BenchmarkCodeFlowLogin is a whole sign-in over HTTP: authorize, page, submit,
// code exchange, userinfo. The password hash is the cheap one of the harness;
// engine/directory measures the real one by itself.
func BenchmarkCodeFlowLogin(b *testing.B) {
	fsys, err := projects.TemplateFS("starter")
	if err != nil {
		b.Fatal(err)
	}
	for name, change := range map[string]func(*flow.Project){
		"starter":         func(*flow.Project) {},
		"without_actions": func(p *flow.Project) { p.Flows["login"].Blocks["department"].Next["next"] = "signed_in" },
	} {
		b.Run(name, func(b *testing.B) {
			p, _ := flow.Load(fsys)
			change(p)
			world, err := server.ReadWorld(fsys)
			if err != nil {
				b.Fatal(err)
			}
			var h *server.Harness
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(w, r) }))
			defer srv.Close()
			pool := script.NewPool(script.Options{Workers: 2})
			defer pool.Close()
			if h, err = server.NewHarness(server.HarnessOptions{Issuer: srv.URL, Scripts: pool, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}); err != nil {
				b.Fatal(err)
			}
			defer h.Close()
			if err := h.Load(b.Context(), p, world); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				login(b, srv.URL)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "logins/s")
		})
	}
}

// login is a person and a client without TLS, on one connection.
func login(b *testing.B, issuer string) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.Fatal(err)
	}
	c := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasSuffix(r.URL.Path, "/callback") {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	const verifier = "0123456789012345678901234567890123456789012"
	q := url.Values{"client_id": {"local-app"}, "response_type": {"code"}, "redirect_uri": {"http://127.0.0.1/callback"}, "scope": {"openid"}, "state": {"s"}, "nonce": {"n"},
		"code_challenge": {challengeOf(verifier)}, "code_challenge_method": {"S256"}}
	page, at := fetch(b, c, "GET", issuer+"/oauth2/authorize?"+q.Encode(), nil)
	m := benchTicket.FindStringSubmatch(page)
	if m == nil {
		b.Fatal(page)
	}
	_, at = fetch(b, c, "POST", at, url.Values{"identifier": {"ada"}, "password": {"analytical-engine"}, "_ticket": {m[1]}})
	to, err := url.Parse(at)
	if err != nil {
		b.Fatal(err)
	}
	token, _ := fetch(b, c, "POST", issuer+"/oauth2/token", url.Values{"grant_type": {"authorization_code"}, "code": {to.Query().Get("code")}, "client_id": {"local-app"},
		"redirect_uri": {"http://127.0.0.1/callback"}, "code_verifier": {verifier}})
	if !strings.Contains(token, "id_token") {
		b.Fatal(token)
	}
}

func fetch(b *testing.B, c *http.Client, method, address string, form url.Values) (text, at string) {
	var res *http.Response
	var err error
	if method == "POST" {
		res, err = c.PostForm(address, form)
	} else {
		res, err = c.Get(address)
	}
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.Fatal(err)
	}
	if to := res.Header.Get("Location"); to != "" {
		return string(body), to
	}
	return string(body), res.Request.URL.String()
}
