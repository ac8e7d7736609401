package script

// This file holds the messages between the engine and a worker: JSON behind
// its length in four bytes.

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/authflow-studio/authflow/engine/world"
)

// maxFrame bounds a message either way, so that neither side can be made to
// allocate without end by the other.
const maxFrame = 8 << 20

// message is one of its parts.
type message struct {
	Ready bool       `json:"ready,omitempty"` // worker: it has started
	Setup *setup     `json:"setup,omitempty"` // engine: the limits, once
	Call  *callFrame `json:"call,omitempty"`  // engine: run this
	Check *Unit      `json:"check,omitempty"` // engine: look at this source
	Ask   *ask       `json:"ask,omitempty"`   // worker: a question to the host
	Reply *reply     `json:"reply,omitempty"` // engine: its answer
	Done  *done      `json:"done,omitempty"`  // worker: the end of a call or check

	Places *Unit      `json:"places,omitempty"` // engine: where can this be stopped
	Back   bool       `json:"back,omitempty"`   // worker: it runs the Action again, up to a moment
	Stop   *stopFrame `json:"stop,omitempty"`   // worker: it has stopped
	Look   *look      `json:"look,omitempty"`   // engine: a question to a stopped worker
	Seen   *seen      `json:"seen,omitempty"`   // worker: its answer
	Go     *Command   `json:"go,omitempty"`     // engine: the end of a stop
	Said   *said      `json:"said,omitempty"`   // worker: the message of a breakpoint
}

type setup struct {
	MemoryLimit int64 `json:"memory_limit"`
}

type callFrame struct {
	Unit   Unit           `json:"unit"`
	Event  map[string]any `json:"event"`
	Step   map[string]any `json:"step"`
	Input  map[string]any `json:"input"`
	Config map[string]any `json:"config"`
	Budget time.Duration  `json:"budget"`
	Cover  bool           `json:"cover,omitempty"`
	Debug  *debugFrame    `json:"debug,omitempty"`
}

// debugFrame is what of Debug concerns the worker.
type debugFrame struct {
	Breakpoints []Breakpoint `json:"breakpoints,omitempty"`
	AtEntry     bool         `json:"at_entry,omitempty"`
	OnThrow     bool         `json:"on_throw,omitempty"`
	OnDeny      bool         `json:"on_deny,omitempty"`
	StopAt      int          `json:"stop_at,omitempty"`
}

type stopFrame struct {
	Reason  Reason  `json:"reason"`
	Text    string  `json:"text,omitempty"`
	Problem string  `json:"problem,omitempty"`
	Ordinal int     `json:"ordinal"`
	Frames  []Frame `json:"frames"`
}

// The kinds of looks.
const (
	lookScopes   = "scopes"
	lookChildren = "children"
	lookEvaluate = "evaluate"
	lookAssign   = "assign"
	lookSet      = "set"
	lookWhole    = "whole"
)

type look struct {
	Kind       string `json:"kind"`
	Frame      int    `json:"frame,omitempty"`
	Ref        int    `json:"ref,omitempty"`
	Start      int    `json:"start,omitempty"`
	Count      int    `json:"count,omitempty"`
	Name       string `json:"name,omitempty"`
	Expression string `json:"expression,omitempty"`
}

type seen struct {
	Changed   bool       `json:"changed,omitempty"`
	Scopes    []Scope    `json:"scopes,omitempty"`
	Variables []Variable `json:"variables,omitempty"`
	Total     int        `json:"total,omitempty"`
	Logs      []LogLine  `json:"logs,omitempty"`
	Failed    string     `json:"failed,omitempty"`
}

type said struct {
	At   Place  `json:"at"`
	Text string `json:"text"`
}

// ask is a question to the host; Kind is now, random, fetch or secret.
type ask struct {
	Kind    string         `json:"kind"`
	Bytes   int            `json:"bytes,omitempty"`
	Name    string         `json:"name,omitempty"`
	Request *world.Request `json:"request,omitempty"`
	// Of a call that is debugged: the number of the question on this way, from 1,
	// and how many statements had been reached.
	Nth     int `json:"nth,omitempty"`
	Ordinal int `json:"ordinal,omitempty"`
}

type reply struct {
	Time     time.Time       `json:"time,omitzero"`
	Bytes    []byte          `json:"bytes,omitempty"`
	Text     string          `json:"text,omitempty"`
	Response *world.Response `json:"response,omitempty"`
	Failed   *HostError      `json:"failed,omitempty"`
	Stop     bool            `json:"stop,omitempty"` // end the script at once
}

type done struct {
	Result Result  `json:"result"`
	Error  *Error  `json:"error,omitempty"`
	Issues []Issue `json:"issues,omitempty"`
	Places *Places `json:"places,omitempty"`
}

func writeMessage(w io.Writer, m message) error {
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("script: encode message: %w", err)
	}
	if len(body) > maxFrame {
		return errFrameTooLarge
	}
	frame := make([]byte, 4, 4+len(body))
	binary.BigEndian.PutUint32(frame, uint32(len(body)))
	_, err = w.Write(append(frame, body...))
	return err
}

func readMessage(r *bufio.Reader) (message, error) {
	var m message
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return m, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n > maxFrame {
		return m, errFrameTooLarge
	}
	body := make([]byte, n)
	if _, err := io.ReadFull(r, body); err != nil {
		return m, err
	}
	return m, json.Unmarshal(body, &m)
}

var errFrameTooLarge = fmt.Errorf("script: a message of more than %d bytes", maxFrame)
