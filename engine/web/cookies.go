package web

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/block"
)

// Cookies names and sets the cookies (rule S3). With TLS they are bound to the
// host by the __Host- prefix. Ports of one host share cookies, so the names
// carry a mark of the issuer.
type Cookies struct {
	mark   string
	secure bool
}

// NewCookies makes the cookies of an issuer.
func NewCookies(issuer string) Cookies {
	sum := sha256.Sum256([]byte(issuer))
	return Cookies{mark: hex.EncodeToString(sum[:4]), secure: strings.HasPrefix(issuer, "https://")}
}

func (c Cookies) name(what string) string {
	n := "authflow_" + what + "_" + c.mark
	if c.secure {
		return "__Host-" + n
	}
	return n
}

func (c Cookies) set(w http.ResponseWriter, what, value string, life time.Duration) {
	ck := &http.Cookie{Name: c.name(what), Value: value, Path: "/", HttpOnly: true, Secure: c.secure, SameSite: http.SameSiteLaxMode}
	switch {
	case life < 0:
		ck.MaxAge = -1
	case life > 0:
		ck.MaxAge = int(life / time.Second)
	}
	http.SetCookie(w, ck)
}

func (c Cookies) get(r *http.Request, what string) string {
	ck, err := r.Cookie(c.name(what))
	if err != nil {
		return ""
	}
	return ck.Value
}

// run answers the id and the secret of the run's cookie.
func (c Cookies) run(r *http.Request) (id, key string, ok bool) {
	id, key, ok = strings.Cut(c.get(r, "run"), ".")
	return id, key, ok && strings.HasPrefix(id, "run_") && len(id) < 64 && len(key) < 128
}

func (c Cookies) setRun(w http.ResponseWriter, id, key string) { c.set(w, "run", id+"."+key, 0) }

func (c Cookies) clearRun(w http.ResponseWriter) { c.set(w, "run", "", -1) }

// Session answers the secret of the session's cookie.
func (c Cookies) Session(r *http.Request) string { return c.get(r, "session") }

// SetSession gives the browser the secret of a session that began without a run.
func (c Cookies) SetSession(w http.ResponseWriter, secret string) { c.set(w, "session", secret, 0) }

// ClearSession takes the session's cookie away.
func (c Cookies) ClearSession(w http.ResponseWriter) { c.set(w, "session", "", -1) }

// Carried answers the secrets that came with the request.
func (c Cookies) Carried(r *http.Request) block.Carried {
	return block.Carried{Device: c.get(r, "device"), Session: c.get(r, "session")}
}

// deviceLife is how long a browser keeps the device cookie.
const deviceLife = 180 * 24 * time.Hour

// issue sets the cookies for what a run made.
func (c Cookies) issue(w http.ResponseWriter, i *block.Issued) {
	if i == nil {
		return
	}
	if i.SessionSecret != "" {
		c.set(w, "session", i.SessionSecret, 0)
	}
	if i.DeviceSecret != "" {
		c.set(w, "device", i.DeviceSecret, deviceLife)
	}
}
