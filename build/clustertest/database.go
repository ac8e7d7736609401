// Package clustertest tries what several servers share: the store on a real
// PostgreSQL, and servers behind a balancer while one of them is killed and the
// database restarts.
//
// It owns: a database of its own for the time of a test, and the balancer.
// It delegates: the contract to engine/store/storetest, the servers to the
// program itself.
// The law: everything here is the real thing, as processes that can be killed.
package clustertest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// Programs names the variable with the folder of PostgreSQL's programs.
const Programs = "AUTHFLOW_POSTGRES"

const role, password = "authflow", "only for this test"

// Database is a PostgreSQL server with a folder of its own.
type Database struct {
	programs, dir string
	port          int
	as            *syscall.SysProcAttr

	mu  sync.Mutex
	cmd *exec.Cmd
}

// NewDatabase makes a database and starts it.
func NewDatabase() (*Database, error) {
	d := &Database{programs: os.Getenv(Programs)}
	if d.programs == "" {
		return nil, fmt.Errorf("%s must name the folder of PostgreSQL's programs: build/setup.sh postgres prints it", Programs)
	}
	var err error
	if d.dir, err = os.MkdirTemp("", "authflow-postgres-"); err != nil {
		return nil, err
	}
	if err := d.prepare(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(d.dir))
	}
	return d, nil
}

func (d *Database) prepare() error {
	if err := d.giveUpRoot(); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	d.port = listener.Addr().(*net.TCPAddr).Port
	if err := listener.Close(); err != nil {
		return err
	}
	secret := filepath.Join(d.dir, "password")
	if err := os.WriteFile(secret, []byte(password), 0o644); err != nil {
		return err
	}
	if err := d.run("initdb", "-D", d.data(), "-U", role, "-A", "scram-sha-256", "--pwfile", secret, "-E", "UTF8", "--locale", "C", "--no-sync"); err != nil {
		return err
	}
	if err := d.Start(); err != nil {
		return err
	}
	return d.SQL("postgres", "CREATE DATABASE authflow")
}

// giveUpRoot: PostgreSQL refuses to be run by root; Debian's package brings a
// user for it.
func (d *Database) giveUpRoot() error {
	if os.Geteuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return err
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return err
	}
	d.as = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	return os.Chown(d.dir, uid, gid)
}

func (d *Database) data() string { return filepath.Join(d.dir, "data") }

func (d *Database) command(program string, args ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(d.programs, program), args...)
	c.Env = append(os.Environ(), "PGPASSWORD="+password, "LC_ALL=C")
	c.Dir, c.SysProcAttr = d.dir, d.as
	return c
}

func (d *Database) run(program string, args ...string) error {
	if out, err := d.command(program, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", program, err, out)
	}
	return nil
}

// SQL runs a statement.
func (d *Database) SQL(database, statement string) error {
	return d.run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", strconv.Itoa(d.port), "-U", role, "-d", database, "-c", statement)
}

// Start starts the server and waits until it takes connections.
func (d *Database) Start() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	log, err := os.OpenFile(filepath.Join(d.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	d.cmd = d.command("postgres", "-D", d.data(), "-p", strconv.Itoa(d.port), "-k", d.dir, "-c", "listen_addresses=127.0.0.1")
	d.cmd.Stdout, d.cmd.Stderr = log, log
	if err := d.cmd.Start(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for d.run("pg_isready", "-q", "-h", "127.0.0.1", "-p", strconv.Itoa(d.port)) != nil {
		select {
		case <-ctx.Done():
			text, _ := os.ReadFile(filepath.Join(d.dir, "log"))
			return fmt.Errorf("PostgreSQL does not come up: %s", text)
		case <-time.After(50 * time.Millisecond):
		}
	}
	return nil
}

// Crash ends the server at once, without a word to anybody; its log must make
// good for that at the next start.
func (d *Database) Crash() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.cmd.Process.Signal(syscall.SIGQUIT); err != nil {
		return err
	}
	_ = d.cmd.Wait()
	return nil
}

// Remove ends the server and deletes its folder.
func (d *Database) Remove() error {
	return errors.Join(d.Crash(), os.RemoveAll(d.dir))
}

// Address answers the URL of one schema of the database, with which it counts as
// a store of its own.
func (d *Database) Address(schema string, withPassword bool) string {
	u := url.URL{Scheme: "postgres", User: url.User(role), Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(d.port)), Path: "/authflow"}
	if withPassword {
		u.User = url.UserPassword(role, password)
	}
	u.RawQuery = url.Values{"search_path": {schema}}.Encode()
	return u.String()
}
