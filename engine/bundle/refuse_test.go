package bundle_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/bundle"
	"github.com/authflow-studio/authflow/engine/bundle/bundletest"
)

func TestB3_ThePackerOfTheseTestsIsFaithful(t *testing.T) {
	data := build(t, key).Bytes
	if !bytes.Equal(bundletest.Pack(bundletest.Parts(t, data)), data) {
		t.Fatal("it packs in another form")
	}
}

func TestB3_ABundleCutShortIsRefused(t *testing.T) {
	data := build(t, key).Bytes
	for n := range len(data) {
		if b, err := load(data[:n], trusting); b != nil || err == nil {
			t.Fatalf("%d of %d bytes were accepted", n, len(data))
		}
	}
}

func TestB3_AFlippedByteAnywhereIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		data   []byte
		policy bundle.Policy
	}{
		"signed":   {build(t, key).Bytes, trusting},
		"unsigned": {build(t, nil).Bytes, anything},
	} {
		for i := range c.data {
			for _, bit := range []byte{1, 0x20, 0x80} {
				flipped := bytes.Clone(c.data)
				flipped[i] ^= bit
				if b, err := load(flipped, c.policy); b != nil || err == nil {
					t.Fatalf("%s: byte %d of %d with bit %#x was accepted", name, i, len(c.data), bit)
				}
			}
		}
	}
}

func TestB3_SomethingAddedIsRefused(t *testing.T) {
	data := build(t, key).Bytes
	refused(t, "a byte behind", append(bytes.Clone(data), 0), trusting, bundle.CodeNotCanonical)
	refused(t, "a byte before", append([]byte{0}, data...), trusting, bundle.CodeNotABundle)
	refused(t, "the bundle twice", append(bytes.Clone(data), data...), trusting, bundle.CodeNotCanonical)
	refused(t, "nothing", nil, trusting, bundle.CodeNotABundle)
	refused(t, "not a zip", []byte("hello, this is text"), trusting, bundle.CodeNotABundle)
	refused(t, "an empty zip", bundletest.Pack(nil), anything, bundle.CodeNotABundle)
}

func TestB3_PathsThatLeadElsewhereAreRefused(t *testing.T) {
	good := bundletest.Parts(t, build(t, nil).Bytes)
	for _, name := range []string{
		"../pages/x.html", "/etc/passwd", "pages/../../x", "pages//x", "pages/./x", "pages/x/", "pages\\x", "C:/x", "pages/x:y",
		"pages/\x00x", "pages/.hidden", "pages/x.", "pages/x ", ".", "", "pages/\xff", strings.Repeat("p/", 400) + "x",
	} {
		refused(t, fmt.Sprintf("%q", name), bundletest.Pack(bundletest.With(good, name, "")), anything, bundle.CodeBadPath, bundle.CodeNotCanonical)
	}
	for _, name := range []string{"world.yaml", "scratch.db", "flows/x.layout.json", "other/x", "flows/x.txt", "manifest.json", "manifest.jws"} {
		refused(t, name, bundletest.Pack(bundletest.With(good, name, "")), anything, bundle.CodeUnknownFile)
	}
	refused(t, "not listed", bundletest.Pack(bundletest.With(good, "pages/zzz.html", "")), anything, bundle.CodeUnknownFile)
	refused(t, "twice", bundletest.Pack(append(good, good[len(good)-1])), anything, bundle.CodeBadPath)
	refused(t, "twice in another case", bundletest.Pack(bundletest.With(good, "pages/SIGN_IN.html", "")), anything, bundle.CodeBadPath)
	refused(t, "a file as a folder", bundletest.Pack(bundletest.With(good, "pages/sign_in.html/x", "")), anything, bundle.CodeBadPath)
	refused(t, "one missing", bundletest.Pack(good[:len(good)-1]), anything, bundle.CodeMissingFile)
	swapped := append([]bundletest.Part{}, good...)
	swapped[1], swapped[2] = swapped[2], swapped[1]
	refused(t, "out of order", bundletest.Pack(swapped), anything, bundle.CodeNotCanonical)
	refused(t, "without manifest", bundletest.Pack(good[1:]), anything, bundle.CodeManifest)
}

func TestB3_OtherWaysToPackAreRefused(t *testing.T) {
	good := bundletest.Parts(t, build(t, nil).Bytes)
	rezip := func(header func(*zip.FileHeader)) []byte { return bundletest.Zip(t, good, header) }
	refused(t, "compressed", rezip(func(h *zip.FileHeader) { h.Method = zip.Deflate }), anything, bundle.CodeNotCanonical)
	refused(t, "stored by another program", rezip(func(*zip.FileHeader) {}), anything, bundle.CodeNotCanonical)
	refused(t, "a link", rezip(func(h *zip.FileHeader) { h.SetMode(fs.ModeSymlink | 0o777) }), anything, bundle.CodeNotCanonical)
	link := build(t, nil).Bytes
	at := bytes.LastIndex(link, binary.LittleEndian.AppendUint32(nil, 0o100644<<16))
	binary.LittleEndian.PutUint32(link[at:], 0o120777<<16)
	refused(t, "a link in the directory only", link, anything, bundle.CodeNotCanonical)
}

