package scenario_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/authflow-studio/authflow/engine/scenario"
	"github.com/authflow-studio/authflow/engine/world"
)

const schemaFile = "../../docs/schema/scenario-1.json"

// Every scenario that is shipped is valid by the schema that is published.
func TestShippedScenariosAreValidByTheSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../../projects/templates/*/scenarios/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, bad := scenario.Read(name, text); bad != nil {
			t.Errorf("%s: %v", name, bad)
		}
		asJSON, err := yaml.YAMLToJSON(text)
		if err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The schema has the names that the program reads, no more and no fewer.
func TestTheSchemaNamesWhatIsRead(t *testing.T) {
	text, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	type object struct {
		Properties map[string]json.RawMessage `json:"properties"`
	}
	var doc struct {
		object
		Defs map[string]object `json:"$defs"`
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	doc.Defs["file"] = doc.object
	for name, typ := range map[string]reflect.Type{
		"file": reflect.TypeFor[scenario.File](), "scenario": reflect.TypeFor[scenario.Scenario](), "given": reflect.TypeFor[scenario.Given](), "from": reflect.TypeFor[scenario.From](), "token": reflect.TypeFor[scenario.Token](),
		"step": reflect.TypeFor[scenario.Step](), "expect": reflect.TypeFor[scenario.Expect](), "stub": reflect.TypeFor[world.Stub](), "answer": reflect.TypeFor[world.StubAnswer](),
	} {
		var read, named []string
		for i := range typ.NumField() {
			if tag, _, _ := strings.Cut(typ.Field(i).Tag.Get("yaml"), ","); tag != "" && tag != "-" {
				read = append(read, tag)
			}
		}
		for n := range doc.Defs[name].Properties {
			named = append(named, n)
		}
		sort.Strings(read)
		sort.Strings(named)
		if !slices.Equal(read, named) {
			t.Errorf("%s: read are %v, the schema has %v", name, read, named)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("scenarios:\n  - name: x\n    steps: [{start: login}, {wait: 5m}]\n    expect: {outcome: waiting}\n"))
	f.Add([]byte("given: {stubs: [{url: 'https://x/*', answers: [{json: {a: [1]}}]}]}\nscenarios: [{name: a, steps: [{start: {flow: x}}], variants: [{name: 1}]}]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		file, bad := scenario.Read("f.yaml", text)
		if bad != nil {
			if bad.Message == "" {
				t.Fatal("an error without words")
			}
			return
		}
		for _, c := range file.Cases() {
			if c.Name == "" || len(c.Scenario.Steps) == 0 {
				t.Fatalf("%+v", c)
			}
		}
	})
}
