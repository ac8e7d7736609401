package cli_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/oauth2"
)

// server is `authflow serve` as a process that can be killed and started again
// on the same store and address.
type server struct {
	t      *testing.T
	dir    string
	addr   string
	mu     sync.Mutex
	cmd    *exec.Cmd
	killed atomic.Bool
}

func (s *server) start() {
	s.t.Helper()
	cmd := exec.Command(os.Args[0], "serve", "acme.afb", "--allow-unsigned", "--users", filepath.Join("acme", "world.yaml"), "--addr", s.addr, "--store", "kill.db", "--json")
	cmd.Env, cmd.Dir = append(os.Environ(), asProgram+"=1"), s.dir
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || !strings.Contains(line, "issuer") {
		s.t.Fatalf("serve did not come up: %q %v", line, err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	s.mu.Lock()
	s.cmd = cmd
	s.mu.Unlock()
}

func (s *server) end(kill bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if kill {
		_ = s.cmd.Process.Kill()
	} else {
		_ = s.cmd.Process.Signal(os.Interrupt)
	}
	_ = s.cmd.Wait()
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// visitor is somebody who signs in and whose server may die at any moment.
type visitor struct {
	issuer string
	client *http.Client
	cfg    oauth2.Config
}

func newVisitor(issuer string) *visitor {
	jar, _ := cookiejar.New(nil)
	return &visitor{issuer: issuer, client: &http.Client{Jar: jar, Timeout: 30 * time.Second, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), "http://127.0.0.1:1/cb") {
			return http.ErrUseLastResponse
		}
		return nil
	}}, cfg: oauth2.Config{ClientID: "local-app", RedirectURL: "http://127.0.0.1:1/cb", Scopes: []string{"openid", "offline_access"},
		Endpoint: oauth2.Endpoint{AuthURL: issuer + "/oauth2/authorize", TokenURL: issuer + "/oauth2/token", AuthStyle: oauth2.AuthStyleInParams}}}
}

// persist asks until a server answers.
func (v *visitor) persist(ask func() (*http.Response, error)) (*http.Response, string, error) {
	var last error
	for deadline := time.Now().Add(40 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		res, err := ask()
		if err == nil {
			text, rerr := io.ReadAll(res.Body)
			res.Body.Close()
			if rerr == nil {
				return res, string(text), nil
			}
			err = rerr
		}
		last = err
	}
	return nil, "", fmt.Errorf("no server answered: %w", last)
}

// signIn goes to the code. Once the page was answered the run must survive.
func (v *visitor) signIn(verifier string) (code string, err error) {
	start := v.cfg.AuthCodeURL("s", oauth2.S256ChallengeOption(verifier))
	res, page, err := v.persist(func() (*http.Response, error) { return v.client.Get(start) })
	if err != nil {
		return "", err
	}
	at := res.Request.URL.String()
	for range 5 {
		m := ticket.FindStringSubmatch(page)
		if m == nil {
			return "", fmt.Errorf("the page that was answered is gone: %d %s", res.StatusCode, page)
		}
		form := url.Values{"identifier": {"ada"}, "password": {"analytical-engine"}, "_ticket": {m[1]}}
		sent, serr := v.client.PostForm(at, form)
		if serr == nil {
			sent.Body.Close()
			if to, perr := url.Parse(sent.Header.Get("Location")); perr == nil && to.Query().Get("code") != "" {
				return to.Query().Get("code"), nil
			}
			return "", fmt.Errorf("the submit answered %d", sent.StatusCode)
		}
		// No answer came: the run either waits as before, or has ended.
		if res, page, err = v.persist(func() (*http.Response, error) { return v.client.Get(at) }); err != nil {
			return "", err
		}
		if res.StatusCode == http.StatusNotFound {
			return "", errEnded
		}
	}
	return "", errors.New("five submits got no answer")
}

// errEnded: the submit was carried out and its answer lost with the server; the
// person begins again.
var errEnded = errors.New("ended")

// redeem presents a code; answered is false when no server said anything.
func (v *visitor) redeem(code, verifier string) (tok *oauth2.Token, answered bool) {
	tok, err := v.cfg.Exchange(context.WithValue(context.Background(), oauth2.HTTPClient, v.client), code, oauth2.VerifierOption(verifier))
	return tok, wasAnswered(err)
}

