package idp

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file brings the answer of an authorization request to the client, as it
// asked for it: in the address, or in a form that the browser posts.

func errorAnswer(e *oauthError) url.Values {
	answer := url.Values{"error": {e.Code}}
	if d := describe(e.Description); d != "" {
		answer.Set("error_description", d)
	}
	return answer
}

// complete adds what every answer has; iss as RFC 9207 asks.
func (p *Provider) complete(q authRequest, answer url.Values) url.Values {
	answer.Set("iss", p.o.Issuer)
	if q.State != "" {
		answer.Set("state", q.State)
	}
	return answer
}

// send answers the browser that is here.
func (p *Provider) send(w http.ResponseWriter, r *http.Request, q authRequest, answer url.Values) {
	answer = p.complete(q, answer)
	noteOutcome(w, answer.Get("error"))
	if q.ResponseMode == modeFormPost {
		p.formPage(w, r, parked{q.RedirectURI, answer})
		return
	}
	redirect(w, r, withQuery(q.RedirectURI, answer))
}

// leadTo answers where to send a browser that is elsewhere. What is to be posted
// is parked for it.
func (p *Provider) leadTo(w store.Writer, q authRequest, answer url.Values) (string, error) {
	answer = p.complete(q, answer)
	if q.ResponseMode == modeFormPost {
		return p.park(w, parked{q.RedirectURI, answer})
	}
	return withQuery(q.RedirectURI, answer), nil
}

// parked is an answer that waits for its browser to fetch it.
type parked struct {
	URI    string     `json:"uri"`
	Answer url.Values `json:"answer"`
}

const (
	bucketParked = "form_post" // hash of a handle → answer, sealed
	parkedLife   = time.Minute
)

// park seals the answer, which holds a code, with its handle: what is stored
// opens nothing (rule S3).
func (p *Provider) park(w store.Writer, it parked) (string, error) {
	raw, err := json.Marshal(it)
	if err != nil {
		return "", fmt.Errorf("idp: an answer cannot be written: %w", err)
	}
	handle := p.randomText(secretBytes)
	seal, err := sealer(handle)
	if err != nil {
		return "", err
	}
	w.Create(bucketParked, sha256Hex(handle), seal.Seal(nil, make([]byte, seal.NonceSize()), raw, nil), p.o.Clock.Now().Add(parkedLife))
	return p.o.Issuer + pathFormPost + "?handle=" + handle, nil
}

// sealer makes a cipher that is used once, so its nonce may be zero.
func sealer(handle string) (cipher.AEAD, error) {
	key := sha256.Sum256([]byte("form_post " + handle))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, fmt.Errorf("idp: an answer cannot be sealed: %w", err)
	}
	return cipher.NewGCM(block)
}

func (p *Provider) unpark(ctx context.Context, handle string) (it parked, err error) {
	u := p.begin()
	e, err := u.Claim(ctx, bucketParked, sha256Hex(handle))
	if err != nil {
		return it, err
	}
	if err := u.Commit(ctx); err != nil {
		return it, err
	}
	seal, err := sealer(handle)
	if err != nil {
		return it, err
	}
	raw, err := seal.Open(nil, make([]byte, seal.NonceSize()), e.Value, nil)
	if err != nil {
		return it, fmt.Errorf("idp: a parked answer is not readable: %w", err)
	}
	return it, json.Unmarshal(raw, &it)
}

// formPost hands a parked answer to its browser, once.
func (p *Provider) formPost(w http.ResponseWriter, r *http.Request) {
	it, err := p.unpark(r.Context(), r.URL.Query().Get("handle"))
	switch {
	case errors.Is(err, store.ErrNotFound), store.IsConflict(err):
		p.errorPage(w, r, refuse("invalid_request", "this answer was fetched before or is too old"))
	case err != nil:
		p.pageServerError(w, r, err)
	default:
		p.formPage(w, r, it)
	}
}

// redirect sends the browser on: 303 after a POST, so that it does not post
// again, 302 after a GET.
func redirect(w http.ResponseWriter, r *http.Request, to string) {
	status := http.StatusFound
	if r.Method == http.MethodPost {
		status = http.StatusSeeOther
	}
	h := w.Header()
	h.Set("Location", to) // not http.Redirect, which rewrites addresses and writes them into a body
	h.Set("Cache-Control", "no-store")
	h.Set("Pragma", "no-cache")
	h.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(status)
}
