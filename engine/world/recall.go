package world

import "slices"

// Mark answers what makes the stubs, and the list of calls, as they are now: for
// a run that is taken back in its history. Calls that have really left cannot be
// taken back; when the run comes to make one again it is given the answer of
// then, and nobody is asked twice.
func (s *Stubs) Mark() (restore func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	used, calls := slices.Clone(s.used), len(s.calls)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(used) == len(s.used) {
			copy(s.used, used)
		}
		if calls > len(s.calls) {
			return // the list was emptied since
		}
		for _, c := range s.calls[calls:] {
			if c.Answer != nil && c.Stub == "" {
				s.recall = append(s.recall, c)
			}
		}
		s.calls = slices.Clone(s.calls[:calls])
	}
}

// recalled answers a call that was made before it was taken back, once.
func (s *Stubs) recalled(r Request) (*StubAnswer, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.recall, func(c StubbedCall) bool {
		return c.Method == methodOf(r) && c.URL == r.URL && c.Body == r.Body
	})
	if i < 0 {
		return nil, false
	}
	a := s.recall[i].Answer
	s.recall = slices.Delete(s.recall, i, i+1)
	return a, true
}
