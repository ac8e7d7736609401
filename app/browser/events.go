package browser

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// Events carries events to every page that listens.
type Events struct {
	mu        sync.Mutex
	listeners map[chan []byte]bool
}

// backlog is how many events a slow page may be behind. One that is further
// behind is disconnected; it reconnects and asks for everything anew.
const backlog = 256

// heartbeat keeps connections from looking dead.
const heartbeat = 20 * time.Second

// NewEvents makes an event hub without listeners.
func NewEvents() *Events { return &Events{listeners: map[chan []byte]bool{}} }

// Emit sends an event to every page. It never waits.
func (e *Events) Emit(name string, payload any) {
	text, err := json.Marshal(map[string]any{"name": name, "payload": payload})
	if err != nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for ch := range e.listeners {
		select {
		case ch <- text:
		default:
			delete(e.listeners, ch)
			close(ch)
		}
	}
}

func (e *Events) listen() (ch chan []byte, leave func()) {
	ch = make(chan []byte, backlog)
	e.mu.Lock()
	e.listeners[ch] = true
	e.mu.Unlock()
	return ch, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		if e.listeners[ch] {
			delete(e.listeners, ch)
			close(ch)
		}
	}
}

func (e *Events) serve(w http.ResponseWriter, r *http.Request) {
	flusher, ok := w.(http.Flusher)
	if !ok {
		refuse(w, http.StatusNotImplemented, "no_stream", "Events cannot be streamed here.")
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	ch, leave := e.listen()
	defer leave()
	fmt.Fprint(w, ": listening\n\n")
	flusher.Flush()
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-tick.C:
			fmt.Fprint(w, ": still here\n\n")
		case text, open := <-ch:
			if !open {
				return
			}
			fmt.Fprintf(w, "data: %s\n\n", text)
		}
		flusher.Flush()
	}
}
