package check_test

import (
	"reflect"
	"testing"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/flow"
)

func TestUsesNamesWhoWritesAndWhoReads(t *testing.T) {
	f, err := flow.Decode("f", []byte(`{"format":1,"name":"x","trigger":"login","enabled":true,"start":"find","blocks":{`+
		`"find":{"type":"identity_lookup","stage":"pre_login","config":{"identifier":"{{ event.transaction.login_hint }}"},"next":{"found":"risk","not_found":"no"}},
		"risk":{"type":"risk_evaluate","stage":"pre_login","next":{"next":"a"}},
		"a":{"type":"decision","stage":"pre_login","config":{"rows":[{"port":"yes","when":"step.risk.score > 5"}]},"next":{"yes":"log","default":"act"}},
		"log":{"type":"log_event","stage":"pre_login","config":{"type":"step.risk.score","data":{"all":"{{ step.risk }}","who":"{{ event.user.email }}"}},"next":{"next":"act"}},
		"act":{"type":"run_custom_action","stage":"pre_login","config":{"action":"actions/look.js"},"next":{"next":"pw"}},
		"pw":{"type":"password_check","stage":"pre_login","next":{"ok":"in","failed":"no"}},`+ends+`}}`))
	if err != nil {
		t.Fatal(err)
	}
	p := &flow.Project{Actions: map[string]string{"look.js": "exports.onRun = async (event, api) => { if (event.user && step['risk'].level) api.deny() }"}}
	c := &check.Checker{Catalogue: catalogue.All()}
	for path, want := range map[string]check.Uses{
		"step.risk.score":     {Writes: []string{"risk"}, Reads: []string{"a", "act", "log"}},
		"step.risk.reasons":   {Writes: []string{"risk"}, Reads: []string{"act", "log"}},
		"step.pw.verified":    {Writes: []string{"pw"}, Reads: []string{}},
		"event.transaction":   {Writes: []string{}, Reads: []string{"find"}},
		"event.user.username": {Writes: []string{"find", "pw"}, Reads: []string{"act"}},
		"event.user.email":    {Writes: []string{"find", "pw"}, Reads: []string{"act", "log"}},
	} {
		if got := c.Uses(p, "login", f, path); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
}
