package projects_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/projects"
)

const copiedBlocks = `{"authflow": "blocks", "format": 1,
  "blocks": {
    "risk": {"type": "risk_evaluate", "stage": "post_auth", "next": {"next": "policy"}},
    "policy": {"type": "decision", "stage": "post_auth", "next": {"refuse": "no", "default": "told"}, "config": {"rows": [
      {"port": "refuse", "when": "step.risk.recommendation == 'deny' && step[\"risk\"].score > step.known_device.score // step.risk"}]}},
    "told": {"type": "log_event", "stage": "post_auth", "config": {"type": "step.risk", "data": {"level": "{{ step.risk.level }} of step.risk", "way": "{{ step.policy.port }}"}}},
    "weak": {"type": "password_policy", "stage": "post_auth", "config": {"password": "{{ step.risk_2.password }}", "not_like": ["{{ step.risk.level }}", "step.risk"]}}
  },
  "layout": {"risk": {"x": 56, "y": 64}}}`

func TestPastedBlocksReadWhatWasPastedWithThem(t *testing.T) {
	c := catalogue.All()
	p, err := projects.Paste(c, copiedBlocks, []string{"risk", "policy", "known_device", "risk_3"})
	if err != nil {
		t.Fatal(err)
	}
	// risk_2 is neither taken nor copied, and is the name that a copied block would get.
	text, _ := json.Marshal(p)
	var blocks struct{ Blocks map[string]*flow.Block }
	if err := json.Unmarshal(text, &blocks); err != nil {
		t.Fatal(err)
	}
	policy := blocks.Blocks["policy_2"]
	if policy == nil || blocks.Blocks["risk_2"] == nil || blocks.Blocks["told"] == nil || len(blocks.Blocks) != 4 {
		t.Fatalf("pasted: %s", text)
	}
	when := policy.Config["rows"].([]any)[0].(map[string]any)["when"]
	if want := `step.risk_2.recommendation == 'deny' && step["risk_2"].score > step.known_device.score // step.risk`; when != want {
		t.Errorf("the condition is %q", when)
	}
	data := blocks.Blocks["told"].Config["data"].(map[string]any)
	if data["level"] != "{{ step.risk_2.level }} of step.risk" || data["way"] != "{{ step.policy_2.port }}" || blocks.Blocks["told"].Config["type"] != "step.risk" {
		t.Errorf("the values are %v", blocks.Blocks["told"].Config)
	}
	if got := blocks.Blocks["weak"].Config["not_like"].([]any); got[0] != "{{ step.risk_2.level }}" || got[1] != "step.risk" {
		t.Errorf("the list is %v", got)
	}
	if got, _ := json.Marshal(policy.Next); string(got) != `{"default":"told"}` {
		t.Errorf("policy leads to %s", got)
	}
	if blocks.Blocks["risk_2"].Next["next"] != "policy_2" || p.Places["risk_2"] != (flow.Position{X: 56, Y: 64}) {
		t.Errorf("risk: %v at %v", blocks.Blocks["risk_2"].Next, p.Places["risk_2"])
	}
}

func TestPastedBlocksNeverMeetEachOther(t *testing.T) {
	const text = `{"authflow": "blocks", "format": 1, "blocks": {
	  "a": {"type": "log_event", "stage": "s", "config": {"data": {"x": "{{ step.a_2.x }}"}}},
	  "a_2": {"type": "log_event", "stage": "s", "config": {"data": {"x": "{{ step.a.x }}"}}}}}`
	p, err := projects.Paste(catalogue.All(), text, []string{"a"})
	if err != nil {
		t.Fatal(err)
	}
	first, second := p.Blocks["a_3"], p.Blocks["a_2"]
	if first == nil || second == nil {
		t.Fatalf("pasted: %v", p.Blocks)
	}
	if got := first.Config["data"].(map[string]any)["x"]; got != "{{ step.a_2.x }}" {
		t.Errorf("a reads %v", got)
	}
	if got := second.Config["data"].(map[string]any)["x"]; got != "{{ step.a_3.x }}" {
		t.Errorf("a_2 reads %v", got)
	}
}

func TestBlocksArePastedOutOfAChat(t *testing.T) {
	c := catalogue.All()
	for name, text := range map[string]string{
		"prose":  "Try these {two}:\n" + copiedBlocks + "\nand tell me {more}.",
		"fence":  "Here you go\n```json\n" + copiedBlocks + "\n```\n",
		"quotes": "Here: " + strings.Replace(strings.Replace(copiedBlocks, `{"authflow"`, "{“authflow”", 1), `"blocks",`, "“blocks”,\u00a0", 1),
	} {
		p, err := projects.Paste(c, text, nil)
		if err != nil || len(p.Blocks) != 4 {
			t.Errorf("%s: %v, %v", name, p, err)
		}
	}
}

func TestWhatIsNoCopyIsRefusedInWords(t *testing.T) {
	c := catalogue.All()
	for text, want := range map[string]string{
		"":                 "holds no copied blocks",
		"hello {\"a\": 1}": "holds no copied blocks",
		`{"format": 1, "name": "Login", "trigger": "login", "blocks": {"a": {"type": "deny", "stage": "s"}}}`: "a whole flow",
		`{"authflow": "blocks", "format": 2, "blocks": {"a": 5}}`:                                             "newer Authflow Studio (format 2; this one reads 1)",
		`{"authflow": "blocks", "format": 1, "blocks": {}}`:                                                   "no blocks were copied",
		`{"authflow": "blocks", "format": 1, "blocks": {"a": {}}}`:                                            `"a" is not one`,
		`{"authflow": "blocks", "format": 1, "blocks": {"A b": {"type": "deny", "stage": "s"}}}`:              `"A b" is not one`,
		`{"authflow": "blocks", "format": 1, "blocks": {"a": {"type": "de`:                                    "cut off",
		`{"authflow": "blocks", "blocks": {"a": {"type": "deny", "stage": "s"}}}`:                             "which format",
	} {
		if p, err := projects.Paste(c, text, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v", text, p, err)
		}
	}
}

func FuzzPaste(f *testing.F) {
	f.Add(copiedBlocks, "risk")
	f.Add("```\n"+copiedBlocks+"\n```", "risk_2")
	f.Add(`{"authflow":"blocks","format":1,"blocks":{"a":null}}`, "a")
	c := catalogue.All()
	f.Fuzz(func(t *testing.T, text, taken string) {
		p, err := projects.Paste(c, text, []string{taken})
		if err != nil {
			return
		}
		for id, b := range p.Blocks {
			if id == taken || !flow.ValidID(id) {
				t.Errorf("pasted as %q beside %q", id, taken)
			}
			for _, to := range b.Next {
				if p.Blocks[to] == nil {
					t.Errorf("%s leads to %s, which was not pasted", id, to)
				}
			}
		}
	})
}
