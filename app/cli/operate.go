package cli

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/spf13/cobra"

	"github.com/authflow-studio/authflow/engine/server"
)

// This file operates a server that runs: its status, another bundle, and back.

// adminVariable holds the token of a server's administrator.
const adminVariable = "AUTHFLOW_ADMIN_TOKEN"

func (e *env) statusCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{Use: "status URL", Short: "what a server runs, and what it refused", Args: cobra.ExactArgs(1),
		Long: "Asks a server for its status. URL is the status address that serve prints, or the\naddress of --admin with " + adminVariable + " set.",
		RunE: func(c *cobra.Command, args []string) error {
			at := args[0]
			if !strings.HasSuffix(at, "/status") {
				at = strings.TrimSuffix(at, "/") + "/status"
			}
			return e.operate(c.Context(), http.MethodGet, at, nil, asJSON)
		}}
	c.Flags().BoolVar(&asJSON, "json", false, "print one line of JSON")
	return c
}

func (e *env) activateCommand() *cobra.Command {
	var expect string
	var dryRun, asJSON bool
	c := &cobra.Command{Use: "activate ADMIN-URL BUNDLE", Short: "make a bundle active on a running server, or not at all", Args: cobra.ExactArgs(2),
		Long: "Sends a bundle to the address that serve --admin prints. The server checks all of\nit again; what it refuses changes nothing. " + adminVariable + " holds the token.",
		RunE: func(c *cobra.Command, args []string) error {
			data, err := os.ReadFile(args[1])
			if err != nil {
				return err
			}
			q := url.Values{}
			if expect != "" {
				q.Set("expect", expect)
			}
			if dryRun {
				q.Set("dry_run", "1")
			}
			return e.operate(c.Context(), http.MethodPost, strings.TrimSuffix(args[0], "/")+"/activate?"+q.Encode(), data, asJSON)
		}}
	c.Flags().StringVar(&expect, "expect", "", "digest that the bundle must have")
	c.Flags().BoolVar(&dryRun, "dry-run", false, "let the server judge it and change nothing")
	c.Flags().BoolVar(&asJSON, "json", false, "print one line of JSON")
	return c
}

func (e *env) rollbackCommand() *cobra.Command {
	var to string
	var asJSON bool
	c := &cobra.Command{Use: "rollback ADMIN-URL", Short: "make the bundle before active again", Args: cobra.ExactArgs(1),
		Long: "Makes a bundle active that was active before, from what the server keeps. It is\naudited as a rollback. " + adminVariable + " holds the token.",
		RunE: func(c *cobra.Command, args []string) error {
			q := url.Values{}
			if to != "" {
				q.Set("digest", to)
			}
			return e.operate(c.Context(), http.MethodPost, strings.TrimSuffix(args[0], "/")+"/rollback?"+q.Encode(), nil, asJSON)
		}}
	c.Flags().StringVar(&to, "to", "", "digest of the bundle; the one before when empty")
	c.Flags().BoolVar(&asJSON, "json", false, "print one line of JSON")
	return c
}

// operate asks a server, and shows its status or why it refused.
func (e *env) operate(ctx context.Context, method, at string, body []byte, asJSON bool) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, at, bytes.NewReader(body))
	if err != nil {
		return err
	}
	if token := os.Getenv(adminVariable); token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("the server cannot be asked: %w", err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, 4<<20))
	if err != nil {
		return err
	}
	switch res.StatusCode {
	case http.StatusOK:
	case http.StatusUnprocessableEntity:
		var refused server.Refusal
		if err := json.Unmarshal(text, &refused); err != nil {
			return err
		}
		fmt.Fprintf(e.err, "authflow: the server refused the bundle: %s [%s]\n", refused.Message, refused.Code)
		return errFailed
	case http.StatusUnauthorized:
		return fmt.Errorf("the server does not know the token: set %s to the one that serve prints", adminVariable)
	case http.StatusConflict:
		fmt.Fprintln(e.err, "authflow:", strings.TrimSpace(string(text)))
		return errFailed
	default:
		return fmt.Errorf("%s answered %s", at, res.Status)
	}
	if asJSON {
		_, err := e.out.Write(append(bytes.TrimSpace(text), '\n'))
		return err
	}
	var st server.Status
	if err := json.Unmarshal(text, &st); err != nil {
		return fmt.Errorf("%s is no server of ours: %w", at, err)
	}
	return e.printStatus(st)
}

func (e *env) printStatus(st server.Status) error {
	show := func(what string, b *server.ActiveBundle) {
		if b == nil {
			fmt.Fprintf(e.out, "%-9s none\n", what)
			return
		}
		signed := "unsigned"
		if b.SignedBy != "" {
			signed = "signed by " + b.SignedBy
		}
		revision := ""
		if b.Revision > 0 {
			revision = fmt.Sprintf(", revision %d", b.Revision)
		}
		fmt.Fprintf(e.out, "%-9s %s %s%s, %s, since %s, %d runs wait on it\n          %s\n", what, b.Name, b.Version, revision, signed, b.ActivatedAt.Format(time.RFC3339), st.Runs[b.Digest], b.Digest)
	}
	fmt.Fprintf(e.out, "Issuer    %s\n", st.Issuer)
	show("Active", st.Active)
	show("Previous", st.Previous)
	if st.Refused != nil {
		fmt.Fprintf(e.out, "Refused   at %s: %s [%s]\n", st.Refused.At.Format(time.RFC3339), st.Refused.Message, st.Refused.Code)
	}
	if st.UnsignedAllowed {
		fmt.Fprintln(e.out, "This server accepts bundles that nobody signed.")
	}
	return nil
}

// admin is the operator's address of a server.
type admin struct {
	listener net.Listener
	token    string
}

// listenAdmin opens the operator's address; an empty one is none.
func listenAdmin(addr string) (*admin, error) {
	if addr == "" {
		return nil, nil
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s for the administrator: %w", addr, err)
	}
	a := &admin{l, os.Getenv(adminVariable)}
	if a.token == "" {
		b := make([]byte, 24)
		if _, err := rand.Read(b); err != nil {
			return nil, err
		}
		a.token = hex.EncodeToString(b)
	}
	return a, nil
}

func (a *admin) url() string { return "http://" + a.listener.Addr().String() }

// serve answers the operator until ctx ends.
func (a *admin) serve(ctx context.Context, h http.Handler) {
	s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-ctx.Done()
		_ = s.Close()
	}()
	_ = s.Serve(a.listener)
}
