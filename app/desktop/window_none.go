//go:build !desktop

package desktop

import (
	"context"
	"io/fs"

	"github.com/authflow-studio/authflow/app/studio"
)

// Available reports whether this build holds a window.
const Available = false

// Window is the shell of a build without a window.
type Window struct {
	Title  string
	Caller Caller
	Assets fs.FS
	Policy string
	Place  studio.WindowPlace
	Keep   func(studio.WindowPlace)
}

// Emit has nobody to tell.
func (w *Window) Emit(string, any) {}

// Pick has no dialog to show.
func (w *Window) Pick(context.Context, string) (string, error) { return "", ErrNoWindow }

// SaveAs has no dialog to show.
func (w *Window) SaveAs(context.Context, string, string, string) (string, error) {
	return "", ErrNoWindow
}

// Menus has no menu bar to fill.
func (w *Window) Menus([]studio.Menu) {}

// Run answers ErrNoWindow.
func (w *Window) Run() error { return ErrNoWindow }
