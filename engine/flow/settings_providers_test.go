package flow_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/flow"
)

func providers(body string) string {
	return `{"format": 1, "name": "P", "version": "1", "egress_hosts": ["id.example.com", "keys.example.com"], "secrets": [{"name": "ID_SECRET"}],
"providers": {` + body + `}}`
}

const wholeProvider = `"example": {"title": "Example", "issuer": "https://id.example.com", "client_id": "abc", "client_secret": "ID_SECRET", "scopes": ["email"], "trust_email": true, "simulated": false}`

func TestProvidersAreRead(t *testing.T) {
	s, err := flow.DecodeSettings("authflow.json", []byte(providers(wholeProvider)))
	if err != nil {
		t.Fatal(err)
	}
	p := s.Providers["example"]
	if !p.Discovered() || strings.Join(p.AskedScopes(), " ") != "openid email" || p.Name("example") != "Example" || p.Simulated == nil || *p.Simulated {
		t.Errorf("%+v", p)
	}
	if got := (flow.SocialProvider{}).AskedScopes(); strings.Join(got, " ") != "openid profile email" {
		t.Error(got)
	}
}

// What is wrong with a provider is said with its place and what to do.
func TestWrongProvidersAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ from, to, pointer string }{
		"name":                {`"example"`, `"Ex ample"`, "/providers/Ex ample"},
		"no client id":        {`"abc"`, `""`, "/providers/example/client_id"},
		"host not allowed":    {"https://id.example.com", "https://elsewhere.example", "/providers/example/issuer"},
		"no https":            {"https://id.example.com", "http://id.example.com", "/providers/example/issuer"},
		"query":               {"https://id.example.com", "https://id.example.com/?a=b", "/providers/example/issuer"},
		"undeclared secret":   {`"ID_SECRET", "scopes"`, `"OTHER", "scopes"`, "/providers/example/client_secret"},
		"pkce":                {`"trust_email"`, `"pkce": "plain", "trust_email"`, "/providers/example/pkce"},
		"client auth":         {`"trust_email"`, `"client_auth": "none", "trust_email"`, "/providers/example/client_auth"},
		"half the endpoints":  {`"trust_email"`, `"authorization_endpoint": "https://id.example.com/a", "jwks_uri": "https://keys.example.com", "trust_email"`, "/providers/example"},
		"endpoint elsewhere":  {`"trust_email"`, `"authorization_endpoint": "https://id.example.com/a", "token_endpoint": "https://x.example/t", "jwks_uri": "https://keys.example.com", "trust_email"`, "/providers/example/token_endpoint"},
		"people sent by http": {`"trust_email"`, `"authorization_endpoint": "http://id.example.com/a", "token_endpoint": "https://id.example.com/t", "jwks_uri": "https://keys.example.com", "trust_email"`, "/providers/example/authorization_endpoint"},
	} {
		text := strings.Replace(wholeProvider, c.from, c.to, 1)
		if text == wholeProvider {
			t.Fatalf("%s changes nothing", name)
		}
		_, err := flow.DecodeSettings("authflow.json", []byte(providers(text)))
		var fe *flow.FileError
		if !errors.As(err, &fe) || fe.Pointer != c.pointer || fe.Hint == "" || fe.Line != 2 {
			t.Errorf("%s: %+v", name, err)
		}
	}
}
