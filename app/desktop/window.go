//go:build desktop

package desktop

import (
	"context"
	"io/fs"
	"net/http"
	"os"
	goruntime "runtime"
	"strings"
	"sync"

	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"
	"github.com/wailsapp/wails/v2/pkg/runtime"

	"github.com/authflow-studio/authflow/app/studio"
)

// Available reports whether this build holds a window.
const Available = true

// Window is the shell around the front end.
type Window struct {
	Title  string
	Caller Caller
	Assets fs.FS
	// Policy is the content security policy of every page.
	Policy string
	// Place is where the window was, Keep keeps where it is now.
	Place studio.WindowPlace
	Keep  func(studio.WindowPlace)

	mu  sync.Mutex
	ctx context.Context // of the running window; nil before
}

// Emit sends an event to the page. Before the window is there it is dropped:
// the page asks for everything when it starts.
func (w *Window) Emit(name string, payload any) {
	w.mu.Lock()
	ctx := w.ctx
	w.mu.Unlock()
	if ctx != nil {
		runtime.EventsEmit(ctx, "studio", map[string]any{"name": name, "payload": payload})
	}
}

// Pick asks for a folder.
func (w *Window) Pick(_ context.Context, title string) (string, error) {
	w.mu.Lock()
	ctx := w.ctx
	w.mu.Unlock()
	if ctx == nil {
		return "", ErrNoWindow
	}
	return runtime.OpenDirectoryDialog(ctx, runtime.OpenDialogOptions{Title: title, CanCreateDirectories: true})
}

// SaveAs asks where to write a file.
func (w *Window) SaveAs(_ context.Context, title, dir, name string) (string, error) {
	w.mu.Lock()
	ctx := w.ctx
	w.mu.Unlock()
	if ctx == nil {
		return "", ErrNoWindow
	}
	return runtime.SaveFileDialog(ctx, runtime.SaveDialogOptions{Title: title, DefaultDirectory: nearestFolder(dir), DefaultFilename: name, CanCreateDirectories: true})
}

// Menus shows the commands in the system's menu bar.
func (w *Window) Menus(menus []studio.Menu) {
	w.mu.Lock()
	ctx := w.ctx
	w.mu.Unlock()
	if ctx == nil {
		return
	}
	runtime.MenuSetApplicationMenu(ctx, menuBar(menus, goruntime.GOOS, func(id string) { w.Emit("command", map[string]string{"id": id}) }))
}

// Run opens the window and answers when it was closed.
func (w *Window) Run() error {
	if !HasDisplay() {
		return ErrNoWindow
	}
	// Without the DMA-BUF renderer the first paint takes half the time and
	// blank windows on some drivers are cured; a person's own choice stands.
	if _, set := os.LookupEnv("WEBKIT_DISABLE_DMABUF_RENDERER"); !set {
		os.Setenv("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
	}
	bridge := &Bridge{ctx: context.Background(), caller: w.Caller}
	place, known := sized(w.Place)
	keeper := &placeKeeper{keep: w.Keep, kept: place}
	var opened sync.Once
	return wails.Run(&options.App{
		Title: w.Title, Width: place.Width, Height: place.Height, MinWidth: leastWidth, MinHeight: leastHeight,
		WindowStartState: startState(place),
		AssetServer:      &assetserver.Options{Assets: w.Assets, Middleware: w.policy},
		OnStartup: func(ctx context.Context) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.ctx, bridge.ctx = ctx, ctx
		},
		// The window is on a screen only now; the page may be loaded again.
		OnDomReady: func(ctx context.Context) {
			opened.Do(func() {
				if known {
					putWhereItWas(ctx, place)
				}
				go keeper.watch(ctx)
			})
		},
		OnBeforeClose: func(ctx context.Context) bool {
			keeper.look(ctx, false)
			return false
		},
		Bind:  []any{bridge},
		Linux: &linux.Options{ProgramName: "authflow", WebviewGpuPolicy: linux.WebviewGpuPolicyNever},
	})
}

// policy sets the content security policy on every page, so that no foreign
// document can be framed: a frame that ran scripts could call Bridge.
func (w *Window) policy(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Security-Policy", w.Policy)
		rw.Header().Set("X-Content-Type-Options", "nosniff")
		if strings.Contains(r.URL.Path, "..") {
			http.NotFound(rw, r)
			return
		}
		next.ServeHTTP(rw, r)
	})
}
