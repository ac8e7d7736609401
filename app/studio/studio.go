// Package studio is what the front end can do: its methods and events.
//
// It owns: the table of methods, the open project with its harness, debugger
// and built-in browser, and the words of errors.
// It delegates: everything that they do to projects and engine; how calls
// arrive to app/desktop and app/browser.
// The law: the window and the browser mode reach the same methods; there is no
// feature behind one only, save native dialogs.
package studio

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"runtime"
	"sync"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/world"
)

// Options are what a studio is made of.
type Options struct {
	Version string
	// Mode is window or browser.
	Mode string
	// Emit sends an event to every open front end.
	Emit func(name string, payload any)
	// Pick asks for a folder with a native dialog; nil where there is none.
	Pick func(ctx context.Context, title string) (string, error)
	// SaveAs asks where to write a file; nil where there is no such dialog.
	SaveAs func(ctx context.Context, title, dir, name string) (string, error)
	// Menus shows commands in the system's menus; nil where they stand in the
	// page.
	Menus func([]Menu)
	// ConfigDir holds what belongs to the person and not to a project.
	ConfigDir string
	// HarnessAddr is where the harness listens; a free port when it is taken.
	HarnessAddr string
	Scripts     Scripts
	// Geo answers from databases of networks.
	Geo world.Networks
	Log *slog.Logger
}

// Scripts runs Actions and reads them.
type Scripts interface {
	block.Scripts
	check.ScriptChecker
}

// Studio serves one person, in one or more front ends.
type Studio struct {
	Options
	catalogue *block.Catalogue
	checker   *check.Checker
	methods   map[string]method

	// mu guards open; what is in it guards itself.
	mu   sync.Mutex
	open *workspace

	personMu sync.Mutex // guards the person's file
}

// New makes a studio with no project open.
func New(o Options) *Studio {
	s := &Studio{Options: o, catalogue: catalogue.All()}
	s.checker = &check.Checker{Catalogue: s.catalogue, Scripts: o.Scripts, Remember: true}
	s.methods = s.table()
	return s
}

// Close ends the harness of the open project.
func (s *Studio) Close() error {
	s.mu.Lock()
	w := s.open
	s.open = nil
	s.mu.Unlock()
	if w == nil {
		return nil
	}
	return w.close()
}

// method is one entry of the table.
type method func(ctx context.Context, arg json.RawMessage) (any, error)

// typed makes a method of a function with a typed argument.
func typed[A, R any](f func(ctx context.Context, a A) (R, error)) method {
	return func(ctx context.Context, arg json.RawMessage) (any, error) {
		var a A
		if len(arg) > 0 {
			if err := json.Unmarshal(arg, &a); err != nil {
				return nil, &Error{Code: "bad_argument", Message: "This window asked for something in a way that the program does not understand.", Hint: "Reload the window. If it happens again, restart authflow.", Data: err.Error()}
			}
		}
		return f(ctx, a)
	}
}

type none struct{}

// Call runs a method by name. Errors are *Error.
func (s *Studio) Call(ctx context.Context, name string, arg json.RawMessage) (result any, err error) {
	m, ok := s.methods[name]
	if !ok {
		return nil, inWords(&Error{Code: "no_method", Message: fmt.Sprintf("There is no method %q.", name)})
	}
	defer func() {
		if p := recover(); p != nil {
			s.Log.Error("a method crashed", "method", name, "panic", p)
			err = &Error{Code: "crash", Message: fmt.Sprintf("Something went wrong in %s. Your files are as they were.", name), Hint: "Try again. The terminal that authflow was started from says more."}
		}
	}()
	result, err = m(ctx, arg)
	if err != nil {
		return nil, inWords(err)
	}
	return result, nil
}

