package cli

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/spf13/cobra"

	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/projects"
)

type runFlags struct {
	addr            string
	hosts, geo      []string
	https, personas bool
	json            bool
}

func (e *env) runCommand() *cobra.Command {
	var f runFlags
	c := &cobra.Command{Use: "run PROJECT", Short: "the local harness without a window: provider, flows, demo client", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return e.runHarness(c.Context(), args[0], f, c.Flags().Changed("addr"))
		}}
	c.Flags().StringVar(&f.addr, "addr", harnessAddr, "address to listen on; loopback only")
	c.Flags().StringArrayVar(&f.hosts, "host", nil, "further name under which the harness is an issuer, such as authflow.test; may be given several times")
	geoFlag(c, &f.geo)
	c.Flags().BoolVar(&f.https, "https", false, "speak TLS with a certificate of a local CA; see `authflow ca`")
	c.Flags().BoolVar(&f.personas, "personas", false, "let testers pick a person in place of signing in")
	c.Flags().BoolVar(&f.json, "json", false, "print one line of JSON with the addresses when ready")
	return c
}

// running is what `run --json` prints; other people's scripts rely on its names.
type running struct {
	Issuer string `json:"issuer"`
	// Issuers are all addresses under which the harness is one.
	Issuers      []string      `json:"issuers"`
	ClientID     string        `json:"client_id"`
	DemoURL      string        `json:"demo_url"`
	Users        []runningUser `json:"users"`
	ControlURL   string        `json:"control_url"`
	ControlToken string        `json:"control_token"`
	CAFile       string        `json:"ca_file,omitempty"`
}

type runningUser struct {
	Identifier string `json:"identifier"`
	Password   string `json:"password"`
}

func (e *env) runHarness(ctx context.Context, dir string, f runFlags, asked bool) error {
	disk, err := projects.Open(dir)
	if err != nil {
		return err
	}
	defer disk.Close()
	listener, err := listenForHarness(f.addr, asked)
	if err != nil {
		return err
	}
	pool := script.NewPool(script.Options{})
	defer pool.Close()
	scheme := "http://"
	if f.https {
		scheme = "https://"
	}
	geo, err := openGeo(f.geo)
	if err != nil {
		return err
	}
	defer geo.Close()
	h, err := server.NewHarness(server.HarnessOptions{Geo: geo, Issuer: scheme + listener.Addr().String(), Hosts: f.hosts, Scripts: pool, Log: e.log})
	if err != nil {
		return err
	}
	defer h.Close()
	if err := e.load(ctx, h, disk); err != nil {
		return err
	}
	e.follow(ctx, h, disk)
	if err := h.Provider().SetPicker(f.personas); err != nil {
		return err
	}
	listeners, caFile := bothLoopbacks(listener), ""
	if f.https {
		if listeners, caFile, err = withTLS(listeners, h); err != nil {
			return err
		}
	}
	if err := e.announce(h, caFile, f.json); err != nil {
		return err
	}
	return serveUntilDone(ctx, &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}, listeners...)
}

// follow takes over every change of the project.
func (e *env) follow(ctx context.Context, h *server.Harness, disk *projects.Project) {
	reload := func([]string) {
		if err := e.load(ctx, h, disk); err != nil {
			e.log.Error("the changed project is not used; the harness goes on with what it had", "error", err)
		}
	}
	if err := disk.Watch(ctx, reload); err != nil {
		e.log.Warn("changes of the project will not be noticed", "error", err)
	}
}

// bothLoopbacks listens at [::1], too, where that is possible: many clients try
// it first for localhost.
func bothLoopbacks(l net.Listener) []net.Listener {
	at, err := netip.ParseAddrPort(l.Addr().String())
	if err != nil || at.Addr() != netip.MustParseAddr("127.0.0.1") {
		return []net.Listener{l}
	}
	second, err := net.Listen("tcp", netip.AddrPortFrom(netip.IPv6Loopback(), at.Port()).String())
	if err != nil {
		return []net.Listener{l}
	}
	return []net.Listener{l, second}
}

// load takes the project over; what cannot be read is an error here, because
// there is no window to show it in.
func (e *env) load(ctx context.Context, h *server.Harness, disk *projects.Project) error {
	p, unreadable := disk.Load()
	if len(unreadable) > 0 {
		return unreadable[0]
	}
	world, err := server.ReadWorld(disk.FS())
	if err != nil {
		return err
	}
	return h.Load(ctx, p, world)
}

func (e *env) announce(h *server.Harness, caFile string, asJSON bool) error {
	r := running{Issuer: h.Issuer, Issuers: h.Issuers(), CAFile: caFile, ClientID: h.PublicClient(), DemoURL: h.DemoURL(), ControlURL: h.ControlURL(), ControlToken: h.ControlToken, Users: []runningUser{}}
	for _, p := range h.People() {
		r.Users = append(r.Users, runningUser{p.Identifier(), p.Password})
	}
	if asJSON {
		return e.printJSON(r)
	}
	fmt.Fprintf(e.out, "Issuer        %s\nClient id     %s\nDemo client   %s\nControl API   %s (token %s)\n", r.Issuer, r.ClientID, r.DemoURL, r.ControlURL, r.ControlToken)
	for _, also := range r.Issuers[1:] {
		fmt.Fprintf(e.out, "Also issuer   %s\n", also)
	}
	if caFile != "" {
		fmt.Fprintf(e.out, "CA file       %s\n", caFile)
	}
	for _, u := range r.Users {
		fmt.Fprintf(e.out, "Sign in as    %s / %s\n", u.Identifier, u.Password)
	}
	_, err := fmt.Fprintln(e.out, "Press Ctrl+C to end it.")
	return err
}
