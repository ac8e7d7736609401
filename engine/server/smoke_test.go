package server_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/authflow-studio/authflow/engine/bundle"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/server"
)

const smokeTest = `scenarios:
  - name: it asks and says its word
    steps:
      - start: {flow: greet}
      - {page: choose, press: yes}
    expect: {outcome: refused, path: ["ask:yes", end]}
`

// smoking is a bundle that carries a scenario.
func (o *operated) smoking(word, smoke string, scenarios ...bundle.Scenario) []byte {
	o.t.Helper()
	files := fstest.MapFS{
		flow.SettingsFile: {Data: []byte(`{"format":1,"name":"shop","version":"` + word + `"}`)},
		"flows/greet.json": {Data: []byte(`{"format":1,"name":"Greet","trigger":"custom","stages":["main"],"enabled":true,"start":"ask","blocks":{
			"ask":{"type":"choose","stage":"main","config":{"title":"Go on?","options":[{"port":"yes","label":"Yes"}]},"next":{"yes":"end"}},
			"end":{"type":"deny","stage":"main","config":{"reason":"done","message":"this is ` + word + `"}}}}`)},
		"smoke/greet.yaml": {Data: []byte(smoke)},
	}
	built, err := bundle.Build(files, nil, bundle.Release{Scenarios: scenarios})
	if err != nil {
		o.t.Fatal(err)
	}
	return built.Bytes
}

// A bundle whose smoke tests fail here does not become active, whatever its builder
// says of them; what was active stays, and the status says which one fails and how.
func TestB3_SmokeTestsPassBeforeABundleIsActive(t *testing.T) {
	o := newOperated(t)
	o.activate(o.smoking("one", smokeTest), server.Activation{})
	status, err := o.Status(t.Context())
	if err != nil || status.Active.Version != "one" || status.Active.SmokeTests != 1 {
		t.Fatalf("%+v %v", status.Active, err)
	}
	said := bundle.Scenario{Name: "it asks and says its word", Result: bundle.Passed}
	wrong := strings.Replace(smokeTest, "outcome: refused", "outcome: signed_in", 1)
	for name, data := range map[string][]byte{
		"another outcome":      o.smoking("two", wrong, said),
		"another path":         o.smoking("two", strings.Replace(smokeTest, `"ask:yes"`, `"ask:no"`, 1), said),
		"a page that is gone":  o.smoking("two", strings.Replace(smokeTest, "page: choose", "page: sign_in", 1), said),
		"skipped":              o.smoking("two", strings.Replace(smokeTest, "    steps:", "    skip: later\n    steps:", 1), said),
		"nothing to be read":   o.smoking("two", "scenarios: [", said),
		"in a dry run as well": o.smoking("two", wrong),
	} {
		t.Run(name, func(t *testing.T) {
			o.refused(bundle.CodeSmoke, data, server.Activation{DryRun: strings.HasPrefix(name, "in a dry run")})
		})
	}
	status, err = o.Status(t.Context())
	if err != nil || status.Active.Version != "one" || status.Refused == nil || status.Refused.Code != "bundle_smoke" || !strings.Contains(status.Refused.Message, "smoke/greet.yaml") {
		t.Errorf("%+v %v", status.Refused, err)
	}
	if _, err := bundle.Build(fstest.MapFS{flow.SettingsFile: {Data: []byte(`{"format":1,"name":"shop","version":"1"}`)}}, nil, bundle.Release{Scenarios: []bundle.Scenario{{Name: "it", Result: bundle.Failed}}}); err == nil {
		t.Error("a bundle is built whose smoke test has failed")
	}
	o.activate(o.smoking("three", smokeTest), server.Activation{})
}
