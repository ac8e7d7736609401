package dap

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	protocol "github.com/google/go-dap"
)

// Bounds of what a client can make us hold.
const (
	maxContent = 4 << 20
	maxHeader  = 4 << 10
	maxQueued  = 10_000
)

// errFraming says that nobody knows where the next message begins.
var errFraming = errors.New("this does not speak the Debug Adapter Protocol")

// readMessage reads the content of one message: a header with its length, an
// empty line, and that many bytes.
func readMessage(r *bufio.Reader) ([]byte, error) {
	length := -1
	for read := 0; ; {
		line, err := r.ReadSlice('\n')
		if read += len(line); errors.Is(err, bufio.ErrBufferFull) || read > maxHeader {
			return nil, fmt.Errorf("%w: a header of more than %d bytes", errFraming, maxHeader)
		}
		if err != nil {
			return nil, err
		}
		text := strings.TrimRight(string(line), "\r\n")
		if text == "" {
			break
		}
		name, value, _ := strings.Cut(text, ":")
		if !strings.EqualFold(strings.TrimSpace(name), "Content-Length") {
			continue
		}
		if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil || length < 0 || length > maxContent {
			return nil, fmt.Errorf("%w: the length %q is none from 0 to %d", errFraming, strings.TrimSpace(value), maxContent)
		}
	}
	if length < 0 {
		return nil, fmt.Errorf("%w: a header without Content-Length", errFraming)
	}
	content := make([]byte, length)
	_, err := io.ReadFull(r, content)
	return content, err
}

// request is what every request has.
type request struct {
	Seq       int             `json:"seq"`
	Type      string          `json:"type"`
	Command   string          `json:"command"`
	Arguments json.RawMessage `json:"arguments"`
}

// reply is a response whose body is known to whoever answers.
type reply struct {
	protocol.Response
	Body any `json:"body,omitempty"`
}

// event is an event with its body.
type event struct {
	protocol.Event
	Body any `json:"body,omitempty"`
}

// outbox sends to a client that may be slow or gone: whoever sends never waits.
type outbox struct {
	w    io.WriteCloser
	done chan struct{} // closed when all is sent or nothing can be

	mu      sync.Mutex
	more    *sync.Cond
	queue   []protocol.Message
	held    []protocol.Message
	holding bool
	closed  bool
	seq     int
}

func newOutbox(w io.WriteCloser) *outbox {
	o := &outbox{w: w, done: make(chan struct{})}
	o.more = sync.NewCond(&o.mu)
	go o.send()
	return o
}

func (o *outbox) send() {
	defer close(o.done)
	for {
		o.mu.Lock()
		for len(o.queue) == 0 && !o.closed {
			o.more.Wait()
		}
		batch := o.queue
		o.queue = nil
		o.mu.Unlock()
		if len(batch) == 0 {
			return
		}
		for _, m := range batch {
			if err := protocol.WriteProtocolMessage(o.w, m); err != nil {
				o.close()
				return
			}
		}
	}
}

// hold keeps events back until the request that is being answered is answered:
// no client expects to hear of what it caused before.
func (o *outbox) hold() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.holding = true
}

func (o *outbox) event(name string, body any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	e := &event{Event: protocol.Event{ProtocolMessage: protocol.ProtocolMessage{Type: "event"}, Event: name}, Body: body}
	if o.holding && len(o.held) < maxQueued {
		o.held = append(o.held, e)
		return
	}
	o.put(e, &e.Seq)
}

// answer sends the response, and after that the events that were held back.
func (o *outbox) answer(r *request, body any, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.respond(r, body, err)
	held := o.held
	o.held, o.holding = nil, false
	for _, m := range held {
		if e, ok := m.(*event); ok {
			o.put(e, &e.Seq)
		}
	}
}

// aside sends the response to a request that is answered beside another.
func (o *outbox) aside(r *request, body any, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.respond(r, body, err)
}

// respond needs the lock.
func (o *outbox) respond(r *request, body any, err error) {
	head := protocol.Response{ProtocolMessage: protocol.ProtocolMessage{Type: "response"}, RequestSeq: r.Seq, Command: r.Command, Success: err == nil}
	m := &reply{Response: head, Body: body}
	if err != nil {
		m.Message = err.Error()
		m.Body = protocol.ErrorResponseBody{Error: &protocol.ErrorMessage{Id: 1, Format: escaped(err.Error()), ShowUser: true}}
		if errors.Is(err, errCancelled) {
			m.Message, m.Body = "cancelled", nil
		}
	}
	o.put(m, &m.Seq)
}

// escaped keeps a client from taking braces in words for places to be filled in.
func escaped(words string) string {
	return strings.NewReplacer("{", "(", "}", ")").Replace(words)
}

// put needs the lock. A client that reads nothing for so long is not there.
func (o *outbox) put(m protocol.Message, seq *int) {
	if o.closed {
		return
	}
	if len(o.queue) >= maxQueued {
		o.closed = true
		o.queue = nil
		_ = o.w.Close()
	}
	o.seq++
	*seq = o.seq
	o.queue = append(o.queue, m)
	o.more.Signal()
}

// close sends nothing further than what is queued.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	o.more.Signal()
}
