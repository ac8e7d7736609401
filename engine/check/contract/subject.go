package contract

import "github.com/authflow-studio/authflow/engine/block"

// subject is what a run has proven of the person, as bits: the abstraction of
// block.Subject. other says that event.user may be somebody else than the one
// who was verified.
type subject uint8

const (
	knows subject = 1 << iota // a password
	vouched
	has
	holdsKey
	both
	other
	found // event.user is somebody

	factors = knows | vouched | has | holdsKey | both
)

func (s subject) proven() bool { return s&factors != 0 }

// second follows block.Subject.AAL.
func (s subject) second() bool {
	return s&both != 0 || s&(knows|vouched) != 0 && s&(has|holdsKey) != 0
}

func (s subject) aal() string {
	switch {
	case s.second():
		return "aal2"
	case s.proven():
		return "aal1"
	}
	return ""
}

// shows reports whether a word for a state is true. A factor of somebody else
// counts for nothing.
func (s subject) shows(word string) bool {
	if s&other != 0 {
		return false
	}
	switch word {
	case aPassword:
		return s&knows != 0
	case aFactor:
		return s.proven()
	case aSecondFactor:
		return s.second()
	case aStrongFactor:
		return s&(knows|holdsKey) != 0
	}
	return false
}

// states are the words that shows understands.
var states = []string{aPassword, aFactor, aSecondFactor, aStrongFactor}

// after answers what a run may have proven when it leaves a block by a port:
// factors of two people never add up, so whatever finds a person may begin anew.
func (s subject) after(n *node, port string) []subject {
	kinds := n.proves(port)
	if n.finds(port) {
		s |= found
	}
	if len(kinds) == 0 {
		if n.finds(port) && s.proven() {
			return []subject{s &^ other, s | other}
		}
		if port == block.ErrorPort && len(n.desc.Proves) > 0 && n.desc.Asks {
			return s.maybe(n)
		}
		return []subject{s}
	}
	var out []subject
	for _, own := range provenBy(kinds, s) {
		if own&replaces != 0 {
			out = append(out, own&factors|s&found)
			continue
		}
		same := s&(factors|found) | own
		own |= s & found
		switch {
		case !s.proven():
			out = append(out, own)
		case n.finds(port):
			out = append(out, same, own)
		case s&other != 0:
			out = append(out, own)
		default:
			out = append(out, same)
		}
	}
	if n.desc.Certain != nil && !n.desc.Certain(n.config) {
		out = append(out, s)
	}
	return out
}

// maybe is for a block that shows a page after it has verified: it may fail
// there.
func (s subject) maybe(n *node) []subject {
	out := []subject{s}
	for _, port := range sortedKeys(n.desc.Proves) {
		for _, p := range s.after(n, port) {
			if p != s {
				out = append(out, p)
			}
		}
	}
	return out
}

// replaces marks what takes the place of everything that was proven before.
const replaces subject = 1 << 7

// provenBy answers the sets of factors that kinds may stand for.
func provenBy(kinds []string, before subject) []subject {
	out := []subject{0}
	for _, kind := range kinds {
		var next []subject
		for _, o := range out {
			for _, more := range provenByOne(kind, before) {
				next = append(next, o|more)
			}
		}
		out = next
	}
	return out
}

func provenByOne(kind string, before subject) []subject {
	switch kind {
	case block.ProvesPassword:
		return []subject{knows}
	case block.ProvesPossession:
		return []subject{has}
	case block.ProvesKey:
		if !before.proven() {
			return []subject{holdsKey | both, holdsKey}
		}
		return []subject{holdsKey, holdsKey | both}
	case block.ProvesSession:
		return []subject{replaces | knows, replaces | has, replaces | holdsKey | both, replaces | knows | has}
	case block.ProvesNothing:
		return []subject{replaces}
	}
	// Federated, and whatever kind a later block may prove: one factor of which
	// nothing is known, or two.
	return []subject{vouched, vouched | both}
}
