package check_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/flow"
)

func socialProblems(t *testing.T, sent, back, first string) []check.Problem {
	t.Helper()
	text := fmt.Sprintf(`{"format":1,"name":"Social","trigger":"custom","stages":["main"],"enabled":true,"start":"which","blocks":{
"which": {"type":"decision","stage":"main","config":{"rows":[{"port":"yes","when":"event.connection.secure"}]},"next":{"yes":"leave","default":%q}},
"leave": {"type":"social_oidc_redirect","stage":"main","config":{"provider":%q},"next":{"returned":"back","failed":"no"}},
"back": {"type":"social_oidc_callback","stage":"main","config":{"provider":%q},"next":{"ok":"done","unlinked":"no","cancelled":"no","failed":"no"}},
"done": {"type":"issue_session","stage":"main"},
"no": {"type":"deny","stage":"main","config":{"reason":"no"}}}}`, first, sent, back)
	f, err := flow.Decode("flows/social.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	p := &flow.Project{Settings: flow.Settings{Providers: map[string]flow.SocialProvider{"example": {}, "partner": {}}}, Flows: map[string]*flow.Flow{"social": f}}
	return (&check.Checker{Catalogue: catalogue.All()}).Flow(p, "social", f)
}

// K2: a provider that is not there, and a callback that nobody can come back to.
func TestK2_ProvidersAreThere(t *testing.T) {
	good := socialProblems(t, "example", "example", "leave")
	wantNone(t, good, "unknown_provider")
	wantNone(t, good, "never_sent_away")
	wantNone(t, good, "needs_verified") // ok proves an account
	if p := wantAt(t, socialProblems(t, "exampel", "example", "leave"), "leave", "unknown_provider"); !strings.Contains(p.Message, `"example"`) || p.Field != "provider" {
		t.Errorf("%+v", p)
	}
	wantAt(t, socialProblems(t, "partner", "example", "leave"), "back", "never_sent_away")
	wantAt(t, socialProblems(t, "example", "example", "back"), "back", "never_sent_away")
}
