package windowtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"sync"
	"time"

	"golang.org/x/net/websocket"
)

// Inspector is a line to the page that a web view shows. WebKit and Chromium
// speak dialects of one protocol; the difference is kept in here.
type Inspector struct {
	conn *websocket.Conn
	// target is the page within a WebKit connection; empty in Chromium.
	target string

	mu      sync.Mutex
	last    int
	waiting map[int]chan reply
	broken  error
}

type reply struct {
	Result json.RawMessage
	Error  *struct{ Message string }
}

// patience is how long a page may take for an answer.
const patience = 30 * time.Second

// socketPath is how WebKit's list of pages names the line to one.
var socketPath = regexp.MustCompile(`/socket/\d+/\d+/WebPage`)

// InspectWebKit connects to the page of a program that was started with
// WEBKIT_INSPECTOR_HTTP_SERVER=address. It waits for the page.
func InspectWebKit(address string) (*Inspector, error) {
	var path string
	err := Until(func() (bool, error) {
		list, err := get("http://" + address + "/")
		path = socketPath.FindString(string(list))
		return path != "", err
	})
	if err != nil {
		return nil, fmt.Errorf("no page at WebKit's inspector: %w", err)
	}
	return dial("ws://"+address+path, true)
}

// InspectChromium connects to the first page of a browser.
func InspectChromium(address string) (*Inspector, error) {
	var line string
	err := Until(func() (bool, error) {
		list, err := get("http://" + address + "/json/list")
		if err != nil {
			return false, err
		}
		var pages []struct{ Type, WebSocketDebuggerURL string }
		if err := json.Unmarshal(list, &pages); err != nil {
			return false, err
		}
		for _, p := range pages {
			if p.Type == "page" {
				line = p.WebSocketDebuggerURL
			}
		}
		return line != "", nil
	})
	if err != nil {
		return nil, fmt.Errorf("no page at Chromium's inspector: %w", err)
	}
	return dial(line, false)
}

func get(url string) ([]byte, error) {
	res, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	return io.ReadAll(res.Body)
}

func dial(line string, webkit bool) (*Inspector, error) {
	conn, err := websocket.Dial(line, "", "http://127.0.0.1")
	if err != nil {
		return nil, err
	}
	conn.MaxPayloadBytes = 256 << 20
	i := &Inspector{conn: conn, waiting: map[int]chan reply{}}
	found := make(chan struct{})
	go i.listen(found)
	if !webkit {
		return i, nil
	}
	select {
	case <-found:
		return i, nil
	case <-time.After(patience):
		return nil, errors.Join(errors.New("WebKit's inspector names no page"), conn.Close())
	}
}

// message is whatever comes over the line.
type message struct {
	ID     int
	Method string
	Params struct {
		Message    string
		TargetInfo struct{ TargetID, Type string }
	}
	reply
}

// listen is the only reader of the line.
func (i *Inspector) listen(found chan struct{}) {
	for {
		var text []byte
		if err := websocket.Message.Receive(i.conn, &text); err != nil {
			i.end(err)
			return
		}
		var m message
		if err := json.Unmarshal(text, &m); err != nil {
			i.end(err)
			return
		}
		switch m.Method {
		case "Target.targetCreated":
			if m.Params.TargetInfo.Type == "page" {
				i.mu.Lock()
				first := i.target == ""
				i.target = m.Params.TargetInfo.TargetID
				i.mu.Unlock()
				if first {
					close(found)
				}
			}
		case "Target.dispatchMessageFromTarget":
			var inner message
			if json.Unmarshal([]byte(m.Params.Message), &inner) == nil {
				i.answer(inner)
			}
		case "":
			// WebKit confirms the outer message with its own id; what was asked
			// for comes within.
			if i.target == "" || m.Error != nil {
				i.answer(m)
			}
		}
	}
}

func (i *Inspector) answer(m message) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if ch := i.waiting[m.ID]; ch != nil {
		delete(i.waiting, m.ID)
		ch <- m.reply
	}
}

func (i *Inspector) end(err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.broken = err
	for id, ch := range i.waiting {
		delete(i.waiting, id)
		close(ch)
	}
}

// ask sends a command to the page and waits for its result.
func (i *Inspector) ask(method string, params any) (json.RawMessage, error) {
	i.mu.Lock()
	if i.broken != nil {
		i.mu.Unlock()
		return nil, i.broken
	}
	i.last++
	id, ch := i.last, make(chan reply, 1)
	i.waiting[id] = ch
	command, err := json.Marshal(map[string]any{"id": id, "method": method, "params": params})
	if err == nil && i.target != "" {
		command, err = json.Marshal(map[string]any{"id": id, "method": "Target.sendMessageToTarget",
			"params": map[string]any{"targetId": i.target, "message": string(command)}})
	}
	i.mu.Unlock()
	if err != nil {
		return nil, err
	}
	if err := websocket.Message.Send(i.conn, string(command)); err != nil {
		return nil, err
	}
	select {
	case r, ok := <-ch:
		switch {
		case !ok:
			return nil, fmt.Errorf("%s: the page went away", method)
		case r.Error != nil:
			return nil, fmt.Errorf("%s: %s", method, r.Error.Message)
		}
		return r.Result, nil
	case <-time.After(patience):
		return nil, fmt.Errorf("%s: no answer in %s", method, patience)
	}
}

// Eval runs an expression in the page, awaits it, and reads its value into v
// (nil: thrown away).
func (i *Inspector) Eval(expression string, v any) error {
	whole := "(async () => JSON.stringify((await (" + expression + ")) ?? null))()"
	result, err := i.ask("Runtime.evaluate", map[string]any{"expression": whole, "awaitPromise": true})
	if err != nil {
		return err
	}
	var got evaluated
	if err := json.Unmarshal(result, &got); err != nil {
		return err
	}
	if got.Result.ObjectID != "" && got.Result.ClassName == "Promise" {
		// WebKit awaits by a command of its own.
		if result, err = i.ask("Runtime.awaitPromise", map[string]any{"promiseObjectId": got.Result.ObjectID, "returnByValue": true}); err != nil {
			return err
		}
		got = evaluated{}
		if err := json.Unmarshal(result, &got); err != nil {
			return err
		}
	}
	if got.WasThrown || got.ExceptionDetails != nil {
		return fmt.Errorf("the page threw: %s", result)
	}
	if v == nil {
		return nil
	}
	return json.Unmarshal([]byte(got.Result.Value), v)
}

type evaluated struct {
	Result struct {
		ObjectID, ClassName, Value string
	}
	WasThrown        bool
	ExceptionDetails any
}

// Click presses and releases the left button in a Chromium page. (In WebKit the
// screen's hand does it.)
func (i *Inspector) Click(x, y int) error {
	for _, kind := range []string{"mouseMoved", "mousePressed", "mouseReleased"} {
		if _, err := i.ask("Input.dispatchMouseEvent", map[string]any{"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1}); err != nil {
			return err
		}
	}
	return nil
}

// Go leads a Chromium page to an address.
func (i *Inspector) Go(url string) error {
	_, err := i.ask("Page.navigate", map[string]any{"url": url})
	return err
}

// Until asks again until the answer is yes. An error is an answer too: what
// starts is not there yet.
func Until(ask func() (bool, error)) error {
	deadline := time.Now().Add(2 * patience)
	for {
		ok, err := ask()
		if ok && err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			return errors.Join(fmt.Errorf("it did not happen within %s", 2*patience), err)
		}
		time.Sleep(100 * time.Millisecond)
	}
}
