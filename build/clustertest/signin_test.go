//go:build clustertest

package clustertest

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/oauth2"
)

// kept is what a person was answered and must still have at the end.
type kept struct {
	v   *visitor
	tok *oauth2.Token
}

// report is what became of all visits.
type report struct {
	mu                sync.Mutex
	kept              []kept
	ended, unredeemed atomic.Int64
}

// TestV1_ManyServersLoseNothing: hundreds of people sign in at three servers on
// one database, each request at another one. A server is killed, the database
// crashes; nothing answered is lost, nothing that is good once is accepted twice.
func TestV1_ManyServersLoseNothing(t *testing.T) {
	f := newFleet(t, 3, database.Address(newSchema(t), false))
	var done atomic.Int64
	troubled := make(chan error, 1)
	go func() { troubled <- trouble(f, &done) }()
	r := &report{}
	problems := make(chan error, people)
	jobs := make(chan int, people)
	for i := range people {
		jobs <- i
	}
	close(jobs)
	var wait sync.WaitGroup
	for range 12 {
		wait.Go(func() {
			for i := range jobs {
				if err := visit(f.issuer, i, r); err != nil {
					problems <- fmt.Errorf("p%d: %w", i, err)
				}
				done.Add(1)
			}
		})
	}
	wait.Wait()
	close(problems)
	for err := range problems {
		t.Error(err)
	}
	if err := <-troubled; err != nil {
		t.Fatal(err)
	}
	for _, k := range r.kept {
		stillThere(t, f.issuer, k)
	}
	lost := r.ended.Load() + r.unredeemed.Load()
	t.Logf("%d people, %d with tokens; %d submits and %d codes were carried out without an answer", people, len(r.kept), r.ended.Load(), r.unredeemed.Load())
	// Only what the killed server was doing can have lost its answer: each of the
	// twelve has two requests under way at most.
	if keep := people - people/3; lost > 24 || len(r.kept) != keep {
		t.Errorf("%d answers were lost, %d people have tokens that they kept, want %d", lost, len(r.kept), keep)
	}
	for _, m := range f.servers {
		m.end()
	}
	if out := f.once("audit", "verify", f.store); !strings.Contains(out, "intact") {
		t.Error(out)
	}
	if t.Failed() {
		for _, m := range f.servers {
			t.Logf("%s:\n%.6000s", m.addr, f.log(m))
		}
	}
}

// trouble kills a server after a quarter of the people, and lets the database
// crash after half of them.
func trouble(f *fleet, done *atomic.Int64) error {
	waitFor := func(n int64) error {
		for deadline := time.Now().Add(3 * time.Minute); done.Load() < n; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				return errors.New("people do not get on")
			}
		}
		return nil
	}
	if err := waitFor(people / 4); err != nil {
		return err
	}
	f.servers[1].kill()
	if err := waitFor(people / 3); err != nil {
		return err
	}
	if err := f.start(f.servers[1]); err != nil {
		return err
	}
	if err := waitFor(people / 2); err != nil {
		return err
	}
	if err := database.Crash(); err != nil {
		return err
	}
	time.Sleep(500 * time.Millisecond)
	err := database.Start()
	if done.Load() >= people {
		return errors.New("all were through before the trouble was over")
	}
	return err
}

// visit is one person's way to tokens. Every third presents the code from two
// sides at once, every other third the refresh token: one of them is accepted.
func visit(issuer string, n int, r *report) error {
	for range 4 {
		v := newVisitor(issuer, n)
		code, err := v.signIn()
		if errors.Is(err, errEnded) {
			r.ended.Add(1)
			continue
		}
		if err != nil {
			return err
		}
		if n%3 == 0 {
			if _, accepted := twice(func() (*oauth2.Token, bool) { return v.redeem(code) }); accepted > 1 {
				return fmt.Errorf("one code gave tokens %d times", accepted)
			}
			code, err = again(v)
			if errors.Is(err, errEnded) {
				r.ended.Add(1)
				continue
			}
			if err != nil {
				return err
			}
		}
		tok := until(func() (*oauth2.Token, bool) { return v.redeem(code) })
		if tok == nil {
			r.unredeemed.Add(1) // the answer was lost with the server, and the code with it
			continue
		}
		if n%3 == 1 {
			if _, accepted := twice(func() (*oauth2.Token, bool) { return v.refresh(tok.RefreshToken) }); accepted > 1 {
				return fmt.Errorf("one refresh token gave tokens %d times", accepted)
			}
			if more := until(func() (*oauth2.Token, bool) { return v.refresh(tok.RefreshToken) }); more != nil {
				return errors.New("a refresh token that was used gave tokens")
			}
			return nil
		}
		r.mu.Lock()
		r.kept = append(r.kept, kept{v, tok})
		r.mu.Unlock()
		return nil
	}
	return errors.New("four sign-ins were lost")
}

// again signs in as somebody else would, in a new browser.
func again(v *visitor) (string, error) {
	fresh := newVisitor(strings.TrimSuffix(v.cfg.Endpoint.TokenURL, "/oauth2/token"), 0)
	fresh.name, fresh.password = v.name, v.password
	*v = *fresh
	return v.signIn()
}

// stillThere looks whether what was answered still holds.
func stillThere(t *testing.T, issuer string, k kept) {
	t.Helper()
	ask, err := http.NewRequestWithContext(t.Context(), http.MethodGet, issuer+"/oauth2/userinfo", nil)
	if err != nil {
		t.Fatal(err)
	}
	k.tok.SetAuthHeader(ask)
	res, err := k.v.client.Do(ask)
	if err != nil {
		t.Errorf("%s: %v", k.v.name, err)
		return
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("%s: the access token that was answered is good for nothing: %s", k.v.name, res.Status)
	}
	if tok, _ := k.v.refresh(k.tok.RefreshToken); tok == nil {
		t.Errorf("%s: the refresh token that was answered is good for nothing", k.v.name)
	}
}
