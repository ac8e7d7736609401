package dap_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	protocol "github.com/google/go-dap"

	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/debug/dap"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/script"
)

// stream is a client that says something and goes away.
type stream struct {
	io.Reader
	io.Writer
}

func (stream) Close() error { return nil }

type noPlaces struct{}

func (noPlaces) Places(context.Context, script.Unit) (script.Places, error) {
	return script.Places{}, io.EOF
}

// FuzzServe holds the server against whatever a client may say, framed rightly
// or not: it answers or sends the client away, and never ends.
func FuzzServe(f *testing.F) {
	framed := func(bodies ...string) []byte {
		var b bytes.Buffer
		for _, body := range append([]string{`{"seq":1,"type":"request","command":"initialize","arguments":{"adapterID":"x"}}`, `{"seq":2,"type":"request","command":"attach"}`}, bodies...) {
			fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(body), body)
		}
		return b.Bytes()
	}
	f.Add([]byte("Content-Length: 4194305\r\n\r\n"))
	f.Add([]byte("Content-Length: -1\r\n\r\n{}"))
	f.Add([]byte("X: y\r\nContent-Length: 2\r\n\r\n{}"))
	for _, command := range []string{"configurationDone", "threads", "stackTrace", "scopes", "variables", "evaluate", "completions", "setVariable", "setExpression", "source", "modules", "goto", "gotoTargets", "cancel", "terminate", "disconnect", "breakpointLocations", "setFunctionBreakpoints", "setDataBreakpoints", "dataBreakpointInfo", "setExceptionBreakpoints"} {
		f.Add(framed(fmt.Sprintf(`{"seq":3,"type":"request","command":%q,"arguments":{"threadId":1,"frameId":0,"variablesReference":1,"expression":"a","name":"step.x","text":"a.","column":9,"line":2,"endLine":-7,"filters":["deny"],"breakpoints":[{"name":"a.b","dataId":"event.x","line":4}],"source":{"path":"/p/flows/a.json"}}}`, command)))
	}
	f.Add(framed(`{"seq":3,"type":"request","command":"setBreakpoints","arguments":{"source":{"path":"/p/flows/a.json"},"breakpoints":[{"line":1},{"line":-5,"condition":"("}]}}`))
	p, problems := flow.Parse(map[string][]byte{flow.SettingsFile: []byte(`{"format":1,"name":"x","version":"1"}`),
		"flows/a.json": []byte(`{"format":1,"name":"A","trigger":"login","enabled":true,"start":"no","blocks":{"no":{"type":"deny","stage":"pre_login","config":{"reason":"x"}}}}`)})
	if len(problems) > 0 {
		f.Fatal(problems[0])
	}
	f.Fuzz(func(t *testing.T, said []byte) {
		s := dap.New(dap.Options{Debugger: debug.New(), Dir: "/p", Project: func() *flow.Project { return p }, Places: noPlaces{}})
		defer s.Close()
		_ = s.Serve(t.Context(), stream{bytes.NewReader(said), io.Discard})
		if len(s.Debugger.Breakpoints()) != 0 {
			t.Error("breakpoints of a client that is gone are left")
		}
	})
}

// FuzzFlowText asks for places in whatever a flow's file may hold: those that
// are answered lie within it.
func FuzzFlowText(f *testing.F) {
	f.Add(tagged, 3)
	f.Add(`{"blocks":{"a":{"next":{"ok":"b"}},"b":{}}}`, 1)
	f.Add("{\"blocks\":{\n\"a\":[\n1,{", 2)
	f.Add(`{"blocks":{"a\u0041":{"next":{"":""}}},"blocks":{}}`, 1)
	f.Fuzz(func(t *testing.T, text string, line int) {
		p := &flow.Project{Files: map[string][]byte{"flows/a.json": []byte(text)}, Flows: map[string]*flow.Flow{}}
		s := dap.New(dap.Options{Debugger: debug.New(), Dir: "/p", Project: func() *flow.Project { return p }, Places: noPlaces{}})
		defer s.Close()
		var said, heard bytes.Buffer
		for i, body := range []string{`"initialize","arguments":{"adapterID":"x"}`, `"attach"`, `"breakpointLocations","arguments":{"source":{"path":"/p/flows/a.json"},"line":1,"endLine":1000000}`,
			fmt.Sprintf(`"setBreakpoints","arguments":{"source":{"path":"/p/flows/a.json"},"breakpoints":[{"line":%d}]}`, line)} {
			body = fmt.Sprintf(`{"seq":%d,"type":"request","command":%s}`, i+1, body)
			fmt.Fprintf(&said, "Content-Length: %d\r\n\r\n%s", len(body), body)
		}
		_ = s.Serve(t.Context(), stream{&said, &heard})
		last := 1 + strings.Count(text, "\n")
		for in := bufio.NewReader(&heard); ; {
			m, err := protocol.ReadProtocolMessage(in)
			if err != nil {
				return
			}
			if r, ok := m.(*protocol.BreakpointLocationsResponse); ok {
				for _, b := range r.Body.Breakpoints {
					if b.Line < 1 || b.Line > last || b.Column < 1 {
						t.Errorf("a place at %+v of %d lines", b, last)
					}
				}
			}
		}
	})
}
