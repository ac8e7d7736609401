package agama

// This file holds conditions, and what is known of them where they are asked.

import (
	"fmt"
	"strings"
)

// test is a condition: groups of comparisons of which one group must hold.
type test struct{ any [][]comparison }

// comparison is a value that is, or is not, another.
type comparison struct {
	left, right value
	not         bool
}

// atom is a condition of one comparison with a truth value.
func atom(v value, is, not bool) test {
	return test{[][]comparison{{{left: v, right: lit{is}, not: not}}}}
}

// facts say of values what they are certainly, or certainly not, by their key.
type facts map[string]fact

type fact struct {
	is    any
	known bool
	not   []any
}

func (f facts) clone() facts {
	out := make(facts, len(f))
	for k, v := range f {
		out[k] = v
	}
	return out
}

// and keeps what holds in both.
func (f facts) and(g facts) facts {
	out := facts{}
	for k, a := range f {
		if b, ok := g[k]; ok && a.known && b.known && a.is == b.is {
			out[k] = a
		} else if ok && fmt.Sprint(a) == fmt.Sprint(b) {
			out[k] = a
		}
	}
	return out
}

// learn adds that a comparison holds, or that it does not.
func (f facts) learn(c comparison, holds bool) facts {
	c = c.plain()
	key, want, ok := c.keyed()
	if !ok {
		return f
	}
	out := f.clone()
	if holds != c.not {
		out[key] = fact{is: want, known: true}
		return out
	}
	if b, isBool := want.(bool); isBool && c.boolean() {
		out[key] = fact{is: !b, known: true}
		return out
	}
	known := out[key]
	known.not = append(append([]any{}, known.not...), want)
	out[key] = known
	return out
}

// plain turns a comparison of a verdict or a caught error into one of an output.
func (c comparison) plain() comparison {
	if _, ok := c.left.(lit); ok {
		c.left, c.right = c.right, c.left
	}
	l, ok := c.right.(lit)
	v, isVerdict := c.left.(verdict)
	if !ok || !isVerdict {
		return c
	}
	// Code that checks answers true, or somebody, where the password was right.
	c.left = output{v.n, []string{"verified"}}
	switch l.v {
	case true, false:
	case nil:
		c.right = lit{false}
	default:
		c.right = lit{true}
	}
	return c
}

// keyed answers what a comparison with a literal is about.
func (c comparison) keyed() (key string, want any, ok bool) {
	l, isLit := c.right.(lit)
	if !isLit {
		return "", nil, false
	}
	switch v := c.left.(type) {
	case output:
		return fmt.Sprintf("%p.%s", v.n, strings.Join(v.path, ".")), l.v, true
	case caught:
		return fmt.Sprintf("%p!", v.n), l.v, l.v == nil
	case raw:
		// What the flow was given never changes; what is known of the person does.
		return v.cel, l.v, strings.HasPrefix(v.cel, "input.")
	}
	return "", nil, false
}

func (c comparison) boolean() bool {
	o, ok := c.left.(output)
	return ok && o.kind() == "boolean"
}

// holds answers yes, no or unknown for a condition.
func (t test) holds(f facts) (bool, bool) {
	sure := true
	for _, group := range t.any {
		all, known := true, true
		for _, c := range group {
			is, ok := c.holds(f)
			if ok && !is {
				all, known = false, true
				break
			}
			known = known && ok
		}
		if known && all {
			return true, true
		}
		sure = sure && known
	}
	return false, sure
}

func (c comparison) holds(f facts) (bool, bool) {
	c = c.plain()
	if e, ok := c.left.(either); ok {
		if which, known := e.when.holds(f); known {
			c.left = e.no
			if which {
				c.left = e.yes
			}
			return c.holds(f)
		}
	}
	if same(c.left, c.right) {
		return !c.not, true
	}
	l, lok := c.left.(lit)
	r, rok := c.right.(lit)
	if lok && rok {
		return (l.v == r.v) != c.not, true
	}
	if _, ok := c.left.(object); ok && rok {
		return c.not, true // a map is none of the values that can be written
	}
	key, want, ok := c.keyed()
	if !ok {
		return false, false
	}
	known := f[key]
	if known.known {
		return (known.is == want) != c.not, true
	}
	for _, n := range known.not {
		if n == want {
			return c.not, true
		}
	}
	return false, false
}
