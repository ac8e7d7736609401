package server_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// N11: a native client follows a link by the same rules: a GET or HEAD changes
// nothing, a POST with the ticket goes on, without it nothing happens.
func TestN11_NativeClientsFollowLinks(t *testing.T) {
	r := newRig(t, nil, byLink)
	cookies := map[string]*http.Cookie{}
	ask := func(method, address string, body map[string]any) (int, map[string]any) {
		t.Helper()
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		req := httptest.NewRequest(method, address, strings.NewReader(string(text)))
		req.Header.Set("Accept", "application/json")
		req.Header.Set("Content-Type", "application/json")
		req.RemoteAddr = "127.0.0.1:1"
		for _, c := range cookies {
			req.AddCookie(c)
		}
		w := httptest.NewRecorder()
		r.ServeHTTP(w, req)
		for _, c := range w.Result().Cookies() {
			cookies[c.Name] = c
		}
		out := map[string]any{}
		_ = json.Unmarshal(w.Body.Bytes(), &out)
		return w.Code, out
	}
	_, page := ask("GET", issuer+"/flows/login", nil)
	if page["page"] != "sign_in" {
		t.Fatalf("%v", page)
	}
	_, page = ask("POST", issuer+"/fl/sign_in", map[string]any{"ticket": page["ticket"], "fields": map[string]any{"identifier": "ada"}})
	if page["page"] != "auth/magic_link" {
		t.Fatalf("%v", page)
	}
	link := r.link()
	for _, method := range []string{"HEAD", "GET"} {
		if status, _ := ask(method, link, nil); status != 200 {
			t.Fatalf("%s: %d", method, status)
		}
	}
	_, confirm := ask("GET", link, nil)
	model, _ := confirm["model"].(map[string]any)
	if status, out := ask("POST", issuer+"/fl/link", map[string]any{"ticket": "stale", "fields": model}); status != 404 || r.sessionCount() != 0 {
		t.Fatalf("without the ticket: %d %v", status, out)
	}
	status, out := ask("POST", issuer+"/fl/link", map[string]any{"ticket": confirm["ticket"], "fields": model})
	if status != 200 || out["status"] != "ended" || out["success"] != true || r.sessionCount() != 1 {
		t.Errorf("%d %v", status, out)
	}
	if status, _ := ask("DELETE", link, nil); status != 405 {
		t.Errorf("DELETE: %d", status)
	}
}
