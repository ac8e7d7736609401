package studio

import (
	"context"
	"sync"

	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/scenario/agent"
)

// BrowserView is what the browser panel shows.
type BrowserView struct {
	Seq       int    `json:"seq"`
	URL       string `json:"url"`
	Status    int    `json:"status"`
	Title     string `json:"title"`
	HTML      string `json:"html"`
	Loading   bool   `json:"loading"`
	Run       string `json:"run,omitempty"`
	Error     string `json:"error,omitempty"`
	CanGoBack bool   `json:"can_go_back"`
}

// browserPanel drives the built-in user agent. A request may take as long as
// the debugger holds its run, so each happens on its own and the answer is an
// event; an answer to a request that was given up is dropped.
type browserPanel struct {
	agent *agent.Agent
	emit  func(BrowserView)

	mu      sync.Mutex
	view    BrowserView
	request int // counts requests; the answer of the last one counts
}

func newBrowserPanel(a *agent.Agent, emit func(BrowserView)) *browserPanel {
	return &browserPanel{agent: a, emit: emit}
}

func (b *browserPanel) current() BrowserView {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.view
}

// do begins a request and answers at once.
func (b *browserPanel) do(address string, ask func(ctx context.Context) (*agent.Page, error)) {
	b.mu.Lock()
	b.request++
	mine := b.request
	b.view.Loading, b.view.Error = true, ""
	if address != "" {
		b.view.URL = address
	}
	b.mu.Unlock()
	b.changed()
	go func() {
		page, err := ask(context.Background())
		b.mu.Lock()
		if mine != b.request {
			b.mu.Unlock()
			return
		}
		b.view.Loading = false
		switch {
		case err != nil:
			b.view.Error = err.Error()
		case page.External:
			b.view.URL, b.view.Status, b.view.Title, b.view.HTML = page.URL, 0, page.Title, ""
			b.view.Error = "This address is outside of the harness. Open it in your own browser."
		default:
			b.view.URL, b.view.Status, b.view.Title, b.view.HTML = page.URL, page.Status, page.Title, page.HTML
		}
		b.mu.Unlock()
		b.changed()
	}()
}

func (b *browserPanel) changed() {
	b.mu.Lock()
	b.view.Seq++
	b.view.CanGoBack = b.agent.CanGoBack()
	v := b.view
	b.mu.Unlock()
	b.emit(v)
}

// follow notes which run the page belongs to: the one that moved while the
// panel waited for an answer.
func (b *browserPanel) follow(r debug.Run) {
	b.mu.Lock()
	changed := b.view.Loading && b.view.Run != r.ID
	if changed {
		b.view.Run = r.ID
	}
	b.mu.Unlock()
	if changed {
		b.changed()
	}
}
