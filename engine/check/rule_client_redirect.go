package check

import (
	"fmt"

	"github.com/authflow-studio/authflow/engine/flow"
)

var clientRedirect = Rule{
	Code: "client_redirect", Severity: Error, Group: "structure",
	Title: "A client that nobody can be sent back to",
	Why:   "The provider cannot serve this client.",
	Mend:  "Name its redirect_uris in clients.yaml.",
	beside: func(s *surroundings) {
		for _, c := range s.p.Clients {
			if len(c.RedirectURIs) == 0 && !c.AnyLoopbackRedirect {
				s.add(Problem{File: flow.ClientsFile, Message: fmt.Sprintf("The client %q has no redirect_uris.", c.ID)})
			}
		}
	},
}
