package agent_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/authflow-studio/authflow/engine/scenario/agent"
)

const origin = "http://127.0.0.1:9400"

// hostile is a page that tries everything that could run code, load something
// or leave the frame.
const hostile = `<!doctype html><html><head><title> Nice page </title>
<base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example/"><meta charset="utf-8">
<script>window.go.desktop.Bridge.Call('users.reset','{}')</script><link rel="import" href="/x"><link rel="stylesheet" href="/style.css"><link rel="stylesheet" href="https://evil.example/x.css">
</head><body onload="alert(1)">
<iframe src="https://evil.example/"></iframe><iframe srcdoc="<script>alert(1)</script>"></iframe><object data="x"></object><embed src="x"><svg onload="alert(1)"><script>1</script></svg><math><mi xlink:href="javascript:1">x</mi></math>
<a href="javascript:alert(1)" onclick="alert(1)">bad</a><a href="JaVaScRiPt:alert(1)">bad</a><a href=" javascript:alert(1)">bad</a><a href="data:text/html,<script>1</script>">bad</a><a href="/next" target="_top" ping="https://evil.example">good</a>
<img src="x" onerror="alert(1)"><img src="https://evil.example/pixel"><img src="/logo.png" srcset="https://evil.example/p 2x">
<form method="post" action="javascript:alert(1)"><input name="a" value="1"><button formaction="javascript:alert(1)">go</button></form>
<form method="post"><input name="b" value="2"><input type="checkbox" name="c"><input type="checkbox" name="d" checked><button name="_button" value="x">x</button></form>
<template><script>alert(1)</script></template><style>p{}</style><p style="color:red">text</p><noscript><iframe src="https://evil.example/"></iframe><p title="</noscript><img src=x onerror=alert(1)>"></noscript>
</body></html>`

func site() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/hostile", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, hostile)
	})
	mux.HandleFunc("/style.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css")
		fmt.Fprint(w, "p{color:blue}</style><script>alert(1)</script>")
	})
	mux.HandleFunc("/logo.png", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		fmt.Fprint(w, "PNG")
	})
	mux.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://app.example/cb?code=1", http.StatusFound)
	})
	mux.HandleFunc("/round", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/round", http.StatusFound) })
	mux.HandleFunc("/set", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "authflow_session_x", Value: "s", Path: "/"})
		http.SetCookie(w, &http.Cookie{Name: "authflow_device_x", Value: "d", Path: "/"})
		http.Redirect(w, r, "/who", http.StatusSeeOther)
	})
	mux.HandleFunc("/who", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s from %s with %s as %q", r.Method, r.RemoteAddr, r.Header.Get("Cookie"), r.UserAgent())
	})
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		fmt.Fprintf(w, "%s %v", r.Method, r.PostForm)
	})
	return mux
}

func get(t *testing.T, a *agent.Agent, path string) *agent.Page {
	t.Helper()
	p, err := a.Get(context.Background(), origin+path)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAHostilePageIsMadeSafe(t *testing.T) {
	p := get(t, agent.New(site(), origin), "/hostile")
	lower := strings.ToLower(p.HTML)
	for _, bad := range []string{"<script", "alert(1)", "javascript:", "<iframe", "<object", "<embed", "<svg", "<base", "http-equiv", "onload", "onclick", "onerror", "evil.example", "target=", "<template", "srcset", "data:text", "bridge"} {
		// What was in the style sheet stays text of a style element, what was in
		// an attribute stays text of that attribute.
		shown := strings.NewReplacer(`p{color:blue}<\/style><script>alert(1)<\/script>`, "", `title="&lt;/noscript&gt;&lt;img src=x onerror=alert(1)&gt;"`, "").Replace(lower)
		if strings.Contains(shown, bad) {
			t.Errorf("%q is still in the page", bad)
		}
	}
	for _, good := range []string{`href="/next"`, "data:image/png;base64,", "p{color:blue}", `style="color:red"`} {
		if !strings.Contains(p.HTML, good) {
			t.Errorf("%q was lost\n%s", good, p.HTML)
		}
	}
	if p.Title != "Nice page" {
		t.Errorf("title %q", p.Title)
	}
}

func TestAFormIsSentAsABrowserSendsIt(t *testing.T) {
	a := agent.New(site(), origin)
	p := get(t, a, "/hostile")
	if len(p.Forms) != 2 || p.Forms[1].Action != origin+"/hostile" {
		t.Fatalf("forms %+v", p.Forms)
	}
	p.Forms[1].Action = origin + "/echo"
	got, err := a.Fill(context.Background(), p, map[string]string{"b": "3"}, "x")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(got.HTML, "POST map[_button:[x] b:[3] d:[on]]") {
		t.Error(got.HTML)
	}
	if _, err := a.Fill(context.Background(), p, map[string]string{"nothing": "1"}, ""); err == nil {
		t.Error("a field that is not there was filled")
	}
}

func TestThePersonIsWhoTheTesterSays(t *testing.T) {
	a := agent.New(site(), origin)
	a.Set(agent.Settings{IP: "2001:db8::7", UserAgent: "Test/1"})
	p := get(t, a, "/set")
	if p.URL != origin+"/who" || !strings.Contains(p.HTML, "GET from [2001:db8::7]:") || !strings.Contains(p.HTML, "authflow_session_x=s") {
		t.Error(p.URL, p.HTML)
	}
	a.ForgetSession()
	if p = get(t, a, "/who"); strings.Contains(p.HTML, "session") || !strings.Contains(p.HTML, "authflow_device_x=d") {
		t.Error(p.HTML)
	}
	a.Forget()
	if p = get(t, a, "/who"); strings.Contains(p.HTML, "device") {
		t.Error(p.HTML)
	}
}

func TestOtherAddressesAreNotAsked(t *testing.T) {
	a := agent.New(site(), origin)
	if p := get(t, a, "/away"); !p.External || p.URL != "https://app.example/cb?code=1" {
		t.Errorf("%+v", p)
	}
	if _, err := a.Get(context.Background(), origin+"/round"); err == nil {
		t.Error("a circle of redirects did not end")
	}
	if _, err := a.Get(context.Background(), "/no/host"); err == nil {
		t.Error("an address without a host was asked")
	}
}

func FuzzSafe(f *testing.F) {
	f.Add(hostile)
	f.Add("<a href=\"java\nscript:alert(1)\">x</a>")
	f.Add("<form action=javascript:1><input formaction=javascript:2 type=submit>")
	f.Fuzz(func(t *testing.T, page string) {
		h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, page)
		})
		p, err := agent.New(h, origin).Get(context.Background(), origin+"/")
		if err != nil {
			return
		}
		// A browser reads the result anew: nothing may come to life then.
		doc, err := html.ParseWithOptions(strings.NewReader(p.HTML), html.ParseOptionEnableScripting(false))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			switch n.DataAtom {
			case atom.Script, atom.Iframe, atom.Object, atom.Embed, atom.Base, atom.Svg, atom.Template:
				t.Errorf("<%s> came through: %q -> %q", n.Data, page, p.HTML)
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s came through: %q -> %q", a.Key, page, p.HTML)
				}
			}
		}
	})
}
