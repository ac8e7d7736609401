package cli_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// editor speaks the Debug Adapter Protocol by hand.
type editor struct {
	t   *testing.T
	w   io.Writer
	r   *bufio.Reader
	seq int
	// put are messages that came while another was waited for.
	put []map[string]any
}

func (e *editor) read() map[string]any {
	e.t.Helper()
	length := 0
	for {
		line, err := e.r.ReadString('\n')
		if err != nil {
			e.t.Fatal(err)
		}
		if line = strings.TrimSpace(line); line == "" {
			break
		}
		if err := json.Unmarshal([]byte(strings.TrimPrefix(line, "Content-Length: ")), &length); err != nil {
			e.t.Fatalf("the header %q: %v", line, err)
		}
	}
	body := make([]byte, length)
	var m map[string]any
	if _, err := io.ReadFull(e.r, body); err != nil {
		e.t.Fatal(err)
	}
	if err := json.Unmarshal(body, &m); err != nil {
		e.t.Fatal(err)
	}
	return m
}

// ask sends a request and answers its response.
func (e *editor) ask(command string, arguments any) map[string]any {
	e.t.Helper()
	e.seq++
	text, err := json.Marshal(map[string]any{"seq": e.seq, "type": "request", "command": command, "arguments": arguments})
	if err != nil {
		e.t.Fatal(err)
	}
	length, _ := json.Marshal(len(text))
	if _, err := io.WriteString(e.w, "Content-Length: "+string(length)+"\r\n\r\n"+string(text)); err != nil {
		e.t.Fatal(err)
	}
	for {
		m := e.read()
		if m["type"] == "response" && m["request_seq"] == float64(e.seq) {
			return m
		}
		e.put = append(e.put, m)
	}
}

func (e *editor) ok(command string, arguments any) map[string]any {
	e.t.Helper()
	m := e.ask(command, arguments)
	if m["success"] != true {
		e.t.Fatalf("%s: %v", command, m["message"])
	}
	body, _ := m["body"].(map[string]any)
	return body
}

func (e *editor) event(name string) map[string]any {
	e.t.Helper()
	for {
		var m map[string]any
		if len(e.put) > 0 {
			m, e.put = e.put[0], e.put[1:]
		} else {
			m = e.read()
		}
		if m["type"] == "event" && m["event"] == name {
			body, _ := m["body"].(map[string]any)
			return body
		}
	}
}

type obj = map[string]any

var demoAddress = regexp.MustCompile(`http://\S+/demo`)

// signInAt opens the demo client and sends the password.
func signInAt(t *testing.T, demo string) chan string {
	p := newPerson(t, "none")
	done := make(chan string, 1)
	res, page := p.read(p.client.Get(demo + "/login?prompt=login"))
	form := url.Values{"identifier": {"ada@example.com"}, "password": {"analytical-engine"}, "_ticket": {ticket.FindStringSubmatch(page)[1]}}
	go func() {
		res, err := p.client.PostForm(res.Request.URL.String(), form)
		if err != nil {
			done <- err.Error()
			return
		}
		defer res.Body.Close()
		text, _ := io.ReadAll(res.Body)
		done <- string(text)
	}()
	return done
}

