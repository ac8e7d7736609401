package check_test

import (
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/script"
)

// The declarations name what an Action really finds: no more, no less.
func TestA1_TypesNameTheWholeAPI(t *testing.T) {
	types := (&check.Checker{Catalogue: catalogue.All()}).ActionTypes(&flow.Project{}, "")
	pool := script.NewPool(script.Options{Workers: 1})
	defer pool.Close()
	source := `export default (event, step, api) => {
  const names = []
  const walk = (o, path) => { for (const k of Object.keys(o)) { names.push(path + k); if (typeof o[k] === 'object') walk(o[k], path + k + '.') } }
  walk(api, '')
  api.state.set('names', names)
}`
	res, err := pool.Run(t.Context(), script.Call{Action: "a.js", Source: source, Config: map[string]any{}, Input: map[string]any{}})
	if err != nil {
		t.Fatal(err)
	}
	aliases := " access access.deny multifactor multifactor.enable authentication authentication.challengeWith redirect.sendUserTo requireMFA setCustomClaim setState "
	for _, n := range res.Outputs["names"].([]any) {
		name := n.(string)
		if strings.Contains(aliases, " "+name+" ") {
			continue // for people who come from elsewhere; not offered
		}
		last := name[strings.LastIndexByte(name, '.')+1:]
		if !strings.Contains(types, " "+last+"(") && !strings.Contains(types, " "+last+":") {
			t.Errorf("api.%s is not declared", name)
		}
	}
	for _, e := range []string{"readonly user?: {", "readonly email: string", "readonly country: string"} {
		if !strings.Contains(types, e) {
			t.Errorf("%q is missing in\n%s", e, types)
		}
	}
}
