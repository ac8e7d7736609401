package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"github.com/authflow-studio/authflow/app/browser"
	"github.com/authflow-studio/authflow/app/desktop"
	"github.com/authflow-studio/authflow/app/studio"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/frontend"
)

// harnessAddr is where the harness of the studio and of `authflow run` listens
// when nothing else is asked for and the port is free.
const harnessAddr = "127.0.0.1:9400"

type studioFlags struct {
	browser, noOpen, json bool
	addr, harness         string
}

func (e *env) studioCommand() *cobra.Command {
	var f studioFlags
	c := &cobra.Command{
		Use: "authflow [PROJECT]", Short: "design, run and debug sign-in flows",
		Long: "authflow [PROJECT] opens the studio: a window where there is a display, else the person's browser.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			project := ""
			if len(args) == 1 {
				project = args[0]
			}
			return e.openStudio(c.Context(), project, f)
		},
	}
	c.Flags().BoolVar(&f.browser, "browser", false, "use the browser although a window could be opened")
	c.Flags().BoolVar(&f.noOpen, "no-open", false, "print the address and open no browser")
	c.Flags().BoolVar(&f.json, "json", false, "print one line of JSON with the address when ready")
	c.Flags().StringVar(&f.addr, "addr", "127.0.0.1:0", "address of the browser mode; loopback only")
	c.Flags().StringVar(&f.harness, "harness-addr", harnessAddr, "address of the harness; a free port when it is taken")
	return c
}

func (e *env) openStudio(ctx context.Context, project string, f studioFlags) error {
	assets, err := fs.Sub(frontend.Dist, "dist")
	if err != nil {
		return err
	}
	pool := script.NewPool(script.Options{})
	defer pool.Close()
	geo, err := openGeo(nil)
	if err != nil {
		return err
	}
	defer geo.Close()
	o := studio.Options{Geo: geo, Version: Version, HarnessAddr: f.harness, Scripts: pool, Log: e.log, ConfigDir: configDir()}
	if desktop.Available && !f.browser && desktop.HasDisplay() {
		return openWindow(o, assets, project)
	}
	return e.serveStudio(ctx, o, assets, project, f)
}

func configDir() string {
	if dir := os.Getenv("AUTHFLOW_CONFIG_DIR"); dir != "" {
		return dir
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "authflow")
}

func openWindow(o studio.Options, assets fs.FS, project string) error {
	w := &desktop.Window{Title: "Authflow Studio", Assets: assets, Policy: browser.Policy}
	o.Mode, o.Emit, o.Pick, o.SaveAs = "window", w.Emit, w.Pick, w.SaveAs
	if desktop.NativeMenus() {
		o.Menus = w.Menus
	}
	s := studio.New(o)
	defer s.Close()
	w.Caller, w.Place, w.Keep = s, s.WindowPlace(), s.KeepWindowPlace
	if project != "" {
		if _, err := s.Open(project); err != nil {
			return err
		}
	}
	return w.Run()
}

// serveStudio is the browser mode.
func (e *env) serveStudio(ctx context.Context, o studio.Options, assets fs.FS, project string, f studioFlags) error {
	listener, err := listenLoopback(f.addr)
	if err != nil {
		return err
	}
	events := browser.NewEvents()
	o.Mode, o.Emit = "browser", events.Emit
	s := studio.New(o)
	defer s.Close()
	if project != "" {
		if _, err := s.Open(project); err != nil {
			return errors.Join(err, listener.Close())
		}
	}
	srv := browser.New(s, events, assets, listener.Addr().String())
	if f.json {
		err = e.printJSON(map[string]string{"url": srv.URL()})
	} else {
		_, err = fmt.Fprintf(e.out, "Authflow Studio is at %s\nPress Ctrl+C to end it.\n", srv.URL())
	}
	if err != nil {
		return err
	}
	if !f.noOpen && !f.json {
		openBrowser(srv.URL())
	}
	return serveUntilDone(ctx, &http.Server{Handler: srv, ReadHeaderTimeout: 10 * time.Second}, listener)
}

// listenLoopback refuses addresses that others could reach.
func listenLoopback(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("--addr %q is no address: write host:port, such as 127.0.0.1:9401", addr)
	}
	if ip := net.ParseIP(host); (ip == nil || !ip.IsLoopback()) && host != "localhost" {
		return nil, fmt.Errorf("--addr %q can be reached by others: this address must be a loopback one, such as 127.0.0.1:9401", addr)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", addr, err)
	}
	return l, nil
}

// listenForHarness takes any free port where nobody has asked for the address,
// and it is taken.
func listenForHarness(addr string, asked bool) (net.Listener, error) {
	l, err := listenLoopback(addr)
	if err != nil && !asked {
		return net.Listen("tcp", "127.0.0.1:0")
	}
	return l, err
}

// drain is how long requests under way may take when the program is ended.
const drain = 5 * time.Second

func serveUntilDone(ctx context.Context, srv *http.Server, listeners ...net.Listener) error {
	done := make(chan error, len(listeners))
	for _, l := range listeners {
		go func() { done <- srv.Serve(l) }()
	}
	select {
	case err := <-done:
		return errors.Join(err, srv.Close())
	case <-ctx.Done():
	}
	wait, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	if err := srv.Shutdown(wait); err != nil {
		// Streams of events never end by themselves.
		_ = srv.Close()
	}
	for range listeners {
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			return err
		}
	}
	return nil
}

// openBrowser is a courtesy: the address was printed as well.
func openBrowser(url string) {
	name, args := "xdg-open", []string{url}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", url}
	}
	if path, err := exec.LookPath(name); err == nil {
		_ = exec.Command(path, args...).Start()
	}
}
