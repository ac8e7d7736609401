package check_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/projects"
)

func TestMain(m *testing.M) {
	script.ServeWorkerIfAsked()
	os.Exit(m.Run())
}

// problems checks a login flow made of the blocks' JSON.
func problems(t *testing.T, head, blocks string) []check.Problem {
	t.Helper()
	text := fmt.Sprintf(`{"format":1,"name":"Login","trigger":"login","enabled":true,%s"start":"a","blocks":{%s}}`, head, blocks)
	f, err := flow.Decode("flows/login.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	c := &check.Checker{Catalogue: catalogue.All()}
	return c.Flow(&flow.Project{}, "login", f)
}

// codes answers the codes of the errors and warnings at a block.
func codes(ps []check.Problem, block string) []string {
	var out []string
	for _, p := range ps {
		if p.Block == block {
			out = append(out, p.Code)
		}
	}
	return out
}

func wantAt(t *testing.T, ps []check.Problem, block, code string) check.Problem {
	t.Helper()
	i := slices.IndexFunc(ps, func(p check.Problem) bool { return p.Block == block && p.Code == code })
	if i < 0 {
		t.Fatalf("no %s at %q among %+v", code, block, ps)
	}
	if p := ps[i]; p.Message == "" || p.Why == "" || p.Severity == "" {
		t.Errorf("%s says too little: %+v", code, p)
	}
	return ps[i]
}

func wantNone(t *testing.T, ps []check.Problem, code string) {
	t.Helper()
	for _, p := range ps {
		if p.Code == code {
			t.Errorf("%s at %s: %s", p.Code, p.Block, p.Message)
		}
	}
}

const (
	pw    = `"a":{"type":"password_check","stage":"pre_login","next":{"ok":"in","failed":"no"}},`
	ends  = `"in":{"type":"issue_session","stage":"post_login"},"no":{"type":"deny","stage":"post_login"}`
	valid = `"lookup":{"type":"identity_lookup","stage":"pre_login","config":{"identifier":"x"},"next":{"found":"a","not_found":"a"}},`
)

func TestShippedTemplatesHaveNoProblems(t *testing.T) {
	pool := script.NewPool(script.Options{Workers: 1})
	defer pool.Close()
	list, err := projects.Templates()
	if err != nil || len(list) == 0 {
		t.Fatal(len(list), err)
	}
	for _, tpl := range list {
		fsys, err := projects.TemplateFS(tpl.Name)
		if err != nil {
			t.Fatal(err)
		}
		p, unreadable := flow.Load(fsys)
		c := &check.Checker{Catalogue: catalogue.All(), Scripts: pool}
		for _, pr := range c.Project(context.Background(), p, unreadable) {
			if pr.Code == "lock_lifted" && tpl.Name == "passwordless" {
				continue // its README says so: nobody has a password there
			}
			t.Errorf("%s: %s %s/%s: %s", tpl.Name, pr.Code, pr.Flow, pr.Block, pr.Message)
		}
	}
}

func TestG4_NoEdgeToEarlierStage(t *testing.T) {
	ps := problems(t, "", `"a":{"type":"page","stage":"post_auth","config":{"template":"page.html"},"next":{"submitted":"b"}},
		"b":{"type":"page","stage":"pre_login","config":{"template":"page.html"},"next":{"submitted":"no"}},`+ends)
	p := wantAt(t, ps, "a", "edge_to_earlier_stage")
	if p.Fix == nil || p.Fix.Edit[0].Op != "disconnect" {
		t.Errorf("fix %+v", p.Fix)
	}
	wantNone(t, problems(t, "", pw+ends), "edge_to_earlier_stage")
}

func TestG4_ACycleMustAskThePerson(t *testing.T) {
	claim := func(id, to string) string {
		return fmt.Sprintf(`%q:{"type":"set_custom_claim","stage":"pre_login","config":{"name":"x","value":"1"},"next":{"next":%q}},`, id, to)
	}
	wantAt(t, problems(t, "", claim("a", "b")+claim("b", "a")+ends), "a", "endless_loop")
	asking := `"b":{"type":"page","stage":"pre_login","config":{"template":"page.html","buttons":[{"port":"leave"}]},"next":{"submitted":"a","leave":"no"}},`
	wantNone(t, problems(t, "", claim("a", "b")+asking+ends), "endless_loop")
}

func TestG5_ATerminalBlockHasNoPorts(t *testing.T) {
	ps := problems(t, "", pw+`"in":{"type":"issue_session","stage":"post_login","next":{"next":"no"}},"no":{"type":"deny","stage":"post_login"}`)
	wantAt(t, ps, "in", "terminal_port")
}

func TestG6_LockedBlocksAreThereOrTheirLockIsLifted(t *testing.T) {
	ps := problems(t, "", `"a":{"type":"allow","stage":"pre_login"}`)
	missing := 0
	for _, p := range ps {
		if p.Code == "locked_block_missing" {
			missing++
		}
	}
	if missing != 3 {
		t.Errorf("%d locked blocks are reported missing: %+v", missing, ps)
	}
	ps = problems(t, `"unlocked":[{"block":"identity_lookup","reason":"by passkey"},{"block":"password_check","reason":""}],`, `"a":{"type":"allow","stage":"pre_login"}`)
	wantAt(t, ps, "", "lock_lifted")
	wantAt(t, ps, "", "lock_without_reason")
}

func TestE1_ValuesMustBeCertainOrGuarded(t *testing.T) {
	fork := func(when string) string {
		return fmt.Sprintf(`"a":{"type":"decision","stage":"pre_login","config":{"rows":[{"port":"yes","when":"event.request.ip == ''"}]},"next":{"yes":"risk","default":"b"}},
			"risk":{"type":"risk_evaluate","stage":"pre_login","next":{"next":"b"}},
			"b":{"type":"decision","stage":"pre_login","config":{"rows":[{"port":"yes","when":%q}]},"next":{"yes":"no","default":"no"}},`, when) + ends
	}
	p := wantAt(t, problems(t, "", fork("step.risk.score > 5")), "b", "read_before_write")
	if !strings.Contains(p.Message, `"risk"`) || p.Field != "rows.0.when" {
		t.Errorf("%+v", p)
	}
	wantNone(t, problems(t, "", fork("has(step.risk.score) && step.risk.score > 5")), "read_before_write")
	wantAt(t, problems(t, "", fork("event.user.email == ''")), "b", "read_before_write")
	wantNone(t, problems(t, "", fork("has(event.user) && event.user.email == ''")), "read_before_write")
	// After both ways of a join it is certain.
	both := strings.Replace(fork("step.risk.score > 5"), `"default":"b"}},
			"risk"`, `"default":"risk"}},
			"risk"`, 1)
	wantNone(t, problems(t, "", both), "read_before_write")
}

func TestE1_ExpressionsAreTypeChecked(t *testing.T) {
	for when, code := range map[string]string{
		"step.risk.skore > 5":         "expr_unknown_field",
		"step.nobody.x == 1":          "expr_unknown_field",
		"step.risk.score == 'high'":   "expr_wrong_type",
		"step.risk.score":             "expr_result_type",
		"step.risk.score >":           "expr_syntax",
		"event.request.country == ''": "expr_unknown_field",
	} {
		ps := problems(t, "", fmt.Sprintf(`"a":{"type":"risk_evaluate","stage":"pre_login","next":{"next":"risk"}},"risk":{"type":"risk_evaluate","stage":"pre_login","next":{"next":"b"}},
			"b":{"type":"decision","stage":"pre_login","config":{"rows":[{"port":"yes","when":%q}]},"next":{"yes":"no","default":"no"}},`, when)+ends)
		if got := codes(ps, "b"); !slices.Contains(got, code) {
			t.Errorf("%s: %v, want %s", when, got, code)
		}
	}
}

func TestK1_AllProblemsAtOnceAndInOrder(t *testing.T) {
	ps := problems(t, "", `"a":{"type":"mfaa","stage":"nowhere"},"b":{"type":"deny","stage":"pre_login","config":{"reasn":"x"}}`)
	for _, want := range []struct{ block, code string }{{"a", "unknown_block"}, {"a", "unknown_stage"}, {"b", "unknown_setting"}, {"b", "unreachable"}, {"", "locked_block_missing"}} {
		wantAt(t, ps, want.block, want.code)
	}
	if p := wantAt(t, ps, "a", "unknown_block"); !strings.Contains(p.Message, `"mfa"`) {
		t.Error(p.Message)
	}
	if p := wantAt(t, ps, "b", "unknown_setting"); !strings.Contains(p.Message, `"reason"`) {
		t.Error(p.Message)
	}
	last := check.Error
	for _, p := range ps {
		if p.Severity == check.Error && last != check.Error {
			t.Error("errors do not come first")
		}
		last = p.Severity
	}
}

func TestK2_Structure(t *testing.T) {
	for code, c := range map[string]struct{ block, blocks string }{
		"unwired_port":    {"a", `"a":{"type":"password_check","stage":"pre_login","next":{"ok":"in"}},` + ends},
		"edge_to_nowhere": {"a", `"a":{"type":"password_check","stage":"pre_login","next":{"ok":"in","failed":"gone"}},` + ends},
		"unknown_port":    {"a", `"a":{"type":"password_check","stage":"pre_login","next":{"ok":"in","failed":"no","maybe":"no"}},` + ends},
		"unreachable":     {"lookup", valid + pw + ends},
		"wrong_stage":     {"in", pw + `"in":{"type":"issue_session","stage":"pre_login"},"no":{"type":"deny","stage":"pre_login"}`},
		"no_way_to_end":   {"a", `"a":{"type":"page","stage":"pre_login","config":{"template":"page.html"},"next":{"submitted":"a"}},` + ends},
		"bad_block_id":    {"Not", pw + `"Not":{"type":"deny","stage":"pre_login"},` + ends},
		"needs_verified":  {"in", `"a":{"type":"page","stage":"pre_login","config":{"template":"page.html"},"next":{"submitted":"in"}},` + ends},
		"needs_user":      {"a", `"a":{"type":"mfa","stage":"pre_login","next":{"ok":"in","failed":"no","not_enrolled":"no"}},` + ends},
		"page_missing":    {"a", `"a":{"type":"page","stage":"pre_login","config":{"template":"none.html"},"next":{"submitted":"no"}},` + ends},
		"page_outside":    {"a", `"a":{"type":"page","stage":"pre_login","config":{"template":"../none.html"},"next":{"submitted":"no"}},` + ends},
		"action_missing":  {"a", `"a":{"type":"run_custom_action","stage":"pre_login","config":{"action":"x.js"},"next":{"next":"no"}},` + ends},
		"setting_missing": {"a", `"a":{"type":"identity_lookup","stage":"pre_login","next":{"found":"no","not_found":"no"}},` + ends},
		"setting_type":    {"a", `"a":{"type":"password_check","stage":"pre_login","config":{"max_attempts":"five"},"next":{"ok":"in","failed":"no"}},` + ends},
		"setting_range":   {"a", `"a":{"type":"password_check","stage":"pre_login","config":{"max_attempts":500},"next":{"ok":"in","failed":"no"}},` + ends},
		"setting_option":  {"in", pw + `"in":{"type":"issue_session","stage":"post_login","config":{"aal":"aal9"}},"no":{"type":"deny","stage":"post_login"}`},
		"double_port":     {"a", `"a":{"type":"decision","stage":"pre_login","config":{"rows":[{"port":"x","when":"true"},{"port":"x","when":"false"}]},"next":{"x":"no","default":"no"}},` + ends},
	} {
		wantAt(t, problems(t, "", c.blocks), c.block, code)
	}
	for _, p := range problems(t, "", pw+ends) {
		if p.Code != "locked_block_missing" {
			t.Errorf("a sound flow: %s %s", p.Code, p.Message)
		}
	}
}

func TestK2_FilesBesideTheFlows(t *testing.T) {
	pool := script.NewPool(script.Options{Workers: 1})
	defer pool.Close()
	p, unreadable := flow.Parse(map[string][]byte{
		flow.SettingsFile:   []byte(`{"format":1,"name":"x","version":"1"}`),
		"actions/broken.js": []byte("export default function (event) {\n  return )\n}"),
		"pages/broken.html": []byte("<p>\n{{.Title"),
		"pages/label.html":  []byte(`{{label "no.such.label"}}`),
		"clients.yaml":      []byte("clients:\n  - id: a\n"),
	})
	c := &check.Checker{Catalogue: catalogue.All(), Scripts: pool}
	ps := c.Project(context.Background(), p, unreadable)
	for file, line := range map[string]int{"actions/broken.js": 2, "pages/broken.html": 2, "pages/label.html": 0, "clients.yaml": 0} {
		i := slices.IndexFunc(ps, func(p check.Problem) bool { return p.File == file })
		if i < 0 {
			t.Errorf("nothing is said of %s", file)
			continue
		}
		if line > 0 && ps[i].Line != line {
			t.Errorf("%s: line %d, want %d: %s", file, ps[i].Line, line, ps[i].Message)
		}
	}
	if c.Scripts = nil; !check.HasErrors(c.Project(context.Background(), &flow.Project{Actions: map[string]string{"x.js": ""}}, nil)) {
		t.Error("an Action that nobody could read passes")
	}
}

func TestScopeListsWhatIsCertainAndWhatIsNot(t *testing.T) {
	f, err := flow.Decode("f", []byte(`{"format":1,"name":"x","trigger":"login","enabled":true,"start":"a","blocks":{`+
		`"a":{"type":"decision","stage":"pre_login","config":{"rows":[{"port":"yes","when":"true"}]},"next":{"yes":"risk","default":"pw"}},
		"risk":{"type":"risk_evaluate","stage":"pre_login","next":{"next":"pw"}},
		"pw":{"type":"password_check","stage":"pre_login","next":{"ok":"in","failed":"no"}},`+ends+`}}`))
	if err != nil {
		t.Fatal(err)
	}
	c := &check.Checker{Catalogue: catalogue.All()}
	sure := map[string]bool{}
	for _, v := range c.Scope(&flow.Project{}, "login", f, "in") {
		sure[v.Path] = v.Sure
	}
	for path, want := range map[string]bool{"step.a.branch": true, "step.risk.score": false, "step.pw.verified": true, "event.user.email": true, "event.request.ip": true} {
		if got, ok := sure[path]; !ok || got != want {
			t.Errorf("%s: there %v, sure %v", path, ok, got)
		}
	}
	if _, ok := sure["step.in.aal"]; ok {
		t.Error("a block's own outputs are offered to it")
	}
}