func TestB3_LimitsHold(t *testing.T) {
	if _, err := bundle.Load(bytes.NewReader(nil), 65<<20, anything); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("a huge file: %v", err)
	}
	if _, err := bundle.Load(bytes.NewReader([]byte("PK")), 1000, anything); err == nil {
		t.Error("less than announced was accepted")
	}
	good := bundletest.Parts(t, build(t, nil).Bytes)
	refused(t, "a large part", bundletest.Pack(bundletest.With(good, "pages/zzz.html", strings.Repeat("x", 5<<20))), anything, bundle.CodeTooLarge)
	many := slices.Clone(good)
	for i := range 10_001 {
		many = append(many, bundletest.Part{Name: fmt.Sprintf("pages/z%05d.html", i)})
	}
	refused(t, "many parts", bundletest.Pack(many), anything, bundle.CodeTooLarge)
}

func TestB3_AManifestThatLiesIsRefused(t *testing.T) {
	good := bundletest.Parts(t, build(t, nil).Bytes)
	lies := map[string][2]string{
		"a host less":         {`"hosts":["api.example.org","crm.example.org"]`, `"hosts":[]`},
		"a lifted lock less":  {`"unlocked":[{"block":"issue_session","flow":"login","reason":"only refuses"}]`, `"unlocked":[]`},
		"a secret less":       {`{"name":"CRM_KEY","purpose":"calls the CRM"},`, ``},
		"startable":           {`"startable":false`, `"startable":true`},
		"another name":        {`"name":"Shop"`, `"name":"Shap"`},
		"another version":     {`"version":"1.2.0"`, `"version":"9.2.0"`},
		"a digest of nothing": {`"digest":"`, `"digest":"00`},
		"space in it":         {`{`, `{ `},
		"an unknown member":   {`{`, `{"a":1,`},
		"a member twice":      {`"format":1`, `"format":1,"format":1`},
		"not JSON":            {`{`, `[`},
	}
	for name, lie := range lies {
		files := append([]bundletest.Part{}, good...)
		if !strings.Contains(files[0].Text, lie[0]) {
			t.Fatalf("%s: nothing to change in %s", name, files[0].Text)
		}
		files[0].Text = strings.Replace(files[0].Text, lie[0], lie[1], 1)
		refused(t, name, bundletest.Pack(files), anything, bundle.CodeManifest)
	}
	with := func(old, new string) []byte {
		files := append([]bundletest.Part{}, good...)
		files[0].Text = strings.Replace(files[0].Text, old, new, 1)
		return bundletest.Pack(files)
	}
	refused(t, "a newer format", with(`"format":1`, `"format":2`), anything, bundle.CodeFormat)
	refused(t, "for newer engines", with(`"engine":{"max":1,"min":1}`, `"engine":{"max":3,"min":2}`), anything, bundle.CodeEngine)
	refused(t, "for older engines", with(`"engine":{"max":1,"min":1}`, `"engine":{"max":0,"min":0}`), anything, bundle.CodeEngine)
	refused(t, "another size", with(`"size":`, `"size":1`), anything, bundle.CodeDigest)
}

func TestB3_HarnessSettingsAreNotLoaded(t *testing.T) {
	files := bundletest.Parts(t, build(t, nil).Bytes)
	for i, f := range files {
		if f.Name == "authflow.json" {
			files[i].Text = strings.Replace(f.Text, "{", `{"harness": {"fast_hashing": true},`, 1)
		}
	}
	refused(t, "changed after the build", bundletest.Pack(files), anything, bundle.CodeDigest)
	p := project()
	delete(p, "authflow.json")
	if _, err := bundle.Build(p, nil); err == nil {
		t.Error("a folder without settings was built")
	}
}

func TestB2_OnlySignaturesOfTrustedKeysCount(t *testing.T) {
	signed, unsigned := build(t, key).Bytes, build(t, nil).Bytes
	refused(t, "unsigned", unsigned, trusting, bundle.CodeUnsigned)
	refused(t, "unsigned, nothing trusted", unsigned, bundle.Policy{}, bundle.CodeUnsigned)
	refused(t, "signed, nothing trusted", signed, bundle.Policy{}, bundle.CodeUntrusted)
	refused(t, "signed by another", build(t, otherKey).Bytes, trusting, bundle.CodeUntrusted)
	if b, err := load(unsigned, anything); err != nil || b.Verified != "" {
		t.Errorf("unsigned where that is allowed: %v, %v", b, err)
	}
	if b, err := load(signed, anything); err != nil || b.Verified != "" {
		t.Errorf("signed by nobody known where that is allowed: %v, %v", b, err)
	}
	both := bundle.Policy{Trusted: []bundle.PublicKey{otherKey.Public(), key.Public()}}
	if b, err := load(signed, both); err != nil || b.Verified != key.ID() {
		t.Errorf("one of several keys: %v, %v", b, err)
	}
}

