package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/block"
)

// S3: with TLS every cookie is bound to the host and Secure; always HttpOnly and
// SameSite; names differ by issuer, because the ports of a host share cookies.
func TestS3_Cookies(t *testing.T) {
	set := func(issuer string) []*http.Cookie {
		w := httptest.NewRecorder()
		c := NewCookies(issuer)
		c.setRun(w, "run_1", "key")
		c.issue(w, &block.Issued{SessionSecret: "s", DeviceSecret: "d"})
		return w.Result().Cookies()
	}
	names := map[string]bool{}
	for _, issuer := range []string{"https://login.example", "http://127.0.0.1:9400", "http://127.0.0.1:9401"} {
		tls := strings.HasPrefix(issuer, "https://")
		for _, ck := range set(issuer) {
			if !ck.HttpOnly || ck.SameSite != http.SameSiteLaxMode || ck.Path != "/" || ck.Domain != "" || ck.Secure != tls || strings.HasPrefix(ck.Name, "__Host-") != tls {
				t.Errorf("%s: %s", issuer, ck)
			}
			if names[ck.Name] {
				t.Errorf("%s: another issuer has a cookie %s", issuer, ck.Name)
			}
			names[ck.Name] = true
		}
	}
	if len(names) != 9 {
		t.Errorf("%d cookies: %v", len(names), names)
	}
}
