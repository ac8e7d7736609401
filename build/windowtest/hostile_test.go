//go:build windowtest

package windowtest

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// A page template is content that somebody else may have written: it comes with
// a project from a colleague, or from the web. These tests show the most hostile
// one we can think of inside the studio and prove that it cannot call a method.
//
// Each vector tries to write a setting of its own name, by every bridge there
// is: afterwards the settings say who got through.

// attack is script that writes the setting hostile.NAME, as Wails's own runtime,
// as the bridge below it and as the browser mode would, and tells the page
// around it.
func attack(name string) string {
	arg := fmt.Sprintf(`{"key":"hostile.%s","value":1}`, name)
	text, _ := json.Marshal(arg) // a string always can
	call, _ := json.Marshal(fmt.Sprintf(`C{"name":"desktop.Bridge.Call","args":["settings.set",%s],"callbackID":"hostile"}`, text))
	return strings.NewReplacer("ARG", string(text), "CALL", string(call), "NAME", name).Replace(
		`(function(){[self,parent,top,window.opener].forEach(function(w){` +
			`try{w.go.desktop.Bridge.Call("settings.set",ARG)}catch(e){}` +
			`try{w.webkit.messageHandlers.external.postMessage(CALL)}catch(e){}` +
			`try{w.fetch("/api/call/settings.set",{method:"POST",headers:{"Content-Type":"application/json"},body:ARG})}catch(e){}` +
			`try{w.postMessage("hostile.NAME","*")}catch(e){}` +
			`})})()`)
}

// vector is one way to get script run or the studio left.
type vector struct {
	name string
	html func(name string) string
	// press says that it needs a person who clicks on it; a has that id.
	press bool
	// old says that no browser of today falls for it when nothing is in its way.
	old bool
}

// quoted is an attack inside an attribute.
func quoted(name string) string { return html.EscapeString(attack(name)) }

// script is a whole document that attacks.
func script(name string) string { return "<script>" + attack(name) + "</script>" }

func in(format string, inner func(string) string) func(string) string {
	return func(name string) string { return fmt.Sprintf(format, inner(name)) }
}

func escaped(inner func(string) string) func(string) string {
	return func(name string) string { return html.EscapeString(inner(name)) }
}

