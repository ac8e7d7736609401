package expr

// This file turns source into a Program, or into the problems it has.

import (
	"fmt"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
)

// Issue is a problem of a source, at a place in it.
type Issue struct {
	Line       int    `json:"line"`   // from 1
	Column     int    `json:"column"` // from 1, counted in characters
	Message    string `json:"message"`
	Code       string `json:"code"`
	Suggestion string `json:"suggestion,omitempty"` // the name probably meant
}

// Codes of issues.
const (
	CodeSyntax       = "expr_syntax"
	CodeUnknownName  = "expr_unknown_name"  // a variable or function that does not exist
	CodeUnknownField = "expr_unknown_field" // a field that the schema does not have
	CodeWrongType    = "expr_wrong_type"    // an operation on values it does not take
	CodeResultType   = "expr_result_type"   // the whole gives something else than wanted
	CodeTooLarge     = "expr_too_large"
	CodeBadLiteral   = "expr_bad_literal" // a regular expression, duration or time that is none
)

// Program is a compiled expression. It is safe for concurrent use.
type Program struct {
	source  string
	program cel.Program
	reads   []Ref
}

// Source is the text the program was compiled from.
func (p *Program) Source() string { return p.source }

// Reads lists what the expression may read, in order of its text. The slice
// belongs to the program.
func (p *Program) Reads() []Ref { return p.reads }

// Compile checks and plans an expression. want is the type the whole must have
// (nil: any). Without a schema every name under the variables is allowed and
// types are found out at run time. Results are cached.
func Compile(src string, want *Type, s *Schema) (*Program, []Issue) {
	if want == nil {
		want = Dyn
	}
	if len(src) > 4*maxSource {
		return nil, []Issue{{1, 1, "the expression is too long", CodeTooLarge, ""}}
	}
	c, key := &withoutSchema, string(want.Kind)+" "+src
	if s != nil {
		c = &s.compiled
	}
	return c.get(key, func() (*Program, []Issue) { return compile(src, want, s) })
}

func compile(src string, want *Type, s *Schema) (*Program, []Issue) {
	base, err := runEnv()
	if err != nil {
		return nil, internal(err)
	}
	parsed, iss := base.Parse(src)
	if iss.Err() != nil {
		return nil, syntaxIssues(iss)
	}
	tree := parsed.NativeRep()
	reads := readsOf(tree)
	expandPresence(tree)
	if s != nil {
		checker, err := s.env()
		if err != nil {
			return nil, internal(err)
		}
		checked, iss := checker.Check(parsed)
		if iss.Err() != nil && mixEqualities(tree, iss) {
			checked, iss = checker.Check(parsed)
		}
		if iss.Err() != nil {
			return nil, checkIssues(iss, tree, src, s)
		}
		if wrong := resultIssue(checked, want); wrong != nil {
			return nil, wrong
		}
		coerceFields(tree, checked.NativeRep())
	}
	checked, iss := base.Check(parsed)
	if iss.Err() != nil {
		return nil, checkIssues(iss, tree, src, s)
	}
	if wrong := resultIssue(checked, want); wrong != nil {
		return nil, wrong
	}
	program, err := base.Program(checked, cel.CostTracking(sizeCost{}), cel.CostLimit(maxCost))
	if err != nil {
		return nil, []Issue{{1, 1, err.Error(), CodeBadLiteral, ""}}
	}
	return &Program{source: src, program: program, reads: reads}, nil
}

// internal reports a fault of ours; it fails closed like any other issue.
func internal(err error) []Issue {
	return []Issue{{1, 1, "the expression language could not start: " + err.Error(), CodeSyntax, ""}}
}

// resultIssue compares the type of the whole with the wanted one. What is only
// known at run time passes here and is checked there.
func resultIssue(checked *cel.Ast, want *Type) []Issue {
	got, wanted := checked.OutputType(), celType("", want)
	number := want.Kind == KindDouble && got.Kind() == types.IntKind
	if want.Kind == KindDyn || got.Kind() == types.DynKind || number || wanted.IsAssignableType(got) {
		return nil
	}
	message := fmt.Sprintf("this gives %s, but %s is needed here", words(got), words(wanted))
	if want.Kind == KindBool && got.Kind() == types.OpaqueKind {
		message += "; say what holds if there is nothing, with .orValue(false)"
	}
	return []Issue{{1, 1, message, CodeResultType, ""}}
}

// words names a type as people do.
func words(t *types.Type) string {
	switch t.Kind() {
	case types.BoolKind:
		return "true or false"
	case types.StringKind:
		return "text"
	case types.IntKind, types.UintKind:
		return "a whole number"
	case types.DoubleKind:
		return "a number"
	case types.ListKind:
		return "a list"
	case types.MapKind, types.StructKind:
		return "an object"
	case types.TimestampKind:
		return "a point in time"
	case types.DurationKind:
		return "a duration"
	case types.NullTypeKind:
		return "nothing (null)"
	default:
		return t.String()
	}
}

// cache keeps compiled sources. It is emptied when full: what is in use is
// compiled again at once, and no bookkeeping burdens the common case.
type cache struct {
	mu      sync.RWMutex
	entries map[string]cached
}

type cached struct {
	program *Program
	issues  []Issue
}

const cacheSize = 4096

var withoutSchema cache

func (c *cache) get(key string, make func() (*Program, []Issue)) (*Program, []Issue) {
	c.mu.RLock()
	hit, ok := c.entries[key]
	c.mu.RUnlock()
	if ok {
		return hit.program, append([]Issue(nil), hit.issues...)
	}
	program, issues := make()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries == nil || len(c.entries) >= cacheSize {
		c.entries = map[string]cached{}
	}
	c.entries[key] = cached{program, issues}
	return program, append([]Issue(nil), issues...)
}
