//go:build desktop

package desktop

import (
	"context"
	"sync"
	"time"

	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/runtime"

	"github.com/authflow-studio/authflow/app/studio"
)

// placeLooks is how often it is looked where the window is: the system tells
// nobody that it was moved.
const placeLooks = time.Second

// startState is how the window opens.
func startState(p studio.WindowPlace) options.WindowStartState {
	if p.Maximised {
		return options.Maximised
	}
	return options.Normal
}

// putWhereItWas moves the window, which has opened where the system puts windows.
func putWhereItWas(ctx context.Context, was studio.WindowPlace) {
	p := was
	if all, err := runtime.ScreenGetAll(ctx); err == nil {
		screens := make([]extent, len(all))
		for i, s := range all {
			screens[i] = extent{s.Size.Width, s.Size.Height}
		}
		p = within(was, screens)
	}
	if p.Maximised {
		return // where it was before, it is put when it is no more
	}
	runtime.WindowSetSize(ctx, p.Width, p.Height)
	runtime.WindowSetPosition(ctx, p.X, p.Y)
}

// placeOf answers where the window is now; of one that is not as large as it
// likes, where it was before.
func placeOf(ctx context.Context, before studio.WindowPlace) studio.WindowPlace {
	switch {
	case runtime.WindowIsMinimised(ctx), runtime.WindowIsFullscreen(ctx):
		return before
	case runtime.WindowIsMaximised(ctx):
		before.Maximised = true
		return before
	}
	var p studio.WindowPlace
	p.X, p.Y = runtime.WindowGetPosition(ctx)
	p.Width, p.Height = runtime.WindowGetSize(ctx)
	return p
}

// placeKeeper keeps where the window is.
type placeKeeper struct {
	keep func(studio.WindowPlace)

	mu   sync.Mutex
	kept studio.WindowPlace
	last studio.WindowPlace
}

// look keeps where the window is when that is not known yet; moving says that it
// may be on its way, and is kept once it has come to rest.
func (k *placeKeeper) look(ctx context.Context, moving bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := placeOf(ctx, k.kept)
	if now != k.kept && (now == k.last || !moving) {
		k.keep(now)
		k.kept = now
	}
	k.last = now
}

// watch looks until ctx ends.
func (k *placeKeeper) watch(ctx context.Context) {
	ticker := time.NewTicker(placeLooks)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			k.look(ctx, true)
		}
	}
}