var vectors = []vector{
	{name: "script", html: script},
	{name: "module", html: in(`<script type="module">%s</script>`, attack)},
	{name: "script-data", html: in(`<script src="data:text/javascript,%s"></script>`, quoted)},
	{name: "img-onerror", html: in(`<img src="x:" onerror="%s">`, quoted)},
	{name: "svg-onload", html: in(`<svg onload="%s"></svg>`, quoted)},
	{name: "svg-script", html: in(`<svg><script>%s</script></svg>`, quoted)},
	{name: "svg-animate", html: in(`<svg><animate onbegin="%s" attributeName="x" dur="1s"></animate></svg>`, quoted)},
	{name: "details", html: in(`<details open ontoggle="%s">x</details>`, quoted)},
	{name: "focus", html: in(`<input id="ID" autofocus onfocus="%s">`, quoted), press: true},
	{name: "video", html: in(`<video><source onerror="%s"></video>`, quoted)},
	{name: "animation", html: in(`<style>@keyframes hostile{}</style><p style="animation-name:hostile" onanimationstart="%s">x</p>`, quoted)},
	{name: "frame-srcdoc", html: in(`<iframe srcdoc="%s"></iframe>`, escaped(script))},
	{name: "frame-javascript", html: in(`<iframe src="javascript:%s"></iframe>`, quoted)},
	{name: "frame-data", html: in(`<iframe src="data:text/html,%s"></iframe>`, escaped(script))},
	{name: "object", html: in(`<object data="data:text/html,%s"></object>`, escaped(script))},
	{name: "embed", html: in(`<embed src="data:text/html,%s" type="text/html">`, escaped(script))},
	{name: "noscript", html: in(`<noscript><p title="</noscript><img src=x: onerror='%s'>"></noscript>`, quoted)},
	{name: "comment", html: in(`<!--><img src=x: onerror="%s">-->`, quoted)},
	{name: "shadow", html: in(`<div><template shadowrootmode="open"><img src="x:" onerror="%s"></template></div>`, quoted)},
	{name: "case", html: in(`<ImG sRc="x:" OnErRoR="%s">`, quoted)},
	{name: "slash", html: in(`<img/src="x:"/onerror="%s"/>`, quoted)},
	{name: "refresh-javascript", html: in(`<meta http-equiv="refresh" content="0;url=javascript:%s">`, quoted), old: true},
	{name: "refresh-data", html: in(`<meta http-equiv="refresh" content="0;url=data:text/html,%s">`, escaped(script)), old: true},
	{name: "import", html: in(`<link rel="import" href="data:text/html,%s">`, escaped(script)), old: true},
	{name: "link", html: in(`<a id="ID" href="javascript:%s">x</a>`, quoted), press: true},
	{name: "link-tab", html: in("<a id=\"ID\" href=\" java\tscript:%s\">x</a>", quoted), press: true},
	{name: "link-click", html: in(`<a id="ID" href="#" onclick="%s">x</a>`, quoted), press: true},
	{name: "form", html: in(`<form action="javascript:%s"><button id="ID">x</button></form>`, quoted), press: true},
	{name: "formaction", html: in(`<form action="/x"><button id="ID" formaction="javascript:%s">x</button></form>`, quoted), press: true},
	{name: "top", html: in(`<a id="ID" target="_top" href="data:text/html,%s">x</a>`, escaped(script)), press: true, old: true},
	{name: "forged-form", press: true, old: true, html: func(name string) string {
		return fmt.Sprintf(`<form target="_top" method="post" enctype="text/plain" action="/api/call/settings.set"><input type="hidden" name="%s" value="%s"><button id="ID">x</button></form>`,
			html.EscapeString(`{"key":"hostile.`+name+`","value":1,"x":"`), html.EscapeString(`"}`))
	}},
	{name: "top-form", press: true, old: true, html: func(string) string {
		return `<form target="_top" action="http://127.0.0.1:9/left"><button id="ID" formtarget="_top">x</button></form>`
	}},
	// The last one: what comes after it is swallowed.
	{name: "math", html: in(`<form><math><mtext></form><form><mglyph><style></math><img src=x: onerror="%s"></style></mglyph></form>`, quoted), old: true},
}

func (v vector) markup() string {
	return `<div class="vector">` + strings.ReplaceAll(v.html(v.name), `id="ID"`, `id="v-`+v.name+`"`) + "</div>\n"
}

func hostile() string {
	var page strings.Builder
	for _, v := range vectors {
		page.WriteString(v.markup())
	}
	return page.String()
}

