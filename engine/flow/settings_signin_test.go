package flow_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/flow"
)

func TestHostNames(t *testing.T) {
	for _, good := range []string{"localhost", "authflow.test", "authflow.test:8443", "127.0.0.1", "[::1]", "::1", "[::1]:9400", "host.docker.internal", "a-1"} {
		if !flow.HostName(good) {
			t.Errorf("%q is refused", good)
		}
	}
	for _, bad := range []string{"", "http://x", "x/", "x:", ":80", "-x", "x-", "x..y", "x y", "x@y", "x?", "X\n", "*.test", "x:80:80", strings.Repeat("a", 254)} {
		if flow.HostName(bad) {
			t.Errorf("%q is taken", bad)
		}
	}
}

// FuzzHostName: what is taken for a name is the host of an address, and nothing
// else of it.
func FuzzHostName(f *testing.F) {
	for _, seed := range []string{"localhost", "authflow.test:8443", "[::1]", "x/y", "x@y", "%61"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if !flow.HostName(name) || strings.Count(name, ":") > 1 { // addresses of version 6 get their brackets later
			return
		}
		u, err := url.Parse("http://" + name)
		if err != nil || u.Host != name || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
			t.Errorf("%q is taken, and http://%s is %+v, %v", name, name, u, err)
		}
	})
}
