package dap_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	protocol "github.com/google/go-dap"
)

// client is an editor.
type client struct {
	t      *testing.T
	conn   net.Conn
	r      *rig
	seq    int
	served chan error

	mu      sync.Mutex
	answers map[int]chan protocol.Message
	events  chan protocol.Message
	// ours are what was said, for messages of failures.
	said []string
}

func (r *rig) connect() *client { r.t.Helper(); return r.connectWith(context.Background()) }

func (r *rig) connectWith(ctx context.Context) *client {
	r.t.Helper()
	here, there := net.Pipe()
	c := &client{t: r.t, conn: here, r: r, served: make(chan error, 1), answers: map[int]chan protocol.Message{}, events: make(chan protocol.Message, 10_000)}
	go func() { c.served <- r.s.Serve(ctx, there) }()
	go c.listen()
	r.t.Cleanup(func() { here.Close() })
	return c
}

func (c *client) listen() {
	in := bufio.NewReader(c.conn)
	for {
		m, err := protocol.ReadProtocolMessage(in)
		if err != nil {
			if err != io.EOF && !strings.Contains(err.Error(), "closed pipe") {
				c.t.Errorf("a message of the server cannot be read: %v", err)
			}
			close(c.events)
			return
		}
		text, _ := json.Marshal(m)
		c.mu.Lock()
		c.said = append(c.said, string(text))
		c.mu.Unlock()
		if a, ok := m.(protocol.ResponseMessage); ok {
			c.answer(a.GetResponse().RequestSeq) <- m
			continue
		}
		c.events <- m
	}
}

func (c *client) answer(seq int) chan protocol.Message {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.answers[seq] == nil {
		c.answers[seq] = make(chan protocol.Message, 1)
	}
	return c.answers[seq]
}

// send sends a request, and answers its number.
func (c *client) send(command string, arguments any) int {
	c.t.Helper()
	c.seq++
	text, err := json.Marshal(map[string]any{"seq": c.seq, "type": "request", "command": command, "arguments": arguments})
	c.r.do(err)
	c.r.do(protocol.WriteBaseMessage(c.conn, text))
	return c.seq
}

const patience = 20 * time.Second

func (c *client) wait(seq int) protocol.Message {
	c.t.Helper()
	select {
	case m := <-c.answer(seq):
		return m
	case <-time.After(patience):
		c.fail("request %d was not answered", seq)
		return nil
	}
}

func (c *client) fail(words string, args ...any) {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t.Fatalf(words+"\n%s", append(args, strings.Join(c.said, "\n"))...)
}

// ask sends a request that succeeds.
func ask[R protocol.Message](c *client, command string, arguments any) R {
	c.t.Helper()
	m := c.wait(c.send(command, arguments))
	r, ok := m.(R)
	if !ok {
		text, _ := json.Marshal(m)
		c.fail("%s was answered %s", command, text)
	}
	return r
}

// refused sends a request that fails, and answers the words.
func (c *client) refused(command string, arguments any) string {
	c.t.Helper()
	m, ok := c.wait(c.send(command, arguments)).(*protocol.ErrorResponse)
	if !ok {
		c.fail("%s was not refused", command)
	}
	return m.Message
}

// event waits for an event that fits; what comes before it is passed over.
func event[E protocol.EventMessage](c *client, fits func(E) bool) E {
	c.t.Helper()
	late := time.After(patience)
	for {
		select {
		case m, open := <-c.events:
			if e, ok := m.(E); ok && (fits == nil || fits(e)) {
				return e
			}
			if !open {
				c.fail("the connection has ended")
			}
		case <-late:
			var none E
			c.fail("no %T came", none)
		}
	}
}

type args map[string]any

// begin goes up to the end of the configuration.
func (c *client) begin(how string, arguments args, configure func()) {
	c.t.Helper()
	ask[*protocol.InitializeResponse](c, "initialize", args{"adapterID": "authflow", "supportsInvalidatedEvent": true, "supportsVariablePaging": true})
	if how == "attach" {
		ask[*protocol.AttachResponse](c, how, arguments)
	} else {
		ask[*protocol.LaunchResponse](c, how, arguments)
	}
	event[*protocol.InitializedEvent](c, nil)
	if configure != nil {
		configure()
	}
	ask[*protocol.ConfigurationDoneResponse](c, "configurationDone", nil)
}

func (c *client) breakpoints(file string, bs ...args) []protocol.Breakpoint {
	c.t.Helper()
	return ask[*protocol.SetBreakpointsResponse](c, "setBreakpoints", args{"source": args{"path": c.r.file(file)}, "breakpoints": bs}).Body.Breakpoints
}

// stopped waits for a stop, and checks where it is: at a line of a file.
func (c *client) stopped(reason, file, text string) (thread int, frames []protocol.StackFrame) {
	c.t.Helper()
	e := event[*protocol.StoppedEvent](c, nil)
	frames = c.stack(e.Body.ThreadId)
	top := frames[0]
	if e.Body.Reason != reason || top.Source == nil || top.Source.Path != c.r.file(file) || top.Line != c.r.line(file, text) {
		c.fail("stopped (%s: %s) at %+v line %d of %+v, want %s at %s of %s", e.Body.Reason, e.Body.Description, top.Name, top.Line, top.Source, reason, text, file)
	}
	return e.Body.ThreadId, frames
}

func (c *client) stack(thread int) []protocol.StackFrame {
	c.t.Helper()
	return ask[*protocol.StackTraceResponse](c, "stackTrace", args{"threadId": thread}).Body.StackFrames
}

// scope answers the number of a scope of a frame.
func (c *client) scope(frame int, name string) int {
	c.t.Helper()
	all := ask[*protocol.ScopesResponse](c, "scopes", args{"frameId": frame}).Body.Scopes
	for _, s := range all {
		if s.Name == name {
			return s.VariablesReference
		}
	}
	c.fail("no scope %s in %+v", name, all)
	return 0
}

// variable answers one of what is in a scope or a value.
func (c *client) variable(in int, name string) protocol.Variable {
	c.t.Helper()
	all := ask[*protocol.VariablesResponse](c, "variables", args{"variablesReference": in}).Body.Variables
	for _, v := range all {
		if v.Name == name {
			return v
		}
	}
	c.fail("no variable %s in %+v", name, all)
	return protocol.Variable{}
}

func (c *client) move(command string, thread int) {
	c.t.Helper()
	ask[protocol.ResponseMessage](c, command, args{"threadId": thread})
}

func (c *client) evaluate(frame int, expression, context string) string {
	c.t.Helper()
	return ask[*protocol.EvaluateResponse](c, "evaluate", args{"expression": expression, "frameId": frame, "context": context}).Body.Result
}
