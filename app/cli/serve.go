package cli

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/engine/world"
)

type serveFlags struct {
	addr, issuer, store, users string
	scope, admin, expect       string
	tlsCert, tlsKey, secrets   string
	proxies                    []string
	trust, geo                 []string
	allowUnsigned, watch, json bool
	smtp                       smtpFlags
	drain                      time.Duration
}

func (e *env) serveCommand() *cobra.Command {
	var f serveFlags
	c := &cobra.Command{Use: "serve BUNDLE", Short: "load a bundle and serve it", Args: cobra.ExactArgs(1),
		Long: "Loads a bundle, checks all of it again, and serves it. BUNDLE is a file, a folder\n(its newest *.afb) or an https address.\n\n" +
			"Secrets that the bundle names come from the environment: AUTHFLOW_SECRET_<NAME>,\nor a file named by AUTHFLOW_SECRET_<NAME>_FILE.\n\n" +
			"Mail leaves through the server that --smtp-host or AUTHFLOW_SMTP_HOST names; each\n--smtp flag has such a variable.",
		RunE: func(c *cobra.Command, args []string) error { return e.serve(c.Context(), args[0], f) }}
	c.Flags().StringVar(&f.addr, "addr", "127.0.0.1:9500", "address to listen on")
	c.Flags().StringVar(&f.issuer, "issuer", "", "address under which clients know the server; http://ADDR when empty")
	c.Flags().StringVar(&f.store, "store", "", storeUsage)
	c.Flags().StringVar(&f.users, "users", "", "YAML file with people to create when they are not there yet, as in world.yaml")
	c.Flags().StringArrayVar(&f.trust, "trust", nil, "public key whose bundles are accepted; may be given several times")
	geoFlag(c, &f.geo)
	f.smtp.add(c)
	c.Flags().BoolVar(&f.allowUnsigned, "allow-unsigned", false, "accept bundles without a trusted signature; shown in the status")
	c.Flags().StringVar(&f.scope, "scope", "", "environment of this server: bundles for another one are refused")
	c.Flags().StringVar(&f.expect, "expect", "", "digest that the bundle must have")
	c.Flags().StringVar(&f.admin, "admin", "", "address for the administrator: status, activate, rollback; the token is AUTHFLOW_ADMIN_TOKEN, or printed")
	c.Flags().StringVar(&f.tlsCert, "tls-cert", "", "file with the certificate, for TLS; read again when it is renewed")
	c.Flags().StringVar(&f.tlsKey, "tls-key", "", "file with its private key")
	c.Flags().StringArrayVar(&f.proxies, "trusted-proxy", nil, "address or network of a proxy whose X-Forwarded-For is believed; may be given several times")
	c.Flags().StringVar(&f.secrets, "secrets", "", "folder with a file for each secret, by its name; before the environment")
	c.Flags().DurationVar(&f.drain, "drain", 0, "how long runs go on that began on a bundle before the active one, such as 5m; 0: for as long as they may")
	c.Flags().BoolVar(&f.watch, "watch", false, "activate what is new: another file, a newer one in the folder, another ETag at the address")
	c.Flags().BoolVar(&f.json, "json", false, "print one line of JSON when ready")
	return c
}

func (e *env) serve(ctx context.Context, bundleFrom string, f serveFlags) error {
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
		if f.tlsCert != "" {
			f.issuer = "https://" + listener.Addr().String()
		}
	}
	if listener, err = overTLS(listener, f.tlsCert, f.tlsKey); err != nil {
		return err
	}
	trusted, err := proxies(f.proxies)
	if err != nil {
		return err
	}
	clock := world.SystemClock{}
	st, err := openServing(ctx, f.store)
	if err != nil {
		return err
	}
	defer st.Close()
	pool := script.NewPool(script.Options{})
	defer pool.Close()
	log := slog.New(slog.NewJSONHandler(e.err, &slog.HandlerOptions{ReplaceAttr: redacted}))
	tracer, closeTracer, err := openTracer(ctx)
	if err != nil {
		return err
	}
	defer func() {
		wait, cancel := context.WithTimeout(context.Background(), drain)
		defer cancel()
		_ = closeTracer(wait)
	}()
	geo, err := openGeo(f.geo)
	if err != nil {
		return err
	}
	defer geo.Close()
	s, err := server.New(server.Options{Geo: geo, Issuer: f.issuer, Store: st, Scripts: pool, Log: log, Policy: policy, Secret: secretsFrom(f.secrets), ClientIP: server.BehindProxies(trusted), Tracer: tracer, Clock: clock, Mail: mail, Drain: f.drain})
	if err != nil {
		return err
	}
	if err := addUsers(ctx, s, f.users); err != nil {
		return err
	}
	from, err := sourceOf(bundleFrom)
	if err != nil {
		return err
	}
	data, _, err := from.read(ctx)
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
		go watchBundle(ctx, s, from, log)
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
