//go:build clustertest

package clustertest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// people is how many there are to sign in.
const people = 240

// fleet is several servers on one store, behind a balancer.
type fleet struct {
	t       testing.TB
	dir     string
	store   string
	issuer  string
	servers []*member
}

// member is one of them: a process that can be killed and started again.
type member struct {
	addr string
	mu   sync.Mutex
	cmd  *exec.Cmd
}

// newFleet exports the starter and starts n servers on a store.
func newFleet(t testing.TB, n int, store string) *fleet {
	f := &fleet{t: t, dir: t.TempDir(), store: store}
	f.once("new", "acme")
	f.once("export", "acme", "-o", "acme.afb")
	var world strings.Builder
	world.WriteString("people:\n")
	for i := range people {
		fmt.Fprintf(&world, "  - {username: p%d, name: P %d, email: p%d@example.com, email_verified: true, password: secret-phrase-%d}\n", i, i, i, i)
	}
	for name, text := range map[string]string{"people.yaml": world.String(), "password": password + "\n"} {
		if err := os.WriteFile(filepath.Join(f.dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var addresses []string
	for range n {
		f.servers = append(f.servers, &member{addr: freeAddr(t)})
		addresses = append(addresses, f.servers[len(f.servers)-1].addr)
	}
	balancer := NewBalancer(addresses)
	t.Cleanup(balancer.Close)
	f.issuer = balancer.URL
	f.startAll()
	return f
}

// startAll starts all at the same moment, on a store that holds nothing yet.
func (f *fleet) startAll() {
	f.t.Helper()
	errs := make(chan error, len(f.servers))
	for i, m := range f.servers {
		f.t.Cleanup(m.end)
		go func() {
			if i == 0 {
				errs <- f.start(m, "--users", "people.yaml")
			} else {
				errs <- f.start(m)
			}
		}()
	}
	for range f.servers {
		if err := <-errs; err != nil {
			f.t.Fatal(err)
		}
	}
}

func freeAddr(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func (f *fleet) program(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env, cmd.Dir = append(os.Environ(), asProgram+"=1"), f.dir
	return cmd
}

// once runs a command to its end.
func (f *fleet) once(args ...string) string {
	f.t.Helper()
	cmd := f.program(args...)
	cmd.Env = append(cmd.Env, "AUTHFLOW_STORE_PASSWORD="+password)
	out, err := cmd.CombinedOutput()
	if err != nil {
		f.t.Fatalf("authflow %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

func (f *fleet) start(m *member, more ...string) error {
	cmd := f.program(append([]string{"serve", "acme.afb", "--allow-unsigned", "--addr", m.addr, "--issuer", f.issuer, "--store", f.store, "--json"}, more...)...)
	cmd.Env = append(cmd.Env, "AUTHFLOW_STORE_PASSWORD_FILE=password")
	log, err := os.OpenFile(filepath.Join(f.dir, "log-"+m.addr), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd.Stderr = log
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	m.mu.Lock()
	m.cmd = cmd
	m.mu.Unlock()
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || !strings.Contains(line, "issuer") {
		return fmt.Errorf("serve did not come up: %q %w\n%s", line, err, f.log(m))
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return nil
}

func (f *fleet) log(m *member) []byte {
	text, _ := os.ReadFile(filepath.Join(f.dir, "log-"+m.addr))
	return text
}

// kill ends a server without a word.
func (m *member) kill() { m.stop(os.Kill) }

// end lets it finish what it does.
func (m *member) end() { m.stop(os.Interrupt) }

func (m *member) stop(how os.Signal) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.cmd != nil {
		_ = m.cmd.Process.Signal(how)
		_ = m.cmd.Wait()
		m.cmd = nil
	}
}
