package agama

// This file takes out what loops keep and nobody reads.

// forget drops values that a loop keeps for nobody.
func (b *builder) forget() {
	read := map[string]bool{} // id and name of the outputs of keeping blocks
	s := &search{read: read}
	for _, n := range b.g.nodes {
		if !n.kept {
			s.any(n.config)
		}
		if n.end != nil {
			s.value(n.end.user)
			s.value(n.end.data)
			s.value(n.end.err)
		}
	}
	for i := len(b.g.nodes) - 1; i >= 0; i-- {
		n := b.g.nodes[i]
		if !n.kept {
			continue
		}
		values, _ := n.config["values"].(map[string]any)
		for name := range values {
			if !read[n.id+"."+name] {
				delete(values, name)
			}
		}
		if len(values) == 0 {
			b.g.bypass(n, "next")
		}
	}
}

// search follows values to the outputs that they read.
type search struct{ read map[string]bool }

func (s *search) any(v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, e := range v {
			s.any(e)
		}
	case []any:
		for _, e := range v {
			s.any(e)
		}
	case filled:
		s.value(v.v)
	case computed:
		s.value(v.v)
	case condition:
		s.test(v.t)
	}
}

func (s *search) test(t test) {
	for _, group := range t.any {
		for _, c := range group {
			s.value(c.left)
			s.value(c.right)
		}
	}
}

func (s *search) value(v value) {
	switch v := v.(type) {
	case output:
		s.output(v)
	case items:
		for _, e := range v.list {
			s.value(e)
		}
	case object:
		for _, k := range v.keys {
			s.value(v.of[k])
		}
		s.value(v.rest)
	case member:
		s.value(v.of)
		s.value(v.by)
	case minus:
		s.value(v.of)
	case plus:
		s.value(v.of)
	case size:
		s.value(v.of)
	case keysOrItems:
		s.value(v.of)
	case slugFor:
		s.value(v.of)
	case either:
		s.test(v.when)
		s.value(v.yes)
		s.value(v.no)
	case later:
		s.value(v.value())
	}
}

// output notes one of a keeping block, and follows what that block keeps.
func (s *search) output(v output) {
	if !v.n.kept || len(v.path) == 0 {
		return
	}
	key := v.n.id + "." + v.path[0]
	if s.read[key] {
		return
	}
	s.read[key] = true
	values, _ := v.n.config["values"].(map[string]any)
	s.any(values[v.path[0]])
}
