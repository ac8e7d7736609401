package server

import (
	"context"
	"net/http"
	"sync"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
)

// This file takes runs of the harness back in their history, and gives a browser
// a run that went on without one.

// resumePath is where a browser takes a run over, once for each address.
const resumePath = "/control/resume/"

// resumable holds runs that have stopped while no browser waited.
type resumable struct {
	mu    sync.Mutex
	stops map[string]*run.Stop
}

// past answers what runs have changed, with the clock, the stubs and the
// demo client around them.
func (h *Harness) past() *run.Past {
	return &run.Past{World: func() func() {
		clock, stubs, client := h.Clock.Mark(), h.stubs.Mark(), h.demo.mark()
		return func() { clock(); stubs(); client() }
	}}
}

// GoBack takes a run that waits or has ended to a moment of its past, and runs
// it from there until it stops again. A browser goes on with it at the address.
func (h *Harness) GoBack(ctx context.Context, to *run.Moment, p *flow.Project) (address string, err error) {
	stop, err := h.engine.GoBack(ctx, to, p)
	if err != nil {
		return "", err
	}
	token := randomToken(h.World.Random)
	h.resumable.mu.Lock()
	defer h.resumable.mu.Unlock()
	if h.resumable.stops == nil {
		h.resumable.stops = map[string]*run.Stop{}
	}
	h.resumable.stops[token] = stop
	return h.Issuer + resumePath + token, nil
}

func (h *Harness) resume(w http.ResponseWriter, r *http.Request) {
	token := r.PathValue("token")
	h.resumable.mu.Lock()
	stop := h.resumable.stops[token]
	delete(h.resumable.stops, token)
	h.resumable.mu.Unlock()
	if stop == nil {
		http.Error(w, "this address was used already", http.StatusGone)
		return
	}
	h.web.Resume(w, r, stop)
}
