package windowtest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Programs are what is tried, by the names of the environment variables that
// hold their paths.
type Programs struct {
	Headless, Desktop, Chromium, Artifacts string
}

// FindPrograms reads the environment; a missing name is an error, not a reason
// to try less.
func FindPrograms() (Programs, error) {
	p := Programs{os.Getenv("AUTHFLOW_BIN"), os.Getenv("AUTHFLOW_DESKTOP"), os.Getenv("CHROMIUM"), os.Getenv("AUTHFLOW_ARTIFACTS")}
	if p.Headless == "" || p.Desktop == "" || p.Chromium == "" || p.Artifacts == "" {
		return p, errors.New("set AUTHFLOW_BIN, AUTHFLOW_DESKTOP, CHROMIUM and AUTHFLOW_ARTIFACTS, or run: make test ONLY=window")
	}
	return p, os.MkdirAll(p.Artifacts, 0o755)
}

// Process is a started program.
type Process struct {
	cmd  *exec.Cmd
	done chan struct{}
	out  io.Reader
}

// start runs a program as a child in a group of its own, since web views start
// children too.
func start(env []string, errOut io.Writer, name string, args ...string) (*Process, error) {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = errOut
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &Process{cmd: cmd, done: make(chan struct{}), out: out}, nil
}

// Close ends the program and its children.
func (p *Process) Close() error {
	group := -p.cmd.Process.Pid
	if err := syscall.Kill(group, syscall.SIGTERM); err != nil {
		return err
	}
	go func() {
		_ = p.cmd.Wait() // it was ended by a signal
		close(p.done)
	}()
	select {
	case <-p.done:
	case <-time.After(10 * time.Second):
	}
	// What is left of the group; nothing, mostly.
	_ = syscall.Kill(group, syscall.SIGKILL)
	return nil
}

// NewProject makes a starter project below a folder.
func (p Programs) NewProject(dir string) (string, error) {
	project := filepath.Join(dir, "starter")
	if text, err := exec.Command(p.Headless, "new", project).CombinedOutput(); err != nil {
		return "", fmt.Errorf("authflow new: %w: %s", err, text)
	}
	return project, nil
}

// knowing makes the folder of a person who has been here before: no hints of
// the first minute stand over what is tried.
func knowing(dir string) (string, error) {
	config := filepath.Join(dir, "config")
	if err := os.MkdirAll(config, 0o700); err != nil {
		return "", err
	}
	file := filepath.Join(config, "studio.json")
	if _, err := os.Stat(file); err == nil {
		return config, nil // the same person comes again
	}
	return config, os.WriteFile(file, []byte(`{"settings": {"hints": {"off": true, "seen": []}}}`), 0o600)
}

// OpenWindow starts the studio in its window and connects to its page.
func (p Programs) OpenWindow(s *Screen, dir, project string) (*Process, *Inspector, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, nil, err
	}
	config, err := knowing(dir)
	if err != nil {
		return nil, nil, err
	}
	window, err := start([]string{
		"DISPLAY=" + s.Display, "WAYLAND_DISPLAY=", "GDK_BACKEND=x11", "GSETTINGS_BACKEND=memory",
		"WEBKIT_INSPECTOR_HTTP_SERVER=" + address, "AUTHFLOW_CONFIG_DIR=" + config,
	}, os.Stderr, p.Desktop, "--harness-addr", "127.0.0.1:0", project)
	if err != nil {
		return nil, nil, err
	}
	page, err := InspectWebKit(address)
	if err != nil {
		return nil, nil, errors.Join(err, window.Close())
	}
	return window, page, nil
}

// OpenBrowserMode serves the studio and answers its address.
func (p Programs) OpenBrowserMode(dir, project string) (*Process, string, error) {
	config, err := knowing(dir)
	if err != nil {
		return nil, "", err
	}
	server, err := start([]string{"AUTHFLOW_CONFIG_DIR=" + config},
		os.Stderr, p.Headless, "--browser", "--no-open", "--json", "--harness-addr", "127.0.0.1:0", project)
	if err != nil {
		return nil, "", err
	}
	var ready struct{ URL string }
	line, err := bufio.NewReader(server.out).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &ready)
	}
	if err != nil {
		return nil, "", errors.Join(fmt.Errorf("authflow --browser said %q: %w", line, err), server.Close())
	}
	return server, ready.URL, nil
}

// OpenChromium shows an address in a Chromium without a window.
func (p Programs) OpenChromium(dir, url string) (*Process, *Inspector, error) {
	profile := filepath.Join(dir, "chromium")
	args := []string{"--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
		"--disable-sync", "--disable-quic", "--window-size=1440,900", "--remote-debugging-port=0", "--remote-allow-origins=http://127.0.0.1", "--user-data-dir=" + profile}
	if os.Getuid() == 0 {
		args = append(args, "--no-sandbox") // Chromium refuses root otherwise
	}
	// What Chromium complains of is that this machine is no desktop.
	browser, err := start(nil, nil, p.Chromium, append(args, url)...)
	if err != nil {
		return nil, nil, err
	}
	var port string
	err = Until(func() (bool, error) {
		text, err := os.ReadFile(filepath.Join(profile, "DevToolsActivePort"))
		port, _, _ = strings.Cut(string(text), "\n")
		return port != "", err
	})
	if err != nil {
		return nil, nil, errors.Join(err, browser.Close())
	}
	page, err := InspectChromium("127.0.0.1:" + port)
	if err != nil {
		return nil, nil, errors.Join(err, browser.Close())
	}
	return browser, page, nil
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
