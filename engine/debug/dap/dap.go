// Package dap speaks the Debug Adapter Protocol, so that any editor debugs runs
// (rule D6).
//
// It owns: Server, what of a debugger each client sees, and how lines of files
// stand for blocks and edges: the JSON of a flow is a source like any other.
// It delegates: stopping, stepping and history to engine/debug, Actions to
// engine/script, running to whoever made the debugger.
// The law: a client observes and orders, and is never waited for. One that
// vanishes takes its breakpoints along, and the runs go on.
package dap

import (
	"context"
	"log/slog"
	"sync"

	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/script"
)

// Places answers where an Action can be stopped (script.Pool does).
type Places interface {
	Places(ctx context.Context, u script.Unit) (script.Places, error)
}

// Options are what a server is made with.
type Options struct {
	Debugger *debug.Debugger
	// Dir is the folder of the project.
	Dir string
	// Project answers the project as it is now.
	Project func() *flow.Project
	Places  Places
	// Abort ends a run that waits for the person (run.Engine.Abort).
	Abort func(ctx context.Context, run string) error
	// Greeting is said to each client: where to sign in.
	Greeting string
	// Token is what a client must give to attach or launch; empty: nothing.
	Token string
	// Replay begins to replay a recorded run; nil where none can be.
	Replay func(ctx context.Context, file string) error
	// End ends the program, when a client asks for it; it may be nil.
	End func()
	Log *slog.Logger
}

// Server shows one debugger to any number of clients.
type Server struct {
	Options

	mu       sync.Mutex
	sessions []*session
	// left says that paused runs stay so although nobody is there.
	left bool
	// setting guards the debugger's list of breakpoints, which all clients share.
	setting sync.Mutex
	// was is the project as clients know it; setting guards it.
	was  *flow.Project
	stop func()
}

// New makes a server; Close lets go of the debugger.
func New(o Options) *Server {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{Options: o, was: o.Project()}
	s.stop = o.Debugger.Listen(s.told)
	return s
}

// Close ends what the server hears of the debugger.
func (s *Server) Close() { s.stop() }

// told passes on what the debugger tells. Where nobody is attached no run stops:
// nobody could let it go on.
func (s *Server) told(e debug.Event) {
	all, left := s.attached()
	for _, c := range all {
		c.told(e)
	}
	if e.Run != nil && e.Run.Status == "paused" && len(all) == 0 && !left {
		_ = s.Debugger.Continue(e.Run.ID)
	}
}

func (s *Server) attached() ([]*session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*session{}, s.sessions...), s.left
}

func (s *Server) join(c *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions, s.left = append(s.sessions, c), false
}

// leave takes a client out, with its breakpoints. After the last one paused runs
// go on, unless they are to be left as they are.
func (s *Server) leave(c *session, suspend bool) {
	s.mu.Lock()
	var others []*session
	for _, o := range s.sessions {
		if o != c {
			others = append(others, o)
		}
	}
	was := len(s.sessions)
	s.sessions = others
	last := was > 0 && len(others) == 0
	s.left = s.left || last && suspend
	s.mu.Unlock()
	s.drop(c)
	if last && !suspend {
		s.Debugger.Release()
	}
}

// Say shows a line to everybody.
func (s *Server) Say(words string) {
	all, _ := s.attached()
	for _, c := range all {
		c.say("console", words)
	}
}
