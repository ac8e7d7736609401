package cli_test

import (
	"archive/zip"
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/authflow-studio/authflow/engine/bundle"
	"github.com/authflow-studio/authflow/engine/bundle/bundletest"
)

// partsOf unpacks a bundle's file into its entries, in order.
func partsOf(t *testing.T, file string) []bundletest.Part {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return bundletest.Parts(t, data)
}

// bad is a bundle that is refused.
type bad struct {
	name, code string
	data       []byte
}

// badForms are unsigned bundles with something wrong in their form.
func badForms(t *testing.T, good []bundletest.Part) []bad {
	with := func(name, text string) []byte { return bundletest.Pack(bundletest.With(good, name, text)) }
	manifest := func(old, next string) []byte {
		return bundletest.Pack(bundletest.Changed(t, good, "manifest.json", old, next))
	}
	return []bad{
		{"a zip bomb", "bundle_not_canonical", bundletest.Zip(t, bundletest.With(good, "pages/zeros.html", strings.Repeat("\x00", 200<<20)), func(h *zip.FileHeader) { h.Method = zip.Deflate })},
		{"a part beyond the limits", "bundle_too_large", with("pages/zeros.html", strings.Repeat("x", 5<<20))},
		{"a link", "bundle_not_canonical", bundletest.Zip(t, good, func(h *zip.FileHeader) { h.SetMode(fs.ModeSymlink | 0o777) })},
		{"an absolute path", "bundle_bad_path", with("/etc/passwd", "")},
		{"a path that leads out", "bundle_bad_path", with("pages/../../x", "")},
		{"a path of another system", "bundle_bad_path", with(`pages\x.html`, "")},
		{"one file twice, but for case", "bundle_bad_path", with("pages/SIGN_IN.html", "")},
		{"a file that is not listed", "bundle_unknown_file", with("pages/zzz.html", "")},
		{"a file less", "bundle_missing_file", bundletest.Pack(good[:len(good)-1])},
		{"other bytes than the manifest says", "bundle_digest", bundletest.Pack(bundletest.Changed(t, good, "flows/login.json", `"Login"`, `"Logan"`))},
		{"a manifest that lies", "bundle_manifest", manifest(`"hosts":[]`, `"hosts":["evil.example"]`)},
		{"a newer format", "bundle_format", manifest(`"format":1`, `"format":2`)},
		{"a newer engine", "bundle_engine", manifest(`"engine":{"max":1,"min":1}`, `"engine":{"max":9,"min":8}`)},
		{"a contract that its builder saw refuted", "bundle_contract_refuted", manifest(`"verdict":"proved"`, `"verdict":"refuted"`)},
		{"half of it", "bundle_not_a_bundle", bundletest.Pack(good)[:4000]},
		{"no bundle at all", "bundle_not_a_bundle", []byte("hello")},
	}
}

// badSignatures are signed bundles that nobody here trusts.
func badSignatures(t *testing.T, dir string, signed []bundletest.Part) []bad {
	header, rest, ok := strings.Cut(signed[1].Text, "..")
	text, err := base64.RawURLEncoding.DecodeString(header)
	if !ok || err != nil || signed[1].Name != "manifest.jws" {
		t.Fatalf("%s: %v", signed[1].Name, err)
	}
	jws := func(alg, signature string) []byte {
		out := append([]bundletest.Part{}, signed...)
		out[1].Text = base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(text), "EdDSA", alg, 1))) + ".." + signature
		return bundletest.Pack(out)
	}
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	return []bad{
		{"unsigned", "bundle_unsigned", read("unsigned.afb")},
		{"an unknown key", "bundle_untrusted_key", read("stranger.afb")},
		{"too late", "bundle_expired", read("expired.afb")},
		{"for elsewhere", "bundle_scope", read("production.afb")},
		{"no algorithm", "bundle_signature", jws("none", "")},
		{"no algorithm, signed nevertheless", "bundle_signature", jws("none", rest)},
		{"an algorithm with a shared key", "bundle_signature", jws("HS256", rest)},
		{"the algorithm of another key", "bundle_signature", jws("ES256", rest)},
		{"the signature of something else", "bundle_signature", bundletest.Pack(bundletest.Changed(t, signed, "manifest.json", `"revision":1`, `"revision":2`))},
	}
}