func TestB2_TricksWithTheSignatureFail(t *testing.T) {
	files := bundletest.Parts(t, build(t, key).Bytes)
	lenient := bundle.Policy{Trusted: trusting.Trusted, AllowUnsigned: true}
	signature := files[1].Text
	header, sum, _ := strings.Cut(signature, "..")
	encode := base64.RawURLEncoding.EncodeToString
	decoded, err := base64.RawURLEncoding.DecodeString(header)
	if err != nil {
		t.Fatal(err)
	}
	with := func(s string) []byte {
		changed := append([]bundletest.Part{}, files...)
		changed[1].Text = s
		return bundletest.Pack(changed)
	}
	tricks := map[string]string{
		"alg none":            encode([]byte(strings.Replace(string(decoded), "EdDSA", "none", 1))) + "..",
		"alg none, signed":    encode([]byte(strings.Replace(string(decoded), "EdDSA", "none", 1))) + ".." + sum,
		"alg HS256":           encode([]byte(strings.Replace(string(decoded), "EdDSA", "HS256", 1))) + ".." + sum,
		"alg ES256":           encode([]byte(strings.Replace(string(decoded), "EdDSA", "ES256", 1))) + ".." + sum,
		"another kid":         encode([]byte(strings.Replace(string(decoded), key.ID(), otherKey.ID(), 1))) + ".." + sum,
		"a key of its own":    encode([]byte(strings.Replace(string(decoded), "{", `{"jwk":{"kty":"OKP"},`, 1))) + ".." + sum,
		"crit":                encode([]byte(strings.Replace(string(decoded), "{", `{"crit":["b64"],"b64":false,`, 1))) + ".." + sum,
		"space in the header": encode(append(decoded, ' ')) + ".." + sum,
		"no signature":        header + "..",
		"empty":               "",
		"with its payload":    header + "." + encode([]byte(files[0].Text)) + "." + sum,
		"padding":             signature + "=",
		"a line feed":         signature + "\n",
		"loose last bits":     signature[:len(signature)-1] + nextDigit(signature[len(signature)-1]),
		"zeros":               header + ".." + encode(make([]byte, 64)),
		"of another manifest": bundletest.Parts(t, otherProject(t))[1].Text,
	}
	for name, s := range tricks {
		refused(t, name, with(s), trusting, bundle.CodeSignature)
		refused(t, name+", unsigned allowed", with(s), lenient, bundle.CodeSignature)
	}
	stripped := append([]bundletest.Part{files[0]}, files[2:]...)
	refused(t, "the signature taken out", bundletest.Pack(stripped), lenient, bundle.CodeSignature)
	added := append([]bundletest.Part{bundletest.Parts(t, build(t, nil).Bytes)[0]}, files[1:]...)
	refused(t, "a signature added", bundletest.Pack(added), lenient, bundle.CodeSignature)
}

// nextDigit is the base64 digit after c: the same bytes with other unused bits.
func nextDigit(c byte) string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return string(digits[(strings.IndexByte(digits, c)+1)%64])
}

func otherProject(t *testing.T) []byte {
	t.Helper()
	p := project()
	p["pages/sign_in.html"].Data = []byte("<h1>other</h1>")
	b, err := bundle.Build(p, key)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes
}

func FuzzLoad(f *testing.F) {
	f.Add(build(f, key).Bytes)
	f.Add(build(f, nil).Bytes)
	f.Add(bundletest.Pack(nil))
	original := build(f, key).Bytes
	f.Fuzz(func(t *testing.T, data []byte) {
		if b, err := load(data, trusting); err == nil && !bytes.Equal(data, original) {
			t.Fatalf("a foreign bundle was accepted as signed: %+v", b.Manifest)
		}
		if b, err := load(data, anything); err == nil && b.Project() == nil {
			t.Fatal("accepted without a project")
		}
	})
}

// FuzzParts gets past the form of the archive, which FuzzLoad seldom does.
func FuzzParts(f *testing.F) {
	good := bundletest.Parts(f, build(f, key).Bytes)
	f.Add(good[0].Text, good[1].Text, "pages/sign_in.html", "x")
	f.Add(`{"format":1}`, "..", "../x", "")
	f.Fuzz(func(t *testing.T, manifest, signature, name, text string) {
		files := append([]bundletest.Part{{Name: "manifest.json", Text: manifest}, {Name: "manifest.jws", Text: signature}}, good[2:]...)
		for i := range files {
			if i > 1 && files[i].Name == name {
				files[i].Text = text
			}
		}
		for _, files := range [][]bundletest.Part{files, bundletest.With(files, name, text)} {
			b, err := load(bundletest.Pack(files), trusting)
			if err == nil && (manifest != good[0].Text || signature != good[1].Text || len(files) != len(good)) {
				t.Fatalf("accepted: %+v", b.Manifest)
			}
		}
	})
}
