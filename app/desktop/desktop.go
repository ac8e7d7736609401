// Package desktop is the studio in a window of its own (Wails).
//
// It owns: the window, native dialogs, and Bridge, the one bound type.
// It delegates: every method to app/studio.
// The law: what is built without the tag desktop needs no web view and no cgo;
// the shell stays so small that it can be replaced.
package desktop

import (
	"context"
	"encoding/json"
	"errors"
	"os"

	"github.com/authflow-studio/authflow/app/studio"
)

// ErrNoWindow says that this build, or this machine, has no window to open.
var ErrNoWindow = errors.New("desktop: no window can be opened here")

// HasDisplay reports whether there is a display to open a window on. The web
// view panics without one.
func HasDisplay() bool {
	return os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != ""
}

// Caller runs methods.
type Caller interface {
	Call(ctx context.Context, name string, arg json.RawMessage) (any, error)
}

// Bridge is what the window's page can call: one method, and behind it the
// studio's table.
type Bridge struct {
	ctx    context.Context
	caller Caller
}

// Call runs a method of the studio. The answer is {"result": …} or {"error": …},
// as in the browser mode.
func (b *Bridge) Call(name, arg string) string {
	result, err := b.caller.Call(b.ctx, name, json.RawMessage(arg))
	answer := map[string]any{"result": result}
	if err != nil {
		var known *studio.Error
		if !errors.As(err, &known) {
			known = &studio.Error{Code: "failed", Message: err.Error()}
		}
		answer = map[string]any{"error": known}
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return `{"error":{"code":"internal","message":"The answer cannot be written."}}`
	}
	return string(text)
}
