//go:build clustertest

package clustertest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"
)

const callback = "http://127.0.0.1:1/cb"

var ticket = regexp.MustCompile(`name="_ticket" value="([^"]+)"`)

// errEnded: the submit was carried out and its answer lost with the server; the
// person begins again.
var errEnded = errors.New("carried out without an answer")

// visitor is somebody who signs in, over a balancer, in a browser of their own.
type visitor struct {
	name, password string
	client         *http.Client
	cfg            oauth2.Config
	verifier       string
}

func newVisitor(issuer string, n int) *visitor {
	jar, _ := cookiejar.New(nil)
	return &visitor{name: fmt.Sprint("p", n), password: fmt.Sprint("secret-phrase-", n), verifier: oauth2.GenerateVerifier(),
		client: &http.Client{Jar: jar, Timeout: time.Minute, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
			if strings.HasPrefix(r.URL.String(), callback) {
				return http.ErrUseLastResponse
			}
			return nil
		}},
		cfg: oauth2.Config{ClientID: "local-app", RedirectURL: callback, Scopes: []string{"openid", "offline_access"},
			Endpoint: oauth2.Endpoint{AuthURL: issuer + "/oauth2/authorize", TokenURL: issuer + "/oauth2/token", AuthStyle: oauth2.AuthStyleInParams}}}
}

// look asks for a page until a server answers.
func (v *visitor) look(at string) (res *http.Response, page string, err error) {
	for range 200 {
		if res, err = v.client.Get(at); err == nil {
			var text []byte
			text, err = io.ReadAll(res.Body)
			res.Body.Close()
			if err == nil {
				return res, string(text), nil
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	return nil, "", fmt.Errorf("no server answered: %w", err)
}

// signIn goes to the code. Once the page was answered the run must survive. Each
// form is sent twice at the same moment, to two servers: one code at most.
func (v *visitor) signIn() (code string, err error) {
	res, page, err := v.look(v.cfg.AuthCodeURL("s", oauth2.S256ChallengeOption(v.verifier)))
	if err != nil {
		return "", err
	}
	at := res.Request.URL.String()
	for range 5 {
		m := ticket.FindStringSubmatch(page)
		if m == nil {
			return "", fmt.Errorf("the page that was answered is gone: %d %s", res.StatusCode, page)
		}
		codes, said := v.submitTwice(at, m[1])
		if len(codes) > 1 {
			return "", fmt.Errorf("one ticket gave %d codes", len(codes))
		}
		if len(codes) == 1 {
			return codes[0], nil
		}
		if res, page, err = v.look(at); err != nil {
			return "", err
		}
		if res.StatusCode == http.StatusNotFound || res.StatusCode == http.StatusGone {
			return "", fmt.Errorf("%w: %s", errEnded, said)
		}
	}
	return "", errors.New("five submits got no answer")
}

// submitTwice answers the different codes that came, and what else was said.
func (v *visitor) submitTwice(at, ticket string) (codes []string, said string) {
	form := url.Values{"identifier": {v.name}, "password": {v.password}, "_ticket": {ticket}}
	var mu sync.Mutex
	seen := map[string]bool{}
	var wait sync.WaitGroup
	for range 2 {
		wait.Go(func() {
			res, err := v.client.PostForm(at, form)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				said += " " + err.Error()
				return
			}
			res.Body.Close()
			said += " " + res.Status
			to, _ := url.Parse(res.Header.Get("Location"))
			if code := to.Query().Get("code"); code != "" && !seen[code] {
				seen[code] = true
				codes = append(codes, code)
			}
		})
	}
	wait.Wait()
	return codes, said
}

// redeem presents a code; answered is false when no server said anything.
func (v *visitor) redeem(code string) (tok *oauth2.Token, answered bool) {
	tok, err := v.cfg.Exchange(v.context(), code, oauth2.VerifierOption(v.verifier))
	return tok, wasAnswered(err)
}

// refresh presents a refresh token.
func (v *visitor) refresh(token string) (tok *oauth2.Token, answered bool) {
	tok, err := v.cfg.TokenSource(v.context(), &oauth2.Token{RefreshToken: token}).Token()
	return tok, wasAnswered(err)
}

func (v *visitor) context() context.Context {
	return context.WithValue(context.Background(), oauth2.HTTPClient, v.client)
}

// wasAnswered: a server that says that it cannot now has not said anything of
// the token.
func wasAnswered(err error) bool {
	var refused *oauth2.RetrieveError
	return err == nil || errors.As(err, &refused) && refused.Response.StatusCode < 500
}

// twice presents what is good once from two sides at once, and counts how often
// it was accepted.
func twice(try func() (*oauth2.Token, bool)) (first *oauth2.Token, accepted int) {
	var mu sync.Mutex
	var wait sync.WaitGroup
	for range 2 {
		wait.Go(func() {
			tok, _ := try()
			mu.Lock()
			defer mu.Unlock()
			if tok != nil {
				first = tok
				accepted++
			}
		})
	}
	wait.Wait()
	return first, accepted
}

// until asks until a server answers.
func until(try func() (*oauth2.Token, bool)) *oauth2.Token {
	for range 100 {
		if tok, answered := try(); answered {
			return tok
		}
		time.Sleep(100 * time.Millisecond)
	}
	return nil
}
