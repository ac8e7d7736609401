package cli

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/projects"
)

func (e *env) runCommand() *cobra.Command {
	var addr string
	var asJSON bool
	c := &cobra.Command{Use: "run PROJECT", Short: "the local harness without a window: provider, flows, demo client", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return e.runHarness(c.Context(), args[0], addr, c.Flags().Changed("addr"), asJSON)
		}}
	c.Flags().StringVar(&addr, "addr", harnessAddr, "address to listen on; loopback only")
	c.Flags().BoolVar(&asJSON, "json", false, "print one line of JSON with the addresses when ready")
	return c
}

// running is what `run --json` prints; other people's scripts rely on its names.
type running struct {
	Issuer       string        `json:"issuer"`
	ClientID     string        `json:"client_id"`
	DemoURL      string        `json:"demo_url"`
	Users        []runningUser `json:"users"`
	ControlURL   string        `json:"control_url"`
	ControlToken string        `json:"control_token"`
}

type runningUser struct {
	Identifier string `json:"identifier"`
	Password   string `json:"password"`
}

func (e *env) runHarness(ctx context.Context, dir, addr string, asked, asJSON bool) error {
	disk, err := projects.Open(dir)
	if err != nil {
		return err
	}
	defer disk.Close()
	listener, err := listenLoopback(addr)
	if err != nil && !asked {
		listener, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return err
	}
	pool := script.NewPool(script.Options{})
	defer pool.Close()
	h, err := server.NewHarness(server.HarnessOptions{Issuer: "http://" + listener.Addr().String(), Scripts: pool, Log: e.log})
	if err != nil {
		return err
	}
	defer h.Close()
	if err := e.load(ctx, h, disk); err != nil {
		return err
	}
	reload := func([]string) {
		if err := e.load(ctx, h, disk); err != nil {
			e.log.Error("the changed project is not used; the harness goes on with what it had", "error", err)
		}
	}
	if err := disk.Watch(ctx, reload); err != nil {
		e.log.Warn("changes of the project will not be noticed", "error", err)
	}
	if err := e.announce(h, asJSON); err != nil {
		return err
	}
	return serveUntilDone(ctx, &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}, listener)
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

func (e *env) announce(h *server.Harness, asJSON bool) error {
	r := running{Issuer: h.Issuer, ClientID: h.PublicClient(), DemoURL: h.DemoURL(), ControlURL: h.ControlURL(), ControlToken: h.ControlToken, Users: []runningUser{}}
	for _, p := range h.People() {
		r.Users = append(r.Users, runningUser{p.Identifier(), p.Password})
	}
	if asJSON {
		return e.printJSON(r)
	}
	fmt.Fprintf(e.out, "Issuer        %s\nClient id     %s\nDemo client   %s\nControl API   %s (token %s)\n", r.Issuer, r.ClientID, r.DemoURL, r.ControlURL, r.ControlToken)
	for _, u := range r.Users {
		fmt.Fprintf(e.out, "Sign in as    %s / %s\n", u.Identifier, u.Password)
	}
	_, err := fmt.Fprintln(e.out, "Press Ctrl+C to end it.")
	return err
}
