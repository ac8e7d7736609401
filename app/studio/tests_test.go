package studio_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/app/studio"
)

// A project's scenarios are listed, run and covered, and a run becomes one.
func TestScenariosInTheStudio(t *testing.T) {
	r := newRig(t)
	list := r.object("tests.list", nil)
	if len(list["cases"].([]any)) == 0 || len(list["unreadable"].([]any)) != 0 {
		t.Fatalf("%v", list)
	}
	report := r.object("tests.run", map[string]any{"names": []string{"right password"}})
	if report["failed"].(float64) != 0 || report["passed"].(float64) == 0 || report["coverage"].(map[string]any)["ports"].(map[string]any)["covered"].(float64) == 0 {
		t.Errorf("%v", report)
	}
	r.until("test", func(p map[string]any) bool { return p["passed"] == true })
	_, err := r.try("tests.run", map[string]any{"names": []string{"nothing like it"}})
	if e := (*studio.Error)(nil); !errors.As(err, &e) || !strings.Contains(e.Hint, "scenarios/") {
		t.Errorf("%v", err)
	}
}

func TestARunBecomesATest(t *testing.T) {
	r := newRig(t)
	r.call("run.start", map[string]any{"flow": "login"})
	page := r.until("browser", loaded("/fl/sign_in"))
	r.submit(page, map[string]string{"identifier": "ada@example.com", "password": "analytical-engine"})
	run := r.until("run", func(p map[string]any) bool { return p["outcome"] != nil })
	made := r.object("tests.record", map[string]any{"run": run["id"], "name": "From the office!"})
	if made["path"] != "scenarios/from_the_office.yaml" || strings.Contains(made["text"].(string), "analytical-engine") {
		t.Errorf("%v", made)
	}
	report := r.object("tests.run", map[string]any{"names": []string{"from_the_office"}})
	if report["passed"].(float64) != 1 || report["failed"].(float64) != 0 {
		t.Errorf("%v", report["results"])
	}
	for name, arg := range map[string]map[string]any{"exists": {"run": run["id"], "name": "from the office"}, "bad_argument": {"run": run["id"], "name": "!"}} {
		_, err := r.try("tests.record", arg)
		if e := (*studio.Error)(nil); !errors.As(err, &e) || e.Code != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}