// badContents are whole, and their builder has said that all is well.
func badContents(t *testing.T, good []bundletest.Part) []bad {
	build := func(edit func(fstest.MapFS), says ...bundle.Contract) []byte {
		t.Helper()
		files := fstest.MapFS{}
		for _, f := range good[1:] {
			files[f.Name] = &fstest.MapFile{Data: []byte(f.Text)}
		}
		edit(files)
		built, err := bundle.Build(files, nil, bundle.Release{Contracts: says})
		if err != nil {
			t.Fatal(err)
		}
		return built.Bytes
	}
	replace := func(name, old, next string) func(fstest.MapFS) {
		return func(files fstest.MapFS) {
			text := string(files[name].Data)
			if !strings.Contains(text, old) {
				t.Fatalf("%s has no %s", name, old)
			}
			files[name] = &fstest.MapFile{Data: []byte(strings.Replace(text, old, next, 1))}
		}
	}
	return []bad{
		{"flows with errors", "bundle_check", build(replace("flows/login.json", `"type": "risk_evaluate"`, `"type": "rosk_evaluate"`))},
		{"a checker that disagrees with the builder", "bundle_contract_refuted", build(replace("flows/login.json", `"not_found": "password"`, `"not_found": "wrong_credentials"`), bundle.Contract{Name: "Nobody learns whether an account exists", Verdict: "proved"})},
		{"a secret that the server does not have", "bundle_secret_missing", build(replace("authflow.json", `"format": 1,`, `"format": 1, "secrets": [{"name": "NOBODY_HAS_THIS"}],`))},
		{"a smoke test that fails", "bundle_smoke", build(func(files fstest.MapFS) {
			files["smoke/x.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(smokeFile, "outcome: signed_in", "outcome: refused", 1))}
		})},
	}
}

// A running server refuses each of them with its code, in its answer and in its
// status, and goes on with the bundle before; verify says the same.
func TestB3_BadBundlesAreRefusedAtTheFrontDoor(t *testing.T) {
	dir := t.TempDir()
	once(t, dir, "new", "acme")
	once(t, dir, "keys", "new", "my.key")
	once(t, dir, "keys", "new", "other.key")
	for name, args := range map[string][]string{
		"unsigned.afb": nil, "signed.afb": {"--key", "my.key", "--revision", "1"}, "stranger.afb": {"--key", "other.key"},
		"expired.afb": {"--key", "my.key", "--expires", "2026-01-01T00:00:00Z"}, "production.afb": {"--key", "my.key", "--scope", "production"},
	} {
		once(t, dir, append([]string{"export", "acme", "-o", name}, args...)...)
	}
	good := partsOf(t, filepath.Join(dir, "unsigned.afb"))
	for name, c := range map[string]struct {
		serve []string
		// verify is asked too, with these; none: what is wrong is the server's own.
		verify []string
		all    []bad
	}{
		"trusting": {[]string{"signed.afb", "--trust", "my.key.pub", "--scope", "staging"}, nil, badSignatures(t, dir, partsOf(t, filepath.Join(dir, "signed.afb")))},
		"unsigned": {[]string{"unsigned.afb", "--allow-unsigned"}, []string{}, badForms(t, good)},
		"contents": {[]string{"unsigned.afb", "--allow-unsigned"}, nil, badContents(t, good)},
	} {
		t.Run(name, func(t *testing.T) {
			ready := program(t, dir, append(append([]string{"serve"}, c.serve...), "--admin", "127.0.0.1:0", "--addr", "127.0.0.1:0", "--store", name+".db", "--json")...)
			token := []string{"AUTHFLOW_ADMIN_TOKEN=" + ready["admin_token"].(string)}
			before := statusOf(t, ready["status_url"].(string))
			for _, b := range c.all {
				file := filepath.Join(dir, "bad.afb")
				if err := os.WriteFile(file, b.data, 0o644); err != nil {
					t.Fatal(err)
				}
				if exit, said := told(t, dir, token, "activate", ready["admin_url"].(string), "bad.afb"); exit != 1 || !strings.Contains(said, b.code) {
					t.Errorf("%s: exit %d, said %s", b.name, exit, said)
				}
				after := statusOf(t, ready["status_url"].(string))
				if after.Active.Digest != before.Active.Digest || after.Refused.Code != b.code || after.Refused.Message == "" {
					t.Errorf("%s: the status is %+v", b.name, after)
				}
				if c.verify == nil {
					continue
				}
				if exit, said := told(t, dir, nil, "verify", "bad.afb", "--json"); exit != 1 || !strings.Contains(said, b.code) {
					t.Errorf("%s: verify: exit %d, said %s", b.name, exit, said)
				}
			}
		})
	}
}

type statusSeen struct {
	Active struct {
		Digest     string `json:"digest"`
		SmokeTests int    `json:"smoke_tests"`
	} `json:"active"`
	Refused struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	} `json:"refused"`
}

func statusOf(t *testing.T, address string) (s statusSeen) {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(&s); err != nil {
		t.Fatal(err)
	}
	return s
}
