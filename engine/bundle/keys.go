package bundle

// This file holds the keys that sign bundles, and the files they stand in.

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/golang-jwt/jwt/v5"

	"github.com/authflow-studio/authflow/engine/world"
)

// PublicKey verifies bundles: Ed25519 (EdDSA) or P-256 (ES256). Its algorithm
// follows from its kind and from nothing else.
type PublicKey struct{ key crypto.PublicKey }

// PrivateKey signs bundles.
type PrivateKey struct {
	key    crypto.Signer
	public PublicKey
}

// GenerateKey makes an Ed25519 key.
func GenerateKey(random world.Random) *PrivateKey {
	seed := make([]byte, ed25519.SeedSize)
	random.Read(seed)
	key := ed25519.NewKeyFromSeed(seed)
	return &PrivateKey{key, PublicKey{key.Public()}}
}

// Public is the half that others verify with.
func (k *PrivateKey) Public() PublicKey { return k.public }

// ID is the name of the key, the same for both halves.
func (k *PrivateKey) ID() string { return k.public.ID() }

// ID is the key's thumbprint after RFC 7638.
func (k PublicKey) ID() string {
	text := ""
	switch key := k.key.(type) {
	case ed25519.PublicKey:
		text = fmt.Sprintf(`{"crv":"Ed25519","kty":"OKP","x":%q}`, encode64(key))
	case *ecdsa.PublicKey:
		if point, err := key.Bytes(); err == nil { // 4, x, y
			text = fmt.Sprintf(`{"crv":"P-256","kty":"EC","x":%q,"y":%q}`, encode64(point[1:33]), encode64(point[33:]))
		}
	}
	sum := sha256.Sum256([]byte(text))
	return encode64(sum[:])
}

// method is the one algorithm that the key is used with.
func (k PublicKey) method() jwt.SigningMethod {
	if _, ok := k.key.(ed25519.PublicKey); ok {
		return jwt.SigningMethodEdDSA
	}
	return jwt.SigningMethodES256
}

func encode64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// WriteKey writes the private key to path and the public one to path.pub. It
// replaces neither: a key that is lost cannot be made again.
func WriteKey(path string, k *PrivateKey) error {
	private, err := x509.MarshalPKCS8PrivateKey(k.key)
	if err != nil {
		return fmt.Errorf("bundle: encode the key: %w", err)
	}
	public, err := x509.MarshalPKIXPublicKey(k.public.key)
	if err != nil {
		return fmt.Errorf("bundle: encode the key: %w", err)
	}
	if err := writeNew(path, 0o600, "PRIVATE KEY", private); err != nil {
		return err
	}
	if err := writeNew(path+".pub", 0o644, "PUBLIC KEY", public); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

func writeNew(path string, mode fs.FileMode, kind string, der []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if errors.Is(err, fs.ErrExist) {
		return refuse(CodeKey, path, "choose another name", "the file exists; a key is never overwritten")
	}
	if err != nil {
		return fmt.Errorf("bundle: write the key: %w", err)
	}
	err = pem.Encode(f, &pem.Block{Type: kind, Bytes: der})
	return errors.Join(err, f.Close())
}

// ReadPrivateKey reads a key that WriteKey wrote, or another in PKCS #8.
func ReadPrivateKey(path string) (*PrivateKey, error) {
	block, err := readPEM(path)
	if err != nil {
		return nil, err
	}
	if block.Type != "PRIVATE KEY" {
		return nil, refuse(CodeKey, path, "", "this is a %s, and a private key is needed to sign", block.Type)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, refuse(CodeKey, path, "", "the key cannot be read: %v", err)
	}
	signer, ok := key.(crypto.Signer)
	if !ok || !supported(signer.Public()) {
		return nil, unsupported(path)
	}
	return &PrivateKey{signer, PublicKey{signer.Public()}}, nil
}

// ReadPublicKey reads a key that WriteKey wrote, or another in PKIX.
func ReadPublicKey(path string) (PublicKey, error) {
	block, err := readPEM(path)
	if err != nil {
		return PublicKey{}, err
	}
	if block.Type != "PUBLIC KEY" {
		return PublicKey{}, refuse(CodeKey, path, "use the file that ends with .pub", "this is a %s, and trust takes a public key", block.Type)
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return PublicKey{}, refuse(CodeKey, path, "", "the key cannot be read: %v", err)
	}
	if !supported(key) {
		return PublicKey{}, unsupported(path)
	}
	return PublicKey{key}, nil
}

func readPEM(path string) (*pem.Block, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("bundle: read the key: %w", err)
	}
	block, rest := pem.Decode(data)
	if block == nil || len(rest) > 0 {
		return nil, refuse(CodeKey, path, "", "the file must hold one key in PEM form and nothing else")
	}
	return block, nil
}

func supported(key crypto.PublicKey) bool {
	switch key := key.(type) {
	case ed25519.PublicKey:
		return true
	case *ecdsa.PublicKey:
		return key.Curve == elliptic.P256()
	}
	return false
}

func unsupported(path string) *Error {
	return refuse(CodeKey, path, "make one with: authflow keys new FILE", "only Ed25519 and P-256 keys sign bundles")
}
