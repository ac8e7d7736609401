package bundle_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/authflow-studio/authflow/engine/bundle"
	"github.com/authflow-studio/authflow/engine/bundle/bundletest"
)

func TestB2_KeysStandInTwoFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "release.key")
	if err := bundle.WriteKey(path, key); err != nil {
		t.Fatal(err)
	}
	private, err := bundle.ReadPrivateKey(path)
	if err != nil {
		t.Fatal(err)
	}
	public, err := bundle.ReadPublicKey(path + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	if private.ID() != key.ID() || public.ID() != key.ID() || len(key.ID()) != 43 {
		t.Errorf("ids %s, %s, %s", key.ID(), private.ID(), public.ID())
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("the private key has mode %v, %v", info.Mode(), err)
	}
	if b, err := load(build(t, private).Bytes, bundle.Policy{Trusted: []bundle.PublicKey{public}}); err != nil || b.Verified != key.ID() {
		t.Errorf("got %v, %v", b, err)
	}
	if err := bundle.WriteKey(path, otherKey); code(err) != bundle.CodeKey {
		t.Errorf("a key was overwritten: %v", err)
	}
	if again, err := bundle.ReadPrivateKey(path); err != nil || again.ID() != key.ID() {
		t.Errorf("after the attempt: %v, %v", again, err)
	}
	if _, err := bundle.ReadPublicKey(path); code(err) != bundle.CodeKey {
		t.Errorf("a private key was trusted: %v", err)
	}
	if _, err := bundle.ReadPrivateKey(path + ".pub"); code(err) != bundle.CodeKey {
		t.Errorf("a public key was taken to sign: %v", err)
	}
}

func TestB2_HalfAPairIsNotLeftBehind(t *testing.T) {
	path := filepath.Join(t.TempDir(), "release.key")
	if err := os.WriteFile(path+".pub", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := bundle.WriteKey(path, key); code(err) != bundle.CodeKey {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the private key is there: %v", err)
	}
}

func code(err error) bundle.Code {
	var e *bundle.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func TestB2_P256KeysSignToo(t *testing.T) {
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	private, err := bundle.ReadPrivateKey(pemFile(t, "PRIVATE KEY", ec))
	if err != nil {
		t.Fatal(err)
	}
	public, err := bundle.ReadPublicKey(pemFile(t, "PUBLIC KEY", &ec.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	built := build(t, private)
	if b, err := load(built.Bytes, bundle.Policy{Trusted: []bundle.PublicKey{public}}); err != nil || b.Verified != private.ID() {
		t.Errorf("got %v, %v", b, err)
	}
	refused(t, "an Ed25519 key for a P-256 signature", built.Bytes, trusting, bundle.CodeUntrusted)
}

// A key may sign other things as well; none of them is a bundle's signature.
func TestB2_ASignatureForAnotherPurposeIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "release.key")
	if err := bundle.WriteKey(path, key); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	files := bundletest.Parts(t, build(t, key).Bytes)
	for _, header := range []string{`{"alg":"EdDSA"}`, `{"alg":"EdDSA","kid":"` + key.ID() + `","typ":"JWT"}`} {
		signature := ed25519.Sign(parsed.(ed25519.PrivateKey), []byte(encode([]byte(header))+"."+encode([]byte(files[0].Text))))
		files[1].Text = encode([]byte(header)) + ".." + encode(signature)
		refused(t, header, bundletest.Pack(files), trusting, bundle.CodeSignature)
	}
}

func TestB2_OtherKeysAreRefused(t *testing.T) {
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, private := range []any{r, p384} {
		if _, err := bundle.ReadPrivateKey(pemFile(t, "PRIVATE KEY", private)); code(err) != bundle.CodeKey {
			t.Errorf("%T: %v", private, err)
		}
	}
	for _, public := range []any{&r.PublicKey, &p384.PublicKey} {
		if _, err := bundle.ReadPublicKey(pemFile(t, "PUBLIC KEY", public)); code(err) != bundle.CodeKey {
			t.Errorf("%T: %v", public, err)
		}
	}
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, []byte("no key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := bundle.ReadPublicKey(empty); code(err) != bundle.CodeKey {
		t.Errorf("no key at all: %v", err)
	}
}

func pemFile(t *testing.T, kind string, key any) string {
	t.Helper()
	var der []byte
	var err error
	if kind == "PRIVATE KEY" {
		der, err = x509.MarshalPKCS8PrivateKey(key)
	} else {
		der, err = x509.MarshalPKIXPublicKey(key)
	}
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
