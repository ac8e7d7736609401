package script

// This file makes an interpreter fit for a foreign script, before that script
// has run a single statement.

import (
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/dop251/goja"
)

// The kinds of functions whose constructors make code from text; those of the
// last two are reachable through the prototypes of such functions alone.
var (
	someAsync     = sync.OnceValue(func() *goja.Program { return goja.MustCompile("", "(async () => {})", true) })
	someGenerator = sync.OnceValue(func() *goja.Program { return goja.MustCompile("", "(function* () {})", true) })
)

// closeDoors takes away eval, Function and its siblings. A source without the
// word or the sign that makes such a function can have none of them.
func (m *machine) closeDoors() {
	refuse := m.rt.ToValue(func(goja.FunctionCall) goja.Value {
		panic(m.rt.NewTypeError("an Action cannot make code from text"))
	}).(*goja.Object)
	close := func(prototype *goja.Object) {
		m.must(prototype.DefineDataProperty("constructor", refuse, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))
	}
	functions := refuse.Prototype()
	m.must(refuse.DefineDataProperty("prototype", functions, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))
	close(functions)
	if m.debug != nil || strings.Contains(m.program.source, "async") {
		close(m.prototypeOf(someAsync()))
	}
	if m.debug != nil || strings.Contains(m.program.source, "*") {
		close(m.prototypeOf(someGenerator()))
	}
	global := m.rt.GlobalObject()
	m.must(global.DefineDataProperty("Function", refuse, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))
	m.must(global.Delete("eval"))
}

func (m *machine) prototypeOf(p *goja.Program) *goja.Object {
	value, err := m.rt.RunProgram(p)
	m.must(err)
	return value.(*goja.Object).Prototype()
}

// prepare sets up everything but the arguments of the call.
func (m *machine) prepare() {
	rt := m.rt
	rt.SetPromiseRejectionTracker(m.track)
	rt.SetTimeSource(m.now)
	rt.SetRandSource(func() float64 { return m.nextRandom() })
	m.basics = intrinsics(rt)
	m.debug.prepare()
	m.closeDoors()
	m.hand()
	module, exports := rt.NewObject(), rt.NewObject()
	m.must(module.Set("exports", exports))
	m.must(rt.Set("module", module))
	m.must(rt.Set("exports", exports))
	m.must(rt.Set("console", m.group(console)))
	m.must(rt.Set("fetch", m.function(fetch)))
}

func intrinsics(rt *goja.Runtime) basics {
	object := rt.GlobalObject().Get("Object").(*goja.Object)
	b := basics{objectProto: rt.NewObject().Prototype(), arrayProto: rt.NewArray().Prototype()}
	b.freeze, _ = goja.AssertFunction(object.Get("freeze"))
	b.descriptor, _ = goja.AssertFunction(object.Get("getOwnPropertyDescriptor"))
	return b
}

func (m *machine) must(err error) {
	if err != nil {
		panic(err)
	}
}

// now is the world's clock, as of the start of the call or its last outgoing call.
func (m *machine) now() time.Time {
	if m.clock == nil {
		m.refuseWhileLooking("the clock is not read")
		answer := m.question(ask{Kind: "now"})
		m.clock = &answer.Time
	}
	return *m.clock
}

// nextRandom draws from a stream that is seeded once by the world.
func (m *machine) nextRandom() float64 {
	m.refuseWhileLooking("no randomness is drawn")
	if m.random == nil {
		answer := m.question(ask{Kind: "random", Bytes: 32})
		if len(answer.Bytes) != 32 {
			panic(m.rt.NewTypeError("the world gave no randomness"))
		}
		m.random = rand.New(rand.NewChaCha8([32]byte(answer.Bytes))).Float64
	}
	return m.random()
}

// question asks the host. A refusal is thrown into the script; if the host
// stops the call, nothing can catch that.
func (m *machine) question(a ask) reply {
	m.refuseWhileLooking(a.Kind + " asks nobody")
	answer, err := m.ask(a)
	if err != nil {
		panic(&Error{Code: CodeDied, Message: err.Error()})
	}
	if answer.Stop {
		panic(&Error{Code: CodeDied, Message: "its host stopped it"})
	}
	if answer.Failed != nil {
		panic(m.coded(answer.Failed.Code, answer.Failed.Message))
	}
	return answer
}

// coded is an Error of the script's world that bears a code.
func (m *machine) coded(code, message string) *goja.Object {
	failure := m.rt.NewGoError(&HostError{code, message})
	constructor := m.rt.GlobalObject().Get("Error")
	if made, err := m.rt.New(constructor, m.rt.ToValue(message)); err == nil {
		failure = made
	}
	m.must(failure.Set("code", code))
	return failure
}
