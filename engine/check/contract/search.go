package contract

import (
	"slices"

	"github.com/authflow-studio/authflow/engine/block"
)

// promise is a contract that was understood.
type promise struct {
	every                 bool
	targets, passed, back []mark
	when, unless          *condition
	guards                []int
}

// state is one point of the search.
type state struct {
	frames []frame
	sub    subject
	seen   uint8
	know   []uint8
	from   int32
	steps  []Step
}

// frame is one flow that is being run.
type frame struct {
	g      *graph
	at     int
	rounds []uint8
}

// What a path has seen of the promise.
const (
	sawPassed uint8 = 1 << iota
	sawBack
)

// assurance is the one value of the event that follows from what was proven.
const assurance = "event.authentication.aal"

// maxDepth is how deep flows run in flows, as in engine/run.
const maxDepth = 32

// maxRounds is up to where the rounds of a loop are counted.
const maxRounds = 200

// search looks for a path that breaks a promise.
type search struct {
	m       *model
	p       *promise
	most    int
	states  []state
	known   map[string]bool
	reached bool // a target was reached at all
	broken  bool // no certain path is needed any more
	path    []Step
	doubt   []Step
	why     string
	live    int
	// inexact says why ways were looked at that may not be there.
	inexact string
	cur     int32
}

// run begins at a flow and answers whether the search came to its end.
func (s *search) run(slug string) bool {
	g := s.m.flows[slug]
	know := make([]uint8, len(s.m.vars))
	for i, v := range s.m.vars {
		if v.scope == "" && v.path != nil && v.reads[0][0] == "claims" {
			know[i] = absent
		}
		if v.term == assurance && g.f.Trigger != "token_refresh" {
			know[i] = v.knowing("") // who is at a page begins with nothing proven
		}
	}
	s.known = map[string]bool{}
	s.push(state{frames: []frame{newFrame(g)}, know: s.entering(g, know), from: -1})
	for s.cur = 0; int(s.cur) < len(s.states) && !s.broken; s.cur++ {
		if len(s.states) > s.most {
			return false
		}
		s.expand(s.states[s.cur])
	}
	return true
}

func newFrame(g *graph) frame { return frame{g: g, at: g.start, rounds: make([]uint8, len(g.loops))} }

// entering forgets what an earlier run of the flow has left: no block of it has
// run.
func (s *search) entering(g *graph, know []uint8) []uint8 {
	know = slices.Clone(know)
	for i, v := range s.m.vars {
		if v.scope != g.slug {
			continue
		}
		know[i] = unset
		if v.path != nil && v.reads[0][0] == "step" {
			know[i] = absent
		}
	}
	return know
}

func (st *state) top() *node {
	f := st.frames[len(st.frames)-1]
	return f.g.nodes[f.at]
}

// push adds a state unless it was there.
func (s *search) push(st state) {
	s.forget(&st)
	key := st.key()
	if s.known[key] {
		return
	}
	s.known[key] = true
	s.states = append(s.states, st)
}

func (st *state) key() string {
	b := make([]byte, 0, 16+len(st.know))
	for _, f := range st.frames {
		b = append(b, byte(f.g.index), byte(f.g.index>>8), byte(f.at), byte(f.at>>8))
		b = append(b, f.rounds...)
	}
	b = append(b, 0xff, byte(st.sub), st.seen)
	return string(append(b, st.know...))
}

// expand goes every way on from a state.
func (s *search) expand(st state) {
	n := st.top()
	st.from, st.steps = s.cur, nil
	if st.seen = s.observe(&st, event{kind: entered, flow: n.g.slug, id: n.id, blk: n}, Step{Flow: n.g.slug, Block: n.id}); s.broken {
		return
	}
	switch {
	case st.sub&found == 0 && slices.Contains(n.desc.Needs, block.FactUser) && len(n.desc.Proves) > 0:
		// Without a person there is nothing to prove: it fails, and only that.
	case n.desc.Terminal:
		s.end(st, n)
	case len(n.calls) > 0:
		s.call(st, n)
	case len(n.rows) > 0:
		s.decide(st, n)
	case n.loop >= 0:
		s.round(st, n)
	default:
		s.ports(st, n)
	}
	if s.broken {
		return
	}
	s.leave(st, n, block.ErrorPort)
	if n.desc.Asks && len(st.frames) > 1 {
		s.abort(st, n)
	}
}

// ports leaves by every outcome. An Action may refuse besides.
func (s *search) ports(st state, n *node) {
	for _, port := range n.ports {
		nobody := n.desc.KeepsUser && st.sub&found == 0 && len(n.proves(port)) > 0
		if port != block.ErrorPort && !nobody {
			s.leave(st, n, port)
		}
	}
	if n.desc.ID == "run_custom_action" {
		s.finish(st, n, false)
	}
}

// decide tries the rows in their order on all values that tell them apart.
func (s *search) decide(st state, n *node) {
	ask := func(know []uint8) (int, int) {
		for i, r := range n.rows {
			switch t, need := r.when.eval(s.m.vars, know); t {
			case yes:
				return i, -1
			case undecided:
				return 0, need
			case broken:
				return failed, -1
			}
		}
		return len(n.rows), -1
	}
	s.branch(st.know, ask, func(know []uint8, row int) bool {
		if row == failed {
			return true // the outcome error is a way of every block
		}
		port := "default"
		if row < len(n.rows) {
			port = n.rows[row].port
		}
		with := st
		with.know = know
		s.leave(with, n, port)
		return !s.broken
	})
}

// failed is the row of a decision whose condition fails.
const failed = -1