// The way of VS Code: the program on standard input and output, on the starter.
func TestD6_AuthflowDebugOnStandardInput(t *testing.T) {
	dir := t.TempDir()
	once(t, dir, "new", "acme")
	cmd := exec.Command(os.Args[0], "debug", "acme", "--addr", "127.0.0.1:0")
	cmd.Env, cmd.Dir, cmd.Stderr = append(os.Environ(), asProgram+"=1"), dir, os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(40*time.Second, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	e := &editor{t: t, w: in, r: bufio.NewReader(out)}
	e.ok("initialize", obj{"adapterID": "authflow"})
	e.ok("launch", obj{"project": "acme"})
	e.event("initialized")
	flow := filepath.Join(dir, "acme", "flows", "login.json")
	action := filepath.Join(dir, "acme", "actions", "account_kind.js")
	bs := e.ok("setBreakpoints", obj{"source": obj{"path": flow}, "breakpoints": []obj{{"line": 75}}})["breakpoints"].([]any)
	if bs[0].(obj)["verified"] != true {
		t.Fatal(bs)
	}
	e.ok("setBreakpoints", obj{"source": obj{"path": action}, "breakpoints": []obj{{"line": 12}}})
	e.ok("configurationDone", nil)
	demo := demoAddress.FindString(e.event("output")["output"].(string))
	answer := signInAt(t, demo)
	thread := e.event("stopped")["threadId"]
	frames := e.ok("stackTrace", obj{"threadId": thread})["stackFrames"].([]any)
	if len(frames) != 1 || frames[0].(obj)["source"].(obj)["path"] != flow {
		t.Fatal(frames)
	}
	e.ok("continue", obj{"threadId": thread})
	e.event("stopped")
	frames = e.ok("stackTrace", obj{"threadId": thread})["stackFrames"].([]any)
	if got := e.ok("evaluate", obj{"expression": "domain", "frameId": frames[0].(obj)["id"]})["result"]; got != `"example.com"` {
		t.Errorf("the domain is %v", got)
	}
	// The project is edited meanwhile: the next sign-in has it.
	text, err := os.ReadFile(action)
	if err == nil {
		err = os.WriteFile(action, []byte("// one line more\n"+string(text)), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	e.event("loadedSource")
	e.ok("continue", obj{"threadId": thread})
	if page := <-answer; !strings.Contains(page, "account_kind") {
		t.Errorf("the person sees %s", page)
	}
	e.ok("disconnect", nil)
	if err := cmd.Wait(); err != nil {
		t.Errorf("the program ended with %v", err)
	}
}

func TestD6_AuthflowDebugListensForEditors(t *testing.T) {
	dir := t.TempDir()
	once(t, dir, "new", "acme")
	run := program(t, dir, "run", "acme", "--addr", "127.0.0.1:0", "--json")
	<-signInAt(t, run["demo_url"].(string))
	recordedAt(t, run, filepath.Join(dir, "acme", "run.json"))

	ready := program(t, dir, "debug", "acme", "--addr", "127.0.0.1:0", "--listen", "127.0.0.1:0")
	connect := func() *editor {
		conn, err := net.Dial("tcp", ready["address"].(string))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		_ = conn.SetDeadline(time.Now().Add(40 * time.Second))
		e := &editor{t: t, w: conn, r: bufio.NewReader(conn)}
		e.ok("initialize", obj{"adapterID": "authflow"})
		return e
	}
	e := connect()
	if m := e.ask("attach", obj{"token": "guessed"}); m["success"] != false {
		t.Error("a wrong token was taken")
	}
	if _, err := e.r.ReadByte(); err != io.EOF {
		t.Errorf("who has no token is still connected: %v", err)
	}
	e = connect()
	e.ok("attach", obj{"token": ready["token"], "journal": "run.json"})
	e.event("initialized")
	e.ok("configurationDone", nil)
	stop := e.event("stopped")
	if stop["reason"] != "entry" {
		t.Errorf("the recording stopped: %v", stop)
	}
	threads := e.ok("threads", nil)["threads"].([]any)
	if name := threads[0].(obj)["name"].(string); !strings.HasSuffix(name, "(replay)") {
		t.Errorf("threads %v", threads)
	}
	e.ok("continue", obj{"threadId": stop["threadId"]})
	for e.event("thread")["reason"] != "exited" {
	}
	bad := connect()
	bad.ok("attach", obj{"token": ready["token"], "journal": "none.json"})
	if m := bad.ask("configurationDone", nil); m["success"] != false || !strings.Contains(m["message"].(string), "recording") {
		t.Errorf("a recording that is not there: %v", m)
	}
	cmd := exec.Command(os.Args[0], "debug", "acme", "--addr", "127.0.0.1:0", "--listen", "0.0.0.0:0")
	cmd.Env, cmd.Dir = append(os.Environ(), asProgram+"=1"), dir
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "loopback") {
		t.Errorf("it listens to others: %v %s", err, out)
	}
}

// recordedAt writes the recording of the newest run to a file.
func recordedAt(t *testing.T, run map[string]any, file string) {
	t.Helper()
	get := func(path string) []byte {
		req, err := http.NewRequest(http.MethodGet, run["control_url"].(string)+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+run["control_token"].(string))
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, _ := io.ReadAll(res.Body)
		if res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %s", path, res.StatusCode, text)
		}
		return text
	}
	found := regexp.MustCompile(`run_[A-Za-z0-9_-]{16}`).Find(get("/audit"))
	if err := os.WriteFile(file, get("/runs/"+string(found)+"/recording"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// The extension for VS Code is what VS Code asks of one.
func TestTheExtensionForVSCode(t *testing.T) {
	dir := filepath.Join("..", "..", "build", "vscode")
	text, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		Name, Version, Publisher, Main string
		Engines                        map[string]string
		Dependencies                   map[string]string
		Contributes                    struct {
			Breakpoints []struct{ Language string }
			Debuggers   []struct {
				Type                    string
				ConfigurationAttributes map[string]struct {
					Required   []string
					Properties map[string]obj
				}
				ConfigurationSnippets []struct {
					Label string
					Body  obj
				}
			}
		}
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		t.Fatal(err)
	}
	if manifest.Name == "" || manifest.Version == "" || manifest.Publisher == "" || manifest.Engines["vscode"] == "" || len(manifest.Dependencies) > 0 {
		t.Errorf("manifest %+v", manifest)
	}
	code, err := os.ReadFile(filepath.Join(dir, manifest.Main))
	if err != nil {
		t.Fatal(err)
	}
	for _, must := range []string{"exports.activate", "DebugAdapterExecutable", "['debug', wanted.project]", "DebugAdapterServer"} {
		if !strings.Contains(string(code), must) {
			t.Errorf("%s has no %s", manifest.Main, must)
		}
	}
	d := manifest.Contributes.Debuggers[0]
	if d.Type != "authflow" || len(manifest.Contributes.Breakpoints) != 4 {
		t.Errorf("contributes %+v", manifest.Contributes)
	}
	for _, s := range d.ConfigurationSnippets {
		kind := d.ConfigurationAttributes[s.Body["request"].(string)]
		for name := range s.Body {
			if _, known := kind.Properties[name]; !known && name != "type" && name != "request" && name != "name" {
				t.Errorf("the snippet %q has %s, which is no argument of %s", s.Label, name, s.Body["request"])
			}
		}
		for _, name := range kind.Required {
			if s.Body[name] == nil {
				t.Errorf("the snippet %q lacks %s", s.Label, name)
			}
		}
	}
}
