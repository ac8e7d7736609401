package bundle_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/authflow-studio/authflow/engine/bundle"
	"github.com/authflow-studio/authflow/engine/flow"
)

// project is a small project with everything that can stand in one.
func project() fstest.MapFS {
	files := map[string]string{
		"authflow.json": `{"format": 1, "name": "Shop", "version": "1.2.0", "egress_hosts": ["crm.example.org", "api.example.org"],
			"secrets": [{"name": "CRM_KEY", "purpose": "calls the CRM"}],
			"harness": {"fast_hashing": true, "loopback_hosts": ["127.0.0.1:9999"]}}`,
		"clients.yaml": "clients:\n  - id: shop\n    name: Shop\n    secret_name: SHOP_CLIENT\n    redirect_uris: [https://shop.example.org/cb]\n",
		"flows/login.json": `{"format": 1, "name": "Login", "trigger": "login", "enabled": true, "start": "no",
			"unlocked": [{"block": "issue_session", "reason": "only refuses"}],
			"blocks": {"no": {"type": "deny", "stage": "pre_login", "config": {"reason": "closed"}}}}`,
		"flows/sms.json": `{"format": 1, "name": "SMS", "trigger": "custom", "enabled": true, "subflow_only": true, "stages": ["main"], "start": "end",
			"blocks": {"end": {"type": "finish", "stage": "main"}}}`,
		"flows/login.layout.json":     `{"format": 1, "blocks": {"no": {"x": 1, "y": 2}}}`,
		"actions/check.js":            "export default async function (event, step, api) { api.secrets.get('CRM_KEY') }\n",
		"pages/sign_in.html":          "<h1>{{label \"title\"}}</h1>\n",
		"labels/en.json":              `{"title": "Sign in"}`,
		"lists/disposable.txt":        "mailinator.example\n",
		"world.yaml":                  "people: []\n",
		"scenarios/wrong.yaml":        "steps: []\n",
		".authflow/scratch.db":        "scratch",
		"flows/.hidden.json":          "{}",
		"README.md":                   "read me",
		"node_modules/x/flows/a.json": "{}",
	}
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

// bytesSource is randomness that is none.
type bytesSource byte

func (b bytesSource) Read(p []byte) {
	for i := range p {
		p[i] = byte(b)
	}
}

var (
	key      = bundle.GenerateKey(bytesSource(1))
	otherKey = bundle.GenerateKey(bytesSource(2))
	trusting = bundle.Policy{Trusted: []bundle.PublicKey{key.Public()}}
	anything = bundle.Policy{AllowUnsigned: true}
)

func build(t testing.TB, key *bundle.PrivateKey) *bundle.Built {
	t.Helper()
	b, err := bundle.Build(project(), key)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func load(data []byte, policy bundle.Policy) (*bundle.Bundle, error) {
	return bundle.Load(bytes.NewReader(data), int64(len(data)), policy)
}

// refused demands that loading fails with the code.
func refused(t *testing.T, what string, data []byte, policy bundle.Policy, codes ...bundle.Code) {
	t.Helper()
	b, err := load(data, policy)
	var e *bundle.Error
	if b != nil || !errors.As(err, &e) || !slices.Contains(codes, e.Code) {
		t.Errorf("%s: got %v, %v; want %v", what, b, err, codes)
	}
}

func TestB1_TheSameProjectGivesTheSameBytes(t *testing.T) {
	first, second := build(t, key), build(t, key)
	if !bytes.Equal(first.Bytes, second.Bytes) {
		t.Error("two builds differ")
	}
	unsigned := build(t, nil)
	if unsigned.Manifest.Digest != first.Manifest.Digest {
		t.Error("the signature changed the digest")
	}
	// These bytes are pinned: a bundle must be the same from every version and on every system.
	const want = "d36af0c9a378a403529e8e674ab241c9430acc207ff50f071f52850acf8140f6"
	if sum := sha256.Sum256(unsigned.Bytes); hex.EncodeToString(sum[:]) != want {
		t.Errorf("the bytes of the fixture have changed: %x", sum)
	}
}

func TestB1_WhatIsNotExportedChangesNothing(t *testing.T) {
	before := build(t, nil)
	for _, name := range []string{"world.yaml", "flows/login.layout.json", "scenarios/wrong.yaml", ".authflow/scratch.db", "README.md"} {
		p := project()
		p[name] = &fstest.MapFile{Data: []byte("something else")}
		after, err := bundle.Build(p, nil)
		if err != nil || !bytes.Equal(after.Bytes, before.Bytes) {
			t.Errorf("%s changed the bundle: %v", name, err)
		}
		if slices.ContainsFunc(before.Manifest.Parts, func(p bundle.Part) bool { return p.Path == name }) {
			t.Errorf("%s is in the bundle", name)
		}
	}
	if bytes.Contains(before.Bytes, []byte("fast_hashing")) || bytes.Contains(before.Bytes, []byte("127.0.0.1")) {
		t.Error("settings of the harness are in the bundle")
	}
	for _, name := range []string{"actions/check.js", "labels/en.json", "lists/disposable.txt", "pages/sign_in.html", "clients.yaml", "flows/sms.json"} {
		p := project()
		p[name].Data = append(p[name].Data, ' ')
		if after, err := bundle.Build(p, nil); err != nil || after.Manifest.Digest == before.Manifest.Digest {
			t.Errorf("%s did not change the digest: %v", name, err)
		}
	}
}

func TestB1_AProjectThatCannotBeReadIsNotExported(t *testing.T) {
	cases := map[string]struct {
		name, text string
		code       bundle.Code
	}{
		"broken flow":    {"flows/login.json", `{`, bundle.CodeProject},
		"bad slug":       {"flows/Log in.json", `{}`, bundle.CodeProject},
		"windows path":   {"pages/a\\b.html", ``, bundle.CodeBadPath},
		"same but case":  {"pages/Sign_In.html", ``, bundle.CodeBadPath},
		"same but form":  {"pages/caf\u00e9.html", ``, bundle.CodeBadPath},
		"private key":    {"actions/check.js", "\n\nconst k = `-----BEGIN EC PRIVATE KEY-----`", bundle.CodeSecretLiteral},
		"signed token":   {"actions/check.js", `const t = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"`, bundle.CodeSecretLiteral},
		"payment key":    {"labels/en.json", `{"a": "sk_` + `live_abcdefghijklmnop1234"}`, bundle.CodeSecretLiteral},
		"trailing space": {"pages/a .html/b ", ``, bundle.CodeBadPath},
	}
	for name, c := range cases {
		p := project()
		p["pages/cafe\u0301.html"] = &fstest.MapFile{}
		p[c.name] = &fstest.MapFile{Data: []byte(c.text)}
		_, err := bundle.Build(p, nil)
		var e *bundle.Error
		if !errors.As(err, &e) || e.Code != c.code || e.Path == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestB2_TheManifestSaysWhatAServerMustKnow(t *testing.T) {
	m := build(t, key).Manifest
	if m.Format != 1 || m.Name != "Shop" || m.Version != "1.2.0" || m.Engine != (bundle.EngineRange{Min: 1, Max: bundle.EngineLevel}) || m.SignedBy != key.ID() {
		t.Errorf("head %+v", m)
	}
	if want := []bundle.Flow{{Slug: "login", Trigger: "login", Startable: true, Blocks: 1}, {Slug: "sms", Trigger: "custom", Blocks: 1}}; !reflect.DeepEqual(m.Flows, want) {
		t.Errorf("flows %+v", m.Flows)
	}
	if want := []bundle.Unlocked{{Flow: "login", Block: "issue_session", Reason: "only refuses"}}; !reflect.DeepEqual(m.Unlocked, want) {
		t.Errorf("unlocked %+v", m.Unlocked)
	}
	if want := []string{"api.example.org", "crm.example.org"}; !reflect.DeepEqual(m.Hosts, want) {
		t.Errorf("hosts %v", m.Hosts)
	}
	if want := []bundle.SecretName{{Name: "CRM_KEY", Purpose: "calls the CRM"}, {Name: "SHOP_CLIENT", Purpose: "password of the client shop"}}; !reflect.DeepEqual(m.Secrets, want) {
		t.Errorf("secrets %+v", m.Secrets)
	}
	h := sha256.New()
	for _, p := range m.Parts {
		if len(p.SHA256) != 64 {
			t.Errorf("part %+v", p)
		}
		io.WriteString(h, p.Path+" ")
	}
	described, err := bundle.Describe(project())
	if err != nil || described.Digest != m.Digest || len(m.Digest) != 64 {
		t.Errorf("described %+v, %v", described, err)
	}
}

func TestB3_ALoadedBundleReadsLikeAFolder(t *testing.T) {
	built := build(t, key)
	b, err := load(built.Bytes, trusting)
	if err != nil {
		t.Fatal(err)
	}
	if b.Verified != key.ID() || !reflect.DeepEqual(b.Manifest, built.Manifest) {
		t.Errorf("verified %q, manifest %+v", b.Verified, b.Manifest)
	}
	fromFS, problems := flow.Load(b.FS())
	if len(problems) > 0 || !reflect.DeepEqual(fromFS.Files, b.Project().Files) || fromFS.Digest != b.Manifest.Digest {
		t.Errorf("problems %v, files %v", problems, slices.Sorted(maps.Keys(fromFS.Files)))
	}
	folder, _ := flow.Load(project())
	folder.Settings.Harness = nil
	if !reflect.DeepEqual(fromFS.Flows, folder.Flows) || !reflect.DeepEqual(fromFS.Actions, folder.Actions) || !reflect.DeepEqual(fromFS.Settings, folder.Settings) ||
		!reflect.DeepEqual(fromFS.Clients, folder.Clients) || !reflect.DeepEqual(fromFS.Labels, folder.Labels) || !reflect.DeepEqual(fromFS.Pages, folder.Pages) {
		t.Error("the bundle reads differently from the folder")
	}
	if err := fstest.TestFS(b.FS(), "manifest.json", "flows/login.json"); err != nil {
		t.Error(err)
	}
}

func TestB3_AnyZipProgramCanOpenIt(t *testing.T) {
	data := build(t, key).Bytes
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if r.File[0].Name != "manifest.json" || r.File[1].Name != "manifest.jws" || r.File[2].Name != "actions/check.js" {
		t.Errorf("order: %s, %s, %s", r.File[0].Name, r.File[1].Name, r.File[2].Name)
	}
	for _, f := range r.File {
		if f.Mode() != 0o644 || f.Modified.Year() != 1980 {
			t.Errorf("%s: mode %v, time %v", f.Name, f.Mode(), f.Modified)
		}
	}
}

func TestB3_LoadFile(t *testing.T) {
	path := t.TempDir() + "/shop.afb"
	if err := os.WriteFile(path, build(t, key).Bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	if b, err := bundle.LoadFile(path, trusting); err != nil || b.Manifest.Name != "Shop" {
		t.Errorf("got %v, %v", b, err)
	}
	if _, err := bundle.LoadFile(path+"x", trusting); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

func TestB3_TheStarterProjectCanBeExported(t *testing.T) {
	built, err := bundle.Build(os.DirFS("../../projects/templates/starter"), key)
	if err != nil {
		t.Fatal(err)
	}
	b, err := load(built.Bytes, trusting)
	if err != nil || len(b.Project().Flows) == 0 || strings.Contains(string(built.Bytes), "world.yaml") {
		t.Errorf("got %v, %v", b, err)
	}
}

func BenchmarkBuild(b *testing.B) {
	p := project()
	for b.Loop() {
		if _, err := bundle.Build(p, key); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	data := build(b, key).Bytes
	for b.Loop() {
		if _, err := load(data, trusting); err != nil {
			b.Fatal(err)
		}
	}
}
