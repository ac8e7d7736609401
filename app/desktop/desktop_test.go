package desktop

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/authflow-studio/authflow/app/browser"
	"github.com/authflow-studio/authflow/app/studio"
)

// The front end knows one shape of answer: the window and the browser mode must
// give the same one, for results and for errors of each kind.
func TestBothDoorsAnswerTheSame(t *testing.T) {
	s := studio.New(studio.Options{ConfigDir: t.TempDir(), Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	defer s.Close()
	bridge := &Bridge{ctx: t.Context(), caller: s}
	web := newBrowser(t, s)
	for _, c := range []struct{ name, method, arg, want string }{
		{"a result", "settings.get", `{}`, `"result"`},
		{"an empty result", "settings.set", `{"key":"a","value":1}`, `{"result":null}`},
		{"an error of a method", "flow.load", `{"slug":"login"}`, `"error"`},
		{"an argument of the wrong type", "settings.set", `{"key":1}`, `"bad_argument"`},
		{"no JSON at all", "settings.set", `{`, `"bad_argument"`},
		{"no such method", "settings.delete", `{}`, `"no_method"`},
	} {
		window, page := bridge.Call(c.method, c.arg), web(c.method, c.arg)
		if window != page {
			t.Errorf("%s: the window answers %s, the browser mode %s", c.name, window, page)
		}
		if !strings.Contains(window, c.want) {
			t.Errorf("%s: want %s in %s", c.name, c.want, window)
		}
	}
}

// newBrowser opens the browser mode's door as its own page does.
func newBrowser(t *testing.T, c browser.Caller) func(method, arg string) string {
	t.Helper()
	var srv *browser.Server
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { srv.ServeHTTP(w, r) }))
	t.Cleanup(web.Close)
	srv = browser.New(c, browser.NewEvents(), fstest.MapFS{}, strings.TrimPrefix(web.URL, "http://"))
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	entered, err := client.Get(srv.URL())
	if err != nil {
		t.Fatal(err)
	}
	entered.Body.Close()
	return func(method, arg string) string {
		req, err := http.NewRequest(http.MethodPost, web.URL+"/api/call/"+method, strings.NewReader(arg))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		for _, ck := range entered.Cookies() {
			req.AddCookie(ck)
		}
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
}

type callerFunc func() (any, error)

func (f callerFunc) Call(context.Context, string, json.RawMessage) (any, error) { return f() }

func TestBridgeAnswersEvenWhatItCannotWrite(t *testing.T) {
	for _, c := range []struct {
		name, want string
		call       callerFunc
	}{
		{"an error without a code", `{"error":{"code":"failed","message":"no disk"}}`, func() (any, error) { return nil, errors.New("no disk") }},
		{"a result that is no JSON", `"code":"internal"`, func() (any, error) { return func() {}, nil }},
	} {
		b := &Bridge{ctx: t.Context(), caller: c.call}
		if got := b.Call("m", "{}"); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

func TestWithoutADisplayThereIsNoWindow(t *testing.T) {
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	if HasDisplay() {
		t.Error("a display is seen where there is none")
	}
	if err := (&Window{}).Run(); !errors.Is(err, ErrNoWindow) {
		t.Errorf("running without a display: %v", err)
	}
	t.Setenv("WAYLAND_DISPLAY", "wayland-0")
	if !HasDisplay() {
		t.Error("a Wayland display is not seen")
	}
}
