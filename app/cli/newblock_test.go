package cli_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const greet = `package control

import "github.com/authflow-studio/authflow/engine/block"

// Greet greets.
type Greet struct{}

// Describe answers the descriptor.
func (Greet) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "greet", Family: "control", Title: "Greet", Icon: "hand", Summary: "Says hello", Help: "Writes a greeting.", Synonyms: []string{"hello"},
		Fields:  []block.Field{{Name: "whom", Title: "Whom", Kind: block.Template, Required: true, Placeholder: "{{ event.client.name }}"}},
		Outputs: []block.Output{{Name: "words", Type: "string", Help: "The greeting"}},
		Ports:   []block.Port{{ID: "warm", Title: "warm", Tone: "good"}},
	}
}

// Run greets.
func (Greet) Run(c *block.Call) (block.Result, error) {
	whom, err := c.Text("whom")
	return block.Go("warm", map[string]any{"words": "Hello, " + whom}), err
}
`

const greeting = `{"format": 1, "name": "Greeting", "trigger": "custom", "enabled": true, "stages": ["only"], "start": "hi",
 "blocks": {
  "hi": {"type": "greet", "stage": "only", "config": {"whom": "{{ event.tenant.name }}"}, "next": {"warm": "act"}},
  "act": {"type": "run_custom_action", "stage": "only", "config": {"action": "look.ts"}, "next": {"next": "end"}},
  "end": {"type": "finish", "stage": "only"}
 }}`

// A block is one file and one line: with these two added, the program that is
// built of the sources lists it, describes it, checks flows with it, types its
// outputs and runs it.
func TestABlockIsOneFileAndOneLine(t *testing.T) {
	dir := t.TempDir()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) string {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return name
	}
	list := filepath.Join(root, "engine/block/catalogue/catalogue.go")
	text, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{
		filepath.Join(root, "engine/block/control/greet.go"): write("greet.go", greet),
		list: write("catalogue.go", strings.Replace(string(text), "control.Delay{},\n", "control.Delay{},\n\t\tcontrol.Greet{},\n", 1)),
	}})
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "authflow")
	build := exec.Command("go", "build", "-buildvcs=false", "-overlay", write("overlay.json", string(overlay)), "-o", program, ".")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := func(want string, args ...string) {
		t.Helper()
		c := exec.Command(program, args...)
		c.Dir = dir
		out, err := c.CombinedOutput()
		if err != nil || !strings.Contains(string(out), want) {
			t.Errorf("authflow %s: %v, want %q in\n%s", strings.Join(args, " "), err, want, out)
		}
	}
	run("greet                      Says hello", "blocks")
	run("| `words` | string | The greeting |", "blocks", "greet")
	run("Made", "new", "shop")
	write("shop/flows/greeting.json", greeting)
	write("shop/actions/look.ts", "export default (event: Authflow.Event, step: Authflow.Step, api: Authflow.Api) => { api.log('info', step.hi.words) }\n")
	run("0 errors", "check", "shop")
	run("readonly words: string", "actions", "types", "shop", "look.ts")
	write("shop/flows/greeting.json", strings.Replace(greeting, `"type": "run_custom_action", "stage": "only", "config": {"action": "look.ts"}`, `"type": "log_event", "stage": "only", "config": {"type": "greeted", "data": {"words": "{{ step.hi.words }}"}}`, 1))
	ready := start(t, exec.Command(program, "run", "shop", "--addr", "127.0.0.1:0", "--json"), dir)
	res, err := http.Get(ready["issuer"].(string) + "/flows/greeting")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	req, err := http.NewRequest(http.MethodGet, ready["control_url"].(string)+"/audit", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+ready["control_token"].(string))
	if res, err = http.DefaultClient.Do(req); err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if record, err := io.ReadAll(res.Body); err != nil || !strings.Contains(string(record), "Hello, shop") {
		t.Errorf("%v, %s", err, record)
	}
	write("shop/flows/greeting.json", strings.Replace(greeting, `"whom"`, `"who"`, 1))
	c := exec.Command(program, "check", "shop")
	c.Dir = dir
	if out, err := c.CombinedOutput(); err == nil || !strings.Contains(string(out), `Did you mean \"whom\"`) && !strings.Contains(string(out), `Did you mean "whom"`) {
		t.Errorf("a wrong setting: %v\n%s", err, out)
	}
}