// refresh presents a refresh token.
func (v *visitor) refresh(token string) (tok *oauth2.Token, answered bool) {
	ctx := context.WithValue(context.Background(), oauth2.HTTPClient, v.client)
	tok, err := v.cfg.TokenSource(ctx, &oauth2.Token{RefreshToken: token}).Token()
	return tok, wasAnswered(err)
}

func wasAnswered(err error) bool {
	var refused *oauth2.RetrieveError
	return err == nil || errors.As(err, &refused)
}

// twice counts how often something that is good once was accepted: it is tried
// until a server answers, and then once more.
func twice(try func() (*oauth2.Token, bool)) (first *oauth2.Token, accepted int) {
	for range 40 {
		tok, answered := try()
		if answered {
			first = tok
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if first != nil {
		accepted++
	}
	if again, _ := try(); again != nil {
		accepted++
	}
	return first, accepted
}

// A server that is killed in the middle of hundreds of sign-ins loses nothing
// that it answered, accepts no code twice, and its audit record is intact.
func TestKillTheServerInTheMiddleOfSignIns(t *testing.T) {
	dir := t.TempDir()
	once(t, dir, "new", "acme")
	once(t, dir, "export", "acme", "-o", "acme.afb")
	s := &server{t: t, dir: dir, addr: freeAddr(t)}
	s.start()
	const people, workers = 240, 12
	var done, ended, redeemed atomic.Int64
	kill := make(chan struct{})
	go func() {
		<-kill
		s.end(true)
		s.start()
		s.killed.Store(true)
	}()
	var killing sync.Once
	jobs := make(chan int, people)
	for i := range people {
		jobs <- i
	}
	close(jobs)
	problems := make(chan error, people)
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			for i := range jobs {
				err := visit("http://"+s.addr, &ended, &redeemed)
				if i%3 == 0 {
					err = errors.Join(err, renew("http://"+s.addr))
				}
				if err != nil {
					problems <- err
				}
				if done.Add(1) == people/3 {
					killing.Do(func() { close(kill) })
				}
			}
		})
	}
	wait.Wait()
	close(problems)
	for err := range problems {
		t.Error(err)
	}
	if !s.killed.Load() {
		t.Fatal("the server was not killed while people signed in")
	}
	t.Logf("%d sign-ins, %d of them carried out without an answer, %d codes redeemed", people, ended.Load(), redeemed.Load())
	s.end(false)
	once(t, dir, "audit", "verify", "kill.db")
}

// renew signs in and uses one refresh token twice; the second use ends the
// family, so that the first one's successor is refused too.
func renew(issuer string) error {
	v := newVisitor(issuer)
	verifier := oauth2.GenerateVerifier()
	code, err := v.signIn(verifier)
	if errors.Is(err, errEnded) {
		return nil
	}
	if err != nil {
		return err
	}
	var tok *oauth2.Token
	for range 40 {
		var answered bool
		if tok, answered = v.redeem(code, verifier); answered {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if tok == nil {
		return nil
	}
	if _, accepted := twice(func() (*oauth2.Token, bool) { return v.refresh(tok.RefreshToken) }); accepted > 1 {
		return fmt.Errorf("one refresh token gave tokens %d times", accepted)
	}
	return nil
}

// visit is one person's way to tokens, over a server that may die.
func visit(issuer string, ended, redeemed *atomic.Int64) error {
	for range 3 {
		v := newVisitor(issuer)
		verifier := oauth2.GenerateVerifier()
		code, err := v.signIn(verifier)
		if errors.Is(err, errEnded) {
			ended.Add(1)
			continue
		}
		if err != nil {
			return err
		}
		tok, accepted := twice(func() (*oauth2.Token, bool) { return v.redeem(code, verifier) })
		if accepted > 1 {
			return fmt.Errorf("one code gave tokens %d times", accepted)
		}
		if tok == nil {
			return nil // the answer was lost with the server, and the code with it
		}
		redeemed.Add(1)
		return nil
	}
	return errors.New("three sign-ins were lost")
}
