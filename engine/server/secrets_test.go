package server_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/authflow-studio/authflow/engine/bundle"
	"github.com/authflow-studio/authflow/engine/flow"
)

// T3: secrets that were planted in every place where one can stand are found in
// no artefact of a run: state, journal, audit, outbox, bundle.
func TestT3_PlantedSecretsAreInNoArtefact(t *testing.T) {
	const password, apiKey, totpSecret = "planted-password-9f3b", "planted-api-key-41cc", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
	got := ""
	service := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.Header.Get("Authorization") + r.URL.RawQuery }))
	defer service.Close()
	host := strings.TrimPrefix(service.URL, "http://")
	var planted fstest.MapFS
	r := newRig(t, nil, func(files fstest.MapFS) {
		edit := func(name, from, to string) {
			text := string(files[name].Data)
			if !strings.Contains(text, from) {
				t.Fatalf("%s has no %q", name, from)
			}
			files[name] = &fstest.MapFile{Data: []byte(strings.Replace(text, from, to, 1))}
		}
		edit(flow.WorldFile, "analytical-engine", password)
		edit(flow.WorldFile, "people:", "secrets: {CRM_KEY: "+apiKey+"}\npeople:")
		edit(flow.SettingsFile, `"fast_hashing": true`, `"fast_hashing": true, "loopback_hosts": ["`+host+`"]`)
		edit(flow.SettingsFile, `"default_locale"`, `"secrets": [{"name": "CRM_KEY", "purpose": "the CRM"}], "default_locale"`)
		files["actions/account_kind.js"] = &fstest.MapFile{Data: []byte(`export default async function (event, step, api) {
			const key = api.secrets.get('CRM_KEY')
			await api.fetch('http://` + host + `/crm?token=' + key, { method: 'POST', headers: { Authorization: 'Bearer ' + key }, body: JSON.stringify({ key }) })
			api.log('info', 'told the CRM with ' + key)
		}`)}
		planted = files
	})
	r.begin()
	r.signIn("ada@example.com", password)
	r.at("/demo/callback", 200)
	if !strings.Contains(got, apiKey) {
		t.Fatalf("the service was not told: %q", got)
	}
	journal, err := r.Engine().JournalOf(context.Background(), r.lastRun())
	if err != nil {
		t.Fatal(err)
	}
	called := false
	for _, e := range journal {
		called = called || e.Effect == "http" && bytes.Contains(e.Request, []byte("[secret CRM_KEY]"))
	}
	if !called {
		t.Error("the journal does not show the call with its secret taken out")
	}
	for _, bucket := range []string{"runs", "journal", "audit", "outbox", "projects", "sessions", "users"} {
		entries, err := r.Store().List(context.Background(), bucket, "", "", 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			for _, secret := range []string{password, apiKey, totpSecret, r.tokens.Tokens[0].Raw, r.tokens.Tokens[1].Raw} {
				if bytes.Contains(e.Value, []byte(secret)) {
					t.Errorf("%s/%s holds %.12s…", bucket, e.ID, secret)
				}
			}
		}
	}
	built, err := bundle.Build(planted, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{password, apiKey, totpSecret} {
		if bytes.Contains(built.Bytes, []byte(secret)) {
			t.Errorf("the bundle holds %.12s…", secret)
		}
	}
	if len(built.Manifest.Secrets) != 1 || built.Manifest.Secrets[0].Name != "CRM_KEY" {
		t.Errorf("the manifest names %v", built.Manifest.Secrets)
	}
}
