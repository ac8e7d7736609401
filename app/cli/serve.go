package cli

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/engine/store/bolt"
	"github.com/authflow-studio/authflow/engine/world"
)

type serveFlags struct {
	addr, issuer, store, users string
	scope, admin, expect       string
	trust, geo                 []string
	allowUnsigned, watch, json bool
	smtp                       smtpFlags
}

func (e *env) serveCommand() *cobra.Command {
	var f serveFlags
	c := &cobra.Command{Use: "serve BUNDLE", Short: "load a bundle and serve it", Args: cobra.ExactArgs(1),
		Long: "Loads a bundle, checks all of it again, and serves it.\n\n" +
			"Secrets that the bundle names come from the environment: AUTHFLOW_SECRET_<NAME>,\nor a file named by AUTHFLOW_SECRET_<NAME>_FILE.\n\n" +
			"Mail leaves through the server that --smtp-host or AUTHFLOW_SMTP_HOST names; each\n--smtp flag has such a variable.",
		RunE: func(c *cobra.Command, args []string) error { return e.serve(c.Context(), args[0], f) }}
	c.Flags().StringVar(&f.addr, "addr", "127.0.0.1:9500", "address to listen on")
	c.Flags().StringVar(&f.issuer, "issuer", "", "address under which clients know the server; http://ADDR when empty")
	c.Flags().StringVar(&f.store, "store", "authflow.db", "file that holds users, sessions, runs and keys")
	c.Flags().StringVar(&f.users, "users", "", "YAML file with people to create when they are not there yet, as in world.yaml")
	c.Flags().StringArrayVar(&f.trust, "trust", nil, "public key whose bundles are accepted; may be given several times")
	geoFlag(c, &f.geo)
	f.smtp.add(c)
	c.Flags().BoolVar(&f.allowUnsigned, "allow-unsigned", false, "accept bundles without a trusted signature; shown in the status")
	c.Flags().StringVar(&f.scope, "scope", "", "environment of this server: bundles for another one are refused")
	c.Flags().StringVar(&f.expect, "expect", "", "digest that the bundle must have")
	c.Flags().StringVar(&f.admin, "admin", "", "address for the administrator: status, activate, rollback; the token is AUTHFLOW_ADMIN_TOKEN, or printed")
	c.Flags().BoolVar(&f.watch, "watch", false, "activate the file again whenever it changes")
	c.Flags().BoolVar(&f.json, "json", false, "print one line of JSON when ready")
	return c
}

func (e *env) serve(ctx context.Context, bundleFile string, f serveFlags) error {
	policy, err := policyOf(f.trust, f.allowUnsigned)
	if err != nil {
		return err
	}
	policy.Scope = f.scope
	mail, err := f.smtp.server(os.LookupEnv)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", f.addr)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w", f.addr, err)
	}
	defer listener.Close()
	if f.issuer == "" {
		f.issuer = "http://" + listener.Addr().String()
	}
	clock := world.SystemClock{}
	st, err := bolt.Open(f.store, clock)
	if err != nil {
		return err
	}
	defer st.Close()
	pool := script.NewPool(script.Options{})
	defer pool.Close()
	log := slog.New(slog.NewJSONHandler(e.err, nil))
	geo, err := openGeo(f.geo)
	if err != nil {
		return err
	}
	defer geo.Close()
	s, err := server.New(server.Options{Geo: geo, Issuer: f.issuer, Store: st, Scripts: pool, Log: log, Policy: policy, Secret: environmentSecret, Clock: clock, Mail: mail})
	if err != nil {
		return err
	}
	if err := addUsers(ctx, s, f.users); err != nil {
		return err
	}
	data, err := os.ReadFile(bundleFile)
	if err != nil {
		return err
	}
	if err := s.Activate(ctx, data, server.Activation{Expect: f.expect}); err != nil {
		fmt.Fprintln(e.err, "authflow:", err)
		return errFailed
	}
	operator, err := listenAdmin(f.admin)
	if err != nil {
		return err
	}
	if operator != nil {
		go operator.serve(ctx, s.Admin(operator.token))
	}
	go s.Work(ctx)
	if f.watch {
		go watchBundle(ctx, s, bundleFile)
	}
	if err := e.serving(s, operator, f.json); err != nil {
		return err
	}
	return serveUntilDone(ctx, &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}, listener)
}

func (e *env) serving(s *server.Server, operator *admin, asJSON bool) error {
	if asJSON {
		line := map[string]string{"issuer": s.Issuer, "status_url": s.StatusURL()}
		if operator != nil {
			line["admin_url"], line["admin_token"] = operator.url(), operator.token
		}
		return e.printJSON(line)
	}
	if operator != nil {
		fmt.Fprintf(e.out, "Admin   %s\n", operator.url())
		if os.Getenv(adminVariable) == "" {
			fmt.Fprintf(e.out, "Token   %s\n", operator.token)
		}
	}
	_, err := fmt.Fprintf(e.out, "Issuer  %s\nStatus  %s\nPress Ctrl+C to end it.\n", s.Issuer, s.StatusURL())
	return err
}

// environmentSecret answers a secret from the environment or from a file that
// the environment names.
func environmentSecret(_ context.Context, name string) (string, error) {
	variable := secretVariable(name)
	if v, ok := os.LookupEnv(variable); ok {
		return v, nil
	}
	if file, ok := os.LookupEnv(variable + "_FILE"); ok {
		text, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("the secret %s: %w", name, err)
		}
		return strings.TrimRight(string(text), "\r\n"), nil
	}
	return "", fmt.Errorf("the secret %s is missing: set %s, or %s_FILE to a file that holds it", name, variable, variable)
}

// secretVariable is the variable that holds a secret.
func secretVariable(name string) string {
	return "AUTHFLOW_SECRET_" + strings.ToUpper(strings.NewReplacer("-", "_", ".", "_").Replace(name))
}

func addUsers(ctx context.Context, s *server.Server, name string) error {
	if name == "" {
		return nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	var people world.File
	if err := flow.DecodeYAML(name, text, &people); err != nil {
		return err
	}
	return s.AddPeople(ctx, people)
}

// watchEvery is how often the bundle's file is looked at.
const watchEvery = time.Second

// watchBundle activates the file whenever it is another one. A refused one
// changes nothing; the status says why.
func watchBundle(ctx context.Context, s *server.Server, name string) {
	last, _ := os.Stat(name)
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			now, err := os.Stat(name)
			if err != nil || last != nil && now.ModTime().Equal(last.ModTime()) && now.Size() == last.Size() {
				continue
			}
			last = now
			_ = s.ActivateFile(ctx, name) // logged, audited and in the status
		}
	}
}
