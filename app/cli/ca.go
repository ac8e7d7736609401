package cli

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/url"
	"os"

	"github.com/spf13/cobra"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/engine/server/localca"
	"github.com/authflow-studio/authflow/engine/world"
)

func (e *env) caCommand() *cobra.Command {
	var hosts []string
	var asPEM bool
	c := &cobra.Command{Use: "ca", Short: "the local CA of `authflow run --https`: the file to trust", Args: cobra.NoArgs,
		Long: "Prints the file that holds the certificate of the local CA, which is made when there is none yet.\n\n" +
			"The CA vouches for 127.0.0.1, localhost, [::1] and the names given by --host, and for nothing else;\n" +
			"another set of names has another CA. Trust it in tests only:\n\n" +
			"  NODE_EXTRA_CA_CERTS=$(authflow ca) node --test\n  SSL_CERT_FILE=$(authflow ca) go test ./...\n  curl --cacert $(authflow ca) https://localhost:9400/healthz",
		RunE: func(*cobra.Command, []string) error {
			for _, name := range hosts {
				if !flow.HostName(name) {
					return fmt.Errorf("--host %q is no host name: write a name such as authflow.test", name)
				}
			}
			a, err := openCA(append(server.LoopbackNames(), hosts...))
			if err != nil {
				return err
			}
			if !asPEM {
				_, err = fmt.Fprintln(e.out, a.File)
				return err
			}
			text, err := os.ReadFile(a.File)
			if err != nil {
				return err
			}
			_, err = e.out.Write(text)
			return err
		}}
	c.Flags().StringArrayVar(&hosts, "host", nil, "further name, as in `authflow run --host`; may be given several times")
	c.Flags().BoolVar(&asPEM, "pem", false, "print the certificate itself")
	return c
}

func openCA(hosts []string) (*localca.Authority, error) {
	return localca.Open(configDir(), hosts, world.SystemClock{}, world.SystemRandom{})
}

// withTLS lets listeners speak TLS for all names of a harness, and answers the
// file of the CA to trust.
func withTLS(listeners []net.Listener, h *server.Harness) ([]net.Listener, string, error) {
	var hosts []string
	for _, issuer := range h.Issuers() {
		u, err := url.Parse(issuer)
		if err != nil {
			return nil, "", err
		}
		hosts = append(hosts, u.Host)
	}
	a, err := openCA(hosts)
	if err != nil {
		return nil, "", err
	}
	for i, l := range listeners {
		listeners[i] = tls.NewListener(l, a.Config())
	}
	return listeners, a.File, nil
}
