package server_test

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/authflow-studio/authflow/engine/bundle"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/scenario/agent"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/engine/store/bolt"
	"github.com/authflow-studio/authflow/engine/world"
)

// discovering answers every call with the discovery document of a provider.
type discovering struct{ asked []string }

// Do answers a call.
func (d *discovering) Do(_ context.Context, r world.Request) (world.Response, error) {
	d.asked = append(d.asked, r.URL)
	return world.Response{Status: http.StatusOK, Body: `{"issuer": "https://id.example.com", "authorization_endpoint": "https://login.example.com/authorize", "token_endpoint": "https://id.example.com/token", "jwks_uri": "https://id.example.com/jwks"}`}, nil
}

// A server that serves a bundle sends people to the real provider, whatever the
// project says of simulating, and has no other.
func TestProductionHasNoSimulatedProvider(t *testing.T) {
	files := starterFiles(t)
	login := files["flows/login.json"]
	flowText := strings.NewReplacer(`"trigger": "login"`, `"trigger": "custom", "stages": ["pre_login", "post_login"]`).Replace(socialLogin("example", "create"))
	withProviders(files, flowText)
	files["flows/social.json"], files["flows/login.json"] = files["flows/login.json"], login
	files[flow.SettingsFile] = &fstest.MapFile{Data: []byte(strings.Replace(string(files[flow.SettingsFile].Data), `"trust_email": true`, `"trust_email": true, "simulated": true`, 1))}
	built, err := bundle.Build(files, nil)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "p.zip")
	if err := os.WriteFile(file, built.Bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	clock := &world.SimulatedClock{}
	kept, err := bolt.Open(filepath.Join(t.TempDir(), "p.db"), clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kept.Close() })
	pool := script.NewPool(script.Options{Workers: 1})
	t.Cleanup(func() { pool.Close() })
	calls := &discovering{}
	s, err := server.New(server.Options{Issuer: issuer, Store: kept, Scripts: pool, Log: slog.New(slog.DiscardHandler), Policy: bundle.Policy{AllowUnsigned: true}, Clock: clock, HTTP: calls,
		Secret: func(context.Context, string) (string, error) { return "a-secret", nil }})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.ActivateFile(context.Background(), file); err != nil {
		st, _ := s.Status(context.Background())
		t.Fatal(err, st.Refused)
	}
	person := agent.New(s, issuer)
	page, err := person.Get(context.Background(), issuer+"/flows/social")
	if err != nil || !strings.HasPrefix(page.URL, "https://login.example.com/authorize?") {
		t.Fatalf("%v: at %s", err, page.URL)
	}
	if len(calls.asked) != 1 || calls.asked[0] != "https://id.example.com/.well-known/openid-configuration" {
		t.Errorf("asked %v", calls.asked)
	}
	for _, path := range []string{"/other/example/authorize", "/other/example/.well-known/openid-configuration", "/other/example/jwks", "/control/v1/social"} {
		page, err := person.Get(context.Background(), issuer+path)
		if err != nil || page.Status != http.StatusNotFound {
			t.Errorf("%s answers %v, %v", path, page.Status, err)
		}
	}
}
