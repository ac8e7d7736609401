package studio_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
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

// What no test covers is found by trying, and written where it can be looked at;
// mistakes that no test notices are named. Both say how far they are.
func TestMissingTestsAreFoundAndMistakesNoticed(t *testing.T) {
	r := newRig(t)
	scenarios := filepath.Join(r.dir, "scenarios")
	if err := os.RemoveAll(scenarios); err != nil {
		t.Fatal(err)
	}
	few := "scenarios:\n  - name: signs in\n    given: {person: ada@example.com, from: {network: corporate}}\n    steps:\n      - start: login\n      - {page: sign_in, fill: {identifier: ada@example.com, password: analytical-engine}}\n    expect: {never: [factor_failed]}\n"
	if err := errors.Join(os.MkdirAll(scenarios, 0o755), os.WriteFile(filepath.Join(scenarios, "few.yaml"), []byte(few), 0o644)); err != nil {
		t.Fatal(err)
	}
	survived := r.object("tests.mutate", nil)
	if survived["tried"].(float64) < 10 || len(survived["unreached"].([]any)) == 0 || !strings.Contains(fmt.Sprint(survived["survived"]), "flow:login") {
		t.Errorf("%v changes tried, unnoticed: %v", survived["tried"], survived["survived"])
	}
	r.until("test_progress", func(p map[string]any) bool { return p["work"] == "mutate" && p["of"] == survived["tried"] })

	made := r.object("tests.generate", map[string]any{"tries": 60})
	if made["path"] != "scenarios/generated.yaml" || made["found"].(float64) < 5 {
		t.Fatalf("%v", made)
	}
	r.until("test_progress", func(p map[string]any) bool { return p["work"] == "generate" })
	report := r.object("tests.run", map[string]any{"names": []string{"generated"}})
	if report["failed"].(float64) != 0 || report["passed"] != made["found"] {
		t.Errorf("%v", report["results"])
	}
	again := r.object("tests.generate", map[string]any{"tries": 60})
	if again["found"].(float64) != 0 && again["path"] != "scenarios/generated_2.yaml" {
		t.Errorf("%v", again)
	}
}

// Long work on tests can be cancelled, and is done one at a time.
func TestWorkOnTestsIsCancelled(t *testing.T) {
	r := newRig(t)
	ended := make(chan string, 1)
	go func() {
		answer, err := r.s.Call(t.Context(), "tests.generate", []byte("{}"))
		text, _ := json.Marshal(answer)
		ended <- fmt.Sprint(string(text), " ", err)
	}()
	r.until("test_progress", func(p map[string]any) bool { return p["work"] == "generate" })
	_, err := r.try("tests.run", nil)
	if e := (*studio.Error)(nil); !errors.As(err, &e) || e.Code != "busy" {
		t.Errorf("%v", err)
	}
	r.call("tests.cancel", nil)
	if answer := <-ended; answer != "null <nil>" {
		t.Error(answer)
	}
	if _, err := os.Stat(filepath.Join(r.dir, "scenarios", "generated.yaml")); err == nil {
		t.Error("something was written")
	}
	r.call("tests.run", map[string]any{"names": []string{"right password"}})
}
