package script

// This file is the worker's side: it reads calls, runs them one by one, and
// asks the engine what a script asks its host.

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/authflow-studio/authflow/engine/world"
)

// ServeWorkerIfAsked makes this process a worker and never returns, if it was
// started as one. It must be the first thing in main, and in TestMain of every
// package that runs Actions.
func ServeWorkerIfAsked() {
	if os.Getenv(workerMark) == "" {
		return
	}
	os.Clearenv()
	if err := serve(os.Stdin, os.Stdout); !errors.Is(err, io.EOF) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// worker is the one of this process. Nothing but the compiled sources outlives
// a call.
type worker struct {
	in       *bufio.Reader
	out      io.Writer
	memory   int64
	compiled compileCache
}

// serve ends with io.EOF when the engine has no more to say.
func serve(in io.Reader, out io.Writer) error {
	w := &worker{in: bufio.NewReader(in), out: out}
	for {
		m, err := readMessage(w.in)
		if err != nil {
			return err
		}
		switch {
		case m.Setup != nil:
			w.memory = m.Setup.MemoryLimit
			limitProcess(w.memory)
			err = writeMessage(w.out, message{Ready: true})
		case m.Call != nil:
			err = w.run(m.Call)
		case m.Places != nil:
			end := w.places(*m.Places)
			err = writeMessage(w.out, message{Done: &end})
		case m.Check != nil:
			err = writeMessage(w.out, message{Done: &done{Issues: checkUnit(*m.Check)}})
		default:
			err = errors.New("script: an unknown message from the engine")
		}
		if err != nil {
			return err
		}
	}
}

func (w *worker) run(c *callFrame) error {
	limitCPU(c.Budget)
	end := w.execute(c)
	err := writeMessage(w.out, message{Done: &end})
	if errors.Is(err, errFrameTooLarge) {
		err = writeMessage(w.out, message{Done: &done{Error: &Error{Code: CodeTooLarge, Message: "its results are too large"}}})
	}
	return err
}

// execute runs a call in this process, and again from its beginning as often as
// its debugger goes back.
func (w *worker) execute(c *callFrame) done {
	if c.Debug == nil {
		return w.once(c, nil)
	}
	j := newJourney(c.Debug)
	for {
		end := w.once(c, j)
		if j.again == nil {
			return end
		}
		if err := writeMessage(w.out, message{Back: true}); err != nil {
			return done{Error: &Error{Code: CodeDied, Message: err.Error()}}
		}
		limitCPU(backLimit)
	}
}

// once runs it once. A panic of goja itself is one failed call, not a dead
// worker.
func (w *worker) once(c *callFrame, j *journey) (end done) {
	m := &machine{call: c}
	defer func() {
		if r := recover(); r != nil {
			end = done{Result: Result{Logs: m.logs}, Error: &Error{Code: CodeDied, Message: fmt.Sprintf("the interpreter failed: %v", r)}}
		}
	}()
	program, issue := w.compiled.get(c.Unit, c.flavour(j))
	if issue != nil {
		return done{Error: issue.failure()}
	}
	m.program = program
	m.budget = world.NewBudget(contextOfWorker, c.Budget)
	defer m.budget.Stop()
	m.ask = w.ask(m)
	m.memory = w.memory
	if program.flavour != plain {
		m.gate = newGate(program)
	}
	if j != nil && program.flavour >= lines {
		m.debug = newStepper(m, j, w.talk)
		m.ask = m.debug.recorded(m.ask)
		defer m.debug.leave()
	}
	return m.run()
}

// ask turns to the engine; the script's time stands still meanwhile.
func (w *worker) ask(m *machine) func(ask) (reply, error) {
	return func(a ask) (reply, error) {
		m.budget.Pause()
		defer m.budget.Resume()
		if err := writeMessage(w.out, message{Ask: &a}); err != nil {
			return reply{}, err
		}
		answer, err := readMessage(w.in)
		if err != nil || answer.Reply == nil {
			return reply{}, fmt.Errorf("script: no reply from the engine: %w", err)
		}
		return *answer.Reply, nil
	}
}

// talk is one message to the engine and, where one is due, its answer.
func (w *worker) talk(out message, answered bool) (message, error) {
	if err := writeMessage(w.out, out); err != nil || !answered {
		return message{}, err
	}
	return readMessage(w.in)
}
