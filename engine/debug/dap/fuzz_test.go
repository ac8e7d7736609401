package dap_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"testing"

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
