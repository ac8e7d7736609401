package check

import (
	"fmt"

	"github.com/authflow-studio/authflow/engine/flow"
)

var clientSecret = Rule{
	Code: "client_secret", Severity: Error, Group: "structure",
	Title: "A client that must authenticate and has nothing to do it with",
	Why:   "The provider cannot serve this client.",
	Mend:  "Name its secret_name in clients.yaml.",
	beside: func(s *surroundings) {
		for _, c := range s.p.Clients {
			if c.AuthMethod != "" && c.AuthMethod != "none" && c.SecretName == "" {
				s.add(Problem{File: flow.ClientsFile, Message: fmt.Sprintf("The client %q authenticates with %s and names no secret_name.", c.ID, c.AuthMethod)})
			}
		}
	},
}