// table lists every method; it is the whole surface of the studio.
func (s *Studio) table() map[string]method {
	table := map[string]method{
		"app.info":       typed(s.info),
		"catalogue.get":  typed(s.catalogueView),
		"templates.list": typed(s.templates),

		"project.recent":       typed(s.recent),
		"project.folders":      typed(s.folders),
		"project.pick":         typed(s.pick),
		"project.save_as":      typed(s.saveAs),
		"app.menus":            typed(s.setMenus),
		"project.create":       typed(s.create),
		"project.open":         typed(s.openProject),
		"project.import_agama": typed(s.importAgama),
		"project.current":      typed(s.current),
		"project.close":        typed(s.closeProject),
		"project.rename":       typed(s.renameProject),

		"flow.load":         typed(s.loadFlow),
		"flow.save":         typed(s.saveFlow),
		"flow.check":        typed(s.checkFlow),
		"flow.scope":        typed(s.scope),
		"flow.rename_block": typed(s.renameBlock),
		"flow.create":       typed(s.createFlow),
		"flow.draw":         typed(s.drawFlow),
		"flow.extract":      typed(s.extractFlow),
		"flow.paste":        typed(s.pasteBlocks),
		"flow.uses":         typed(s.usesOf),
		"file.load":         typed(s.loadFile),
		"file.save":         typed(s.saveFile),
		"file.create":       typed(s.createFile),
		"drafts.list":       typed(s.drafts),
		"drafts.keep":       typed(s.keepDraft),
		"drafts.drop":       typed(s.dropDraft),
		"page.facts":        typed(s.pageFacts),
		"page.preview":      typed(s.previewPage),
		"page.builtin":      typed(s.builtinPages),

		"actions.ready":  typed(s.readyMade),
		"actions.add":    typed(s.addReady),
		"actions.types":  typed(s.actionTypes),
		"actions.events": typed(s.actionEvents),
		"actions.try":    typed(s.tryAction),

		"harness.get":    typed(s.harness),
		"world.get":      typed(s.world),
		"world.set":      typed(s.setWorld),
		"run.start":      typed(s.startRun),
		"browser.get":    typed(s.browser),
		"browser.open":   typed(s.browserOpen),
		"browser.submit": typed(s.browserSubmit),
		"browser.reload": typed(s.browserReload),
		"browser.back":   typed(s.browserBack),

		"tokens.get":      typed(s.tokens),
		"sessions.list":   typed(s.sessions),
		"sessions.revoke": typed(s.revokeSession),
		"sessions.logout": typed(s.logoutSession),
		"users.list":      typed(s.users),
		"users.status":    typed(s.setUserStatus),
		"users.app_code":  typed(s.appCode),
		"users.reset":     typed(s.resetUsers),
		"outbox.list":     typed(s.outbox),
		"audit.list":      typed(s.audit),

		"provider.get":            typed(s.providerView),
		"provider.fault":          typed(s.setFault),
		"provider.clear_faults":   typed(s.clearFaults),
		"provider.clear_requests": typed(s.clearRequests),
		"provider.claims":         typed(s.queueClaims),
		"provider.next_user":      typed(s.queueUser),
		"provider.clear_next":     typed(s.clearNextUsers),
		"provider.picker":         typed(s.setPicker),
		"provider.rotate_keys":    typed(s.rotateKeys),

		"calls.list":   typed(s.outsideView),
		"calls.answer": typed(s.answerWith),
		"calls.drop":   typed(s.dropStub),
		"calls.forget": typed(s.forgetCalls),
		"calls.keep":   typed(s.keepStub),

		"tests.list":   typed(s.testList),
		"tests.record": typed(s.recordTest),
		"tests.revise": typed(s.reviseTest),
		"tests.debug":  typed(s.debugTest),

		"settings.get": typed(s.settings),
		"settings.set": typed(s.setSetting),
	}
	maps.Copy(table, s.debugging())
	maps.Copy(table, s.comparing())
	maps.Copy(table, s.contracts())
	maps.Copy(table, s.testWork())
	maps.Copy(table, s.checks())
	maps.Copy(table, s.bundles())
	return table
}

// Methods lists the names of all methods, for the test that holds the front
// end's contract against them.
func (s *Studio) Methods() []string {
	names := make([]string, 0, len(s.methods))
	for n := range s.methods {
		names = append(names, n)
	}
	return names
}

// workspace answers the open project.
func (s *Studio) workspace() (*workspace, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		return nil, &Error{Code: "no_project", Message: "No project is open.", Hint: "Open one, or create one from a template."}
	}
	return s.open, nil
}

// AppInfo says which program this is.
type AppInfo struct {
	Version  string `json:"version"`
	Mode     string `json:"mode"`
	Platform string `json:"platform"`
	// NativeMenus says that the menus are the system's, and Dialogs that there
	// are file dialogs.
	NativeMenus bool `json:"native_menus"`
	Dialogs     bool `json:"dialogs"`
}

func (s *Studio) info(context.Context, none) (AppInfo, error) {
	return AppInfo{Version: s.Version, Mode: s.Mode, Platform: runtime.GOOS, NativeMenus: s.Menus != nil, Dialogs: s.SaveAs != nil}, nil
}
