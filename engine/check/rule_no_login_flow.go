package check

var noLoginFlow = Rule{
	Code: "no_login_flow", Severity: Warning, Group: "structure",
	Title: "A project without a login flow",
	Why:   "The authorization endpoint has nothing to run: clients cannot sign anybody in.",
	Mend:  "Add one, or enable the one that is there.",
	beside: func(s *surroundings) {
		if _, ok := s.p.FlowByTrigger("login"); !ok {
			s.add(Problem{Message: "The project has no login flow that is enabled."})
		}
	},
}
