package contract_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/authflow-studio/authflow/engine/check/contract"
)

const schemaFile = "../../../docs/schema/contract-1.json"

// Every contract that is shipped is valid by the schema that is published, and
// what is refused is not.
func TestShippedContractsAreValidByTheSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	valid := func(text []byte) error {
		asJSON, err := yaml.YAMLToJSON(text)
		if err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
		if err != nil {
			t.Fatal(err)
		}
		return schema.Validate(v)
	}
	files, err := filepath.Glob("../../../projects/templates/*/contracts/*.yaml")
	if err != nil || len(files) < 6 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := valid(text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, wrong := range []string{"contracts: []", "contracts:\n  - name: a", "contracts:\n  - name: a\n    never: mfa\n    passed: mfa", "contracts:\n  - name: a\n    within: 5s\n    unless: x"} {
		if valid([]byte(wrong)) == nil {
			t.Errorf("%q is valid", wrong)
		}
	}
}

// The schema has the names that the program reads, no more and no fewer.
func TestTheSchemaNamesWhatIsRead(t *testing.T) {
	text, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Defs map[string]struct {
			Properties map[string]json.RawMessage `json:"properties"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	var read []string
	typ := reflect.TypeFor[contract.Contract]()
	for i := range typ.NumField() {
		if name, _, _ := strings.Cut(typ.Field(i).Tag.Get("yaml"), ","); name != "-" {
			read = append(read, name)
		}
	}
	slices.Sort(read)
	if named := slices.Sorted(maps.Keys(doc.Defs["contract"].Properties)); !slices.Equal(named, read) {
		t.Errorf("schema %v\nread   %v", named, read)
	}
}