// branch gives values to what a question needs until it has an answer; each
// answer is told with the knowledge behind it. It ends when told is false.
func (s *search) branch(know []uint8, ask func([]uint8) (answer, need int), told func([]uint8, int) bool) bool {
	answer, need := ask(know)
	if need < 0 {
		return told(know, answer)
	}
	for _, option := range s.m.vars[need].options() {
		with := slices.Clone(know)
		with[need] = option
		if !s.branch(with, ask, told) {
			return false
		}
	}
	return true
}

// round counts the rounds of a loop.
func (s *search) round(st state, n *node) {
	times, _ := n.setting("times").(float64)
	last := len(st.frames) - 1
	at := st.frames[last].rounds[n.loop]
	set := func(rounds uint8) state {
		with := st
		with.frames = slices.Clone(st.frames)
		with.frames[last].rounds = slices.Clone(st.frames[last].rounds)
		with.frames[last].rounds[n.loop] = rounds
		return with
	}
	if times > maxRounds {
		s.inexact = "a loop of more rounds than are counted"
		s.leave(st, n, "again")
		s.leave(st, n, "done")
		return
	}
	if int(at)+1 > int(times) {
		s.leave(set(0), n, "done")
		return
	}
	s.leave(set(at+1), n, "again")
}

// call enters the flows that a block runs.
func (s *search) call(st state, n *node) {
	for _, slug := range n.calls {
		g := s.m.flows[slug]
		running := slices.ContainsFunc(st.frames, func(f frame) bool { return f.g.slug == slug })
		if g == nil || running || len(st.frames) >= maxDepth {
			continue // it fails, and that is a way of its own
		}
		with := st
		with.frames = append(slices.Clone(st.frames), newFrame(g))
		with.know = s.entering(g, st.know)
		with.steps = append(slices.Clone(st.steps), Step{Flow: n.g.slug, Block: n.id})
		s.push(with)
	}
}

// leave leaves a block by a port, with everything that this proves and tells.
func (s *search) leave(st state, n *node, port string) {
	if s.broken {
		return
	}
	to, wired := n.next[port]
	if !wired {
		s.raise(st, n)
		return
	}
	step := s.step(st, n, port)
	for _, sub := range st.sub.after(n, port) {
		with := st
		with.seen = s.observe(&st, event{kind: left, flow: n.g.slug, id: n.id, blk: n, port: port}, step)
		for _, word := range states {
			if sub.shows(word) && !st.sub.shows(word) {
				with.seen |= s.observe(&st, event{kind: proven, word: word}, step)
			}
		}
		if s.broken {
			return
		}
		with.know = slices.Clone(st.know)
		s.m.learn(with.know, n, port, st.sub, sub)
		with.sub = sub
		with.frames = slices.Clone(st.frames)
		with.frames[len(with.frames)-1].at = to
		with.steps = append(slices.Clone(st.steps), step)
		s.push(with)
	}
}

// raise takes an error that no outcome takes to the flow that ran this one; in
// the outermost flow the run is over, denied.
func (s *search) raise(st state, n *node) { s.back(st, n, len(st.frames)-1, block.ErrorPort) }

// back returns to the block that ran the flow of a frame.
func (s *search) back(st state, n *node, depth int, port string) {
	if depth == 0 {
		return
	}
	with := st
	with.steps = append(slices.Clone(st.steps), s.step(st, n, ""))
	with.frames = slices.Clone(st.frames[:depth])
	s.leave(with, with.top(), port)
	if port != block.ErrorPort && !s.broken {
		s.leave(with, with.top(), block.ErrorPort)
	}
}

// abort cancels at a page that a caller has replaced.
func (s *search) abort(st state, n *node) {
	for depth := len(st.frames) - 1; depth > 0; depth-- {
		caller := st.frames[depth-1]
		if len(rowsOf(caller.g.nodes[caller.at].config["override_pages"])) == 0 {
			continue
		}
		for _, sub := range st.sub.maybe(n) {
			with := st
			with.sub = sub
			s.back(with, n, depth, "aborted")
		}
	}
}

// end ends a flow by one of its terminal blocks.
func (s *search) end(st state, n *node) {
	has := func(effect string) bool { return slices.Contains(n.desc.Effects, effect) }
	switch {
	case has(block.IssuesSession):
		wants, _ := n.setting("aal").(string)
		if st.sub.proven() && st.sub&other == 0 && (wants != "aal2" || st.sub.second()) {
			s.issue(st, n, aSession, anIdentity, aSuccess)
			s.finish(st, n, false) // there may be too many sessions
		}
	case has(block.IssuesTokens):
		s.issue(st, n, theTokens, aSuccess)
	default:
		success, set := n.setting("success").(bool)
		s.finish(st, n, n.desc.ID != "deny" && (!set || success))
	}
}

// issue ends the run.
func (s *search) issue(st state, n *node, words ...string) {
	for _, w := range words {
		s.observe(&st, event{kind: issued, flow: n.g.slug, id: n.id, blk: n, word: w}, Step{Flow: n.g.slug, Block: n.id})
	}
}

// finish ends a flow with or without success.
func (s *search) finish(st state, n *node, success bool) {
	if len(st.frames) > 1 {
		port := "failure"
		if success {
			port = "success"
		}
		s.back(st, n, len(st.frames)-1, port)
		return
	}
	if !success {
		return
	}
	if with, _ := n.setting("identity").(bool); with && st.sub.proven() {
		s.issue(st, n, anIdentity)
	}
	s.issue(st, n, aSuccess)
}
