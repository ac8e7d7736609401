package studio_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/app/studio"
)

// The contracts of a project are listed and proven; one that breaks keeps the
// bundle at home, and its path becomes a test that runs.
func TestContractsInTheStudio(t *testing.T) {
	r := newRig(t)
	list := r.object("contracts.list", nil)
	if len(list["contracts"].([]any)) < 10 || len(list["unreadable"].([]any)) != 0 || len(list["effects"].([]any)) == 0 || len(list["words"].([]any)) == 0 || list["values"].(map[string]any)["login"] == nil {
		t.Fatalf("%v", list)
	}
	if v := verdicts(r.object("contracts.prove", nil)); v["refuted"] != 0 || v["proved"] < 10 {
		t.Fatalf("%v", v)
	}
	bold := map[string]any{"name": "Nobody without a factor", "on": []string{"login"}, "every": []string{"a session"}, "passed": []string{"a second factor"}}
	if v := verdicts(r.object("contracts.save", map[string]any{"file": "", "old": "", "contract": bold})); v["refuted"] != 1 {
		t.Fatalf("%v", v)
	}
	if preview := r.object("bundle.preview", nil); preview["exportable"] != false || !strings.Contains(fmt.Sprint(preview["problems"]), "contract_refuted") {
		t.Errorf("%v", preview["problems"])
	}
	at := map[string]any{"file": "contracts/promises.yaml", "name": bold["name"]}
	made := r.object("contracts.save_counterexample", at)
	report := r.object("tests.run", map[string]any{"names": []string{"breaks Nobody without a factor"}})
	if made["path"] != "scenarios/breaks_nobody_without_a_factor.yaml" || report["passed"].(float64) != 1 || report["failed"].(float64) != 0 {
		t.Errorf("%v %v", made, report["results"])
	}
	if v := verdicts(r.object("contracts.drop", at)); v["refuted"] != 0 {
		t.Errorf("%v", v)
	}
	kept, err := os.ReadFile(filepath.Join(r.dir, "contracts", "promises.yaml"))
	if err != nil || !strings.HasPrefix(string(kept), "about: |") || strings.Contains(string(kept), "Nobody without a factor") {
		t.Errorf("%v\n%s", err, kept)
	}
}

func TestAContractThatNobodyUnderstandsIsNotSaved(t *testing.T) {
	r := newRig(t)
	for want, c := range map[string]map[string]any{
		`did you mean "a session"`: {"name": "x", "never": []string{"a sesion"}},
		"promises nothing":         {"name": "x"},
		"another contract":         {"name": "Step-up ends with two factors", "never": []string{"mfa"}},
	} {
		_, err := r.try("contracts.save", map[string]any{"contract": c})
		if e := (*studio.Error)(nil); !errors.As(err, &e) || e.Code != "contract" || !strings.Contains(strings.ToLower(e.Message+" "+e.Hint), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	_, err := r.try("contracts.save_counterexample", map[string]any{"file": "contracts/promises.yaml", "name": "Step-up ends with two factors"})
	if e := (*studio.Error)(nil); !errors.As(err, &e) || e.Code != "no_path" {
		t.Errorf("%v", err)
	}
}

func verdicts(answer map[string]any) map[string]int {
	out := map[string]int{}
	for _, r := range answer["results"].([]any) {
		out[r.(map[string]any)["verdict"].(string)]++
	}
	return out
}

// Contracts are watched while one draws: what a change breaks is a problem at
// once, whoever asks, and none when it is mended.
func TestK3_ContractsAreWatchedWhileOneDraws(t *testing.T) {
	r := newRig(t)
	r.until("contracts", func(p map[string]any) bool { return verdicts(p)["refuted"] == 0 && verdicts(p)["proved"] > 10 })
	file := filepath.Join(r.dir, "flows", "login.json")
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := r.object("flow.load", map[string]any{"slug": "login"})
	next := text["flow"].(map[string]any)["blocks"].(map[string]any)["find_user"].(map[string]any)["next"].(map[string]any)
	next["not_found"] = "wrong_credentials"
	r.call("flow.save", map[string]any{"slug": "login", "flow": text["flow"], "layout": text["layout"], "base": text["revision"]})
	r.until("contracts", func(p map[string]any) bool { return verdicts(p)["refuted"] == 1 })
	r.nextWith("problems", func(list []any) bool { return refuted(list) == 1 })
	if found := r.call("problems.list", nil).([]any); refuted(found) != 1 {
		t.Errorf("%v", found)
	}
	if err := os.WriteFile(file, whole, 0o644); err != nil {
		t.Fatal(err)
	}
	r.nextWith("problems", func(list []any) bool { return refuted(list) == 0 })
}

// A decision that is still being written is an error of the flow, and nothing
// that brings the prover down or makes every contract a problem.
func TestK3_ADecisionThatIsStillWritten(t *testing.T) {
	r := newRig(t)
	for _, rows := range [][]any{{}, {map[string]any{}}, {map[string]any{"port": "staff", "when": ""}}, {map[string]any{"port": "staff", "when": "event.user."}}, {map[string]any{"port": "staff", "when": 3}}, {"x"}} {
		l := r.object("flow.load", map[string]any{"slug": "login"})
		blocks := l["flow"].(map[string]any)["blocks"].(map[string]any)
		blocks["decision"] = map[string]any{"type": "decision", "stage": "post_auth", "config": map[string]any{"rows": rows}, "next": map[string]any{"staff": "known_device", "default": "known_device"}}
		blocks["password"].(map[string]any)["next"].(map[string]any)["ok"] = "decision"
		r.call("flow.save", map[string]any{"slug": "login", "flow": l["flow"], "layout": l["layout"], "base": l["revision"]})
		r.call("contracts.prove", nil)
		for _, p := range r.call("problems.list", nil).([]any) {
			if code := fmt.Sprint(p.(map[string]any)["code"]); strings.HasPrefix(code, "contract") {
				t.Errorf("%v: %v", rows, p)
			}
		}
	}
}

func refuted(problems []any) int {
	n := 0
	for _, p := range problems {
		if p := p.(map[string]any); p["code"] == "contract_refuted" && p["severity"] == "error" && p["file"] == "contracts/promises.yaml" && p["line"].(float64) > 0 {
			n++
		}
	}
	return n
}
