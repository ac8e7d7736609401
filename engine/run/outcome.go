package run

import "fmt"

// Codes of a Failure for runs that were ended from outside.
const (
	failDeadline = "deadline"
	failDrained  = "drained"
	failStopped  = "stopped"
)

func (s *State) expired() bool {
	return s.Failure != nil && (s.Failure.Code == failDeadline || s.Drained())
}

// Drained reports whether the run was ended because its version of the flows is
// served no longer.
func (s *State) Drained() bool { return s.Failure != nil && s.Failure.Code == failDrained }

// Outcome answers in a word how the run ended.
func (s *State) Outcome() string {
	switch {
	case s.Status != Ended:
		return string(s.Status)
	case s.End.Success:
		return "succeeded"
	case s.expired():
		return "expired"
	case s.Failure != nil && s.Failure.Code == failStopped:
		return "stopped"
	case s.Failure != nil:
		return "failed"
	}
	return "denied"
}

func (f *Failure) String() string { return fmt.Sprintf("%s/%s: %s", f.Flow, f.Block, f.Message) }