// hostileProject is a starter project with a hostile sign-in page.
func hostileProject(t *testing.T, p Programs) string {
	t.Helper()
	project := newProject(t, p)
	text := `{{define "content"}}<h1>Hostile</h1>{{template "form" .}}` + hostile() + `{{end}}{{template "layout" .}}`
	if err := os.WriteFile(filepath.Join(project, "pages", "sign_in.html"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return project
}

func TestHostilePageCallsNothing_Window(t *testing.T) {
	p := programs(t)
	s, screen := openWindow(t, p, hostileProject(t, p))
	attacked(t, s)
	img, err := screen.Picture()
	if err != nil {
		t.Fatal(err)
	}
	keep(t, filepath.Join(p.Artifacts, "hostile.png"), img)
}

func TestHostilePageCallsNothing_Browser(t *testing.T) {
	p := programs(t)
	attacked(t, openBrowserMode(t, p, hostileProject(t, p)))
}

// panel is the document of the frame that shows the flow's page.
const panel = `document.querySelector('[aria-label="Browser"] iframe:not([aria-hidden])')?.contentDocument`

// attacked runs the hostile flow in the studio's browser panel, presses all there
// is to press, and then shows that the attack was a real one.
func attacked(t *testing.T, s *studio) {
	t.Helper()
	s.press("the Browser panel", `[...document.querySelectorAll('[aria-label="Panels"] button')].find((b) => b.innerText.includes('Browser'))`)
	s.pressAll("the browser panel", panel, s.show)

	// The frame's own wall, with all that is before it taken away: the page as it
	// was written, in a frame like the panel's.
	sandbox := eval[string](s, `document.querySelector('[aria-label="Browser"] iframe').getAttribute('sandbox')`)
	s.pressAll(fmt.Sprintf("a frame with sandbox=%q", sandbox), "window.bare?.contentDocument", func() { s.frame(sandbox) })

	// The same attack by the studio's own page gets through; else all of this
	// would prove nothing.
	eval[any](s, "(async () => { %s })()", attack("control"))
	s.until("the attack by the studio's own page gets through", "(await %s('settings.get')).result['hostile.control'] === 1", s.call)
}

// pressAll shows the page anew for each vector that a person must fall for, and
// checks that none got through.
func (s *studio) pressAll(where, document string, show func()) {
	s.t.Helper()
	home := eval[string](s, "location.href")
	for _, v := range vectors {
		if v.press {
			show()
			s.press(v.name+" in "+where, "(%s)?.getElementById('v-%s')", document, v.name)
			s.settle()
		}
		if now := eval[string](s, "location.href"); now != home {
			s.t.Fatalf("in %s, %s led the studio away, to %s", where, v.name, now)
		}
	}
	show()
	s.settle()
	broken := eval[[]string](s, "(async () => Object.keys((await %s('settings.get')).result).filter((k) => k.startsWith('hostile.')))()", s.call)
	if len(broken) > 0 {
		s.t.Fatalf("in %s, the page of a flow called a method: %v", where, broken)
	}
}

// show runs the flow and waits for its page in the panel.
func (s *studio) show() {
	s.t.Helper()
	eval[any](s, "%s('run.start', {flow: 'login'})", s.call)
	s.until("the panel shows the page", "(%s)?.querySelector('h1')?.innerText === 'Hostile'", panel)
}

// frame shows the page as it was written in a frame over the studio.
func (s *studio) frame(sandbox string) {
	s.t.Helper()
	text, err := json.Marshal(hostile())
	if err != nil {
		s.t.Fatal(err)
	}
	eval[any](s, `new Promise((done) => {
		window.bare?.remove()
		const f = window.bare = document.createElement('iframe')
		f.setAttribute('sandbox', %q)
		f.style.cssText = 'position:fixed;inset:0;width:100%%;height:100%%;z-index:9999;background:white'
		f.srcdoc = %s
		f.onload = done
		document.body.append(f)
	})`, sandbox, text)
	s.settle()
}

// settle gives what was begun the time to do harm.
func (s *studio) settle() {
	s.t.Helper()
	eval[any](s, "new Promise((done) => setTimeout(done, 400))")
}

// Without our walls the vectors work: each is shown to a Chromium alone.
func TestHostileVectorsAreLive(t *testing.T) {
	var shown vector
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><script>heard = []; onmessage = (m) => heard.push(m.data)</script>%s`, shown.markup())
	}))
	defer server.Close()
	p := programs(t)
	browser, page, err := p.OpenChromium(t.TempDir(), "about:blank")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { closed(t, browser.Close()) }()
	s := &studio{t: t, page: page, click: page.Click}
	for _, v := range vectors {
		if v.old {
			continue
		}
		shown = v
		if err := page.Go(fmt.Sprintf("%s/?%s", server.URL, v.name)); err != nil {
			t.Fatal(err)
		}
		s.until(v.name+" is shown", "location.search === '?%s' && document.readyState === 'complete'", v.name)
		if v.press {
			s.press(v.name, "document.getElementById('v-%s')", v.name)
		}
		var heard []string
		for range 20 {
			if heard = eval[[]string](s, "heard"); slices.Contains(heard, "hostile."+v.name) {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		if !slices.Contains(heard, "hostile."+v.name) {
			t.Errorf("%s does nothing even where nothing is in its way: it proves nothing", v.name)
		}
	}
}
