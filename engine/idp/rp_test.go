package idp_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"github.com/authflow-studio/authflow/engine/world"
)

// This file is the clients' own servers, and the key of one of them.

// relyingParties is a server on a real port behind every client's name, which
// takes logout tokens.
type relyingParties struct {
	server *httptest.Server
	client *http.Client

	mu     sync.Mutex
	status int
	got    []posted
}

type posted struct {
	host, path string
	form       url.Values
	header     http.Header
}

var _ world.HTTP = (*relyingParties)(nil)

func newRelyingParties(t testing.TB) *relyingParties {
	rp := &relyingParties{status: http.StatusOK}
	rp.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		form, parseErr := url.ParseQuery(string(body))
		rp.mu.Lock()
		defer rp.mu.Unlock()
		if err != nil || parseErr != nil || r.Method != http.MethodPost {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		rp.got = append(rp.got, posted{r.Host, r.URL.RequestURI(), form, r.Header})
		w.WriteHeader(rp.status)
	}))
	t.Cleanup(rp.server.Close)
	rp.client = &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, rp.server.Listener.Addr().String())
	}}}
	t.Cleanup(rp.client.CloseIdleConnections)
	return rp
}

// Do is the provider's way out: the names of clients lead here, without TLS.
func (rp *relyingParties) Do(ctx context.Context, r world.Request) (world.Response, error) {
	req, err := http.NewRequestWithContext(ctx, r.Method, strings.Replace(r.URL, "https:", "http:", 1), strings.NewReader(r.Body))
	if err != nil {
		return world.Response{}, err
	}
	for name, value := range r.Header {
		req.Header.Set(name, value)
	}
	resp, err := rp.client.Do(req)
	if err != nil {
		return world.Response{}, err
	}
	defer resp.Body.Close()
	return world.Response{Status: resp.StatusCode}, nil
}

func (rp *relyingParties) answers(status int) {
	rp.mu.Lock()
	defer rp.mu.Unlock()
	rp.status = status
}

// take answers what came since the last time.
func (rp *relyingParties) take() []posted {
	rp.mu.Lock()
	defer rp.mu.Unlock()
	got := rp.got
	rp.got = nil
	return got
}

// keyedKey is the private key of the client keyed.
var keyedKey = func() *ecdsa.PrivateKey {
	raw := make([]byte, 32)
	raw[31] = 7
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), raw)
	if err != nil {
		panic(err)
	}
	return key
}()

func keyedJWKS() json.RawMessage {
	point, err := keyedKey.PublicKey.Bytes()
	if err != nil {
		panic(err)
	}
	b64 := base64.RawURLEncoding.EncodeToString
	raw, err := json.Marshal(map[string]any{"keys": []any{map[string]any{"kty": "EC", "crv": "P-256", "kid": "k1", "x": b64(point[1:33]), "y": b64(point[33:])}}})
	if err != nil {
		panic(err)
	}
	return raw
}

// assertion signs one for client keyed, with changes of its claims.
func (o *op) assertion(changes map[string]any) string {
	o.t.Helper()
	claims := jwt.MapClaims{"iss": "keyed", "sub": "keyed", "aud": o.issuer, "exp": o.clock.Now().Unix() + 60, "jti": string(rune('a' + len(o.asked)))}
	for name, value := range changes {
		claims[name] = value
		if value == nil {
			delete(claims, name)
		}
	}
	token := jwt.NewWithClaims(jwt.SigningMethodES256, claims)
	token.Header["kid"] = "k1"
	signed, err := token.SignedString(keyedKey)
	if err != nil {
		o.t.Fatal(err)
	}
	return signed
}
