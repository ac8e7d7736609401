package flow_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/authflow-studio/authflow/engine/flow"
)

const small = `{
  "format": 1,
  "name": "Login",
  "trigger": "login",
  "enabled": true,
  "start": "ask",
  "blocks": {
    "ask": {"type": "page", "stage": "pre_login", "label": "Ask", "config": {"template": "a.html"}, "next": {"submitted": "ok"}},
    "ok": {"type": "allow", "stage": "post_login"}
  }
}`

func decode(t *testing.T, text string) *flow.Flow {
	t.Helper()
	f, err := flow.Decode("flows/login.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func digest(t *testing.T, f *flow.Flow) string {
	t.Helper()
	d, err := f.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestG1_WhatIsDrawnChangesNoDigestOfMeaning(t *testing.T) {
	base := digest(t, decode(t, small))
	for what, text := range map[string]string{
		"a label":       strings.Replace(small, `"label": "Ask"`, `"label": "Another"`, 1),
		"a note":        strings.Replace(small, `"label": "Ask"`, `"note": "why"`, 1),
		"a description": strings.Replace(small, `"trigger"`, `"description": "d", "trigger"`, 1),
		"white space":   strings.ReplaceAll(small, "\n", "\n\n"),
	} {
		if got := digest(t, decode(t, text)); got != base {
			t.Errorf("%s changes the digest", what)
		}
	}
	for what, text := range map[string]string{
		"a setting": strings.Replace(small, "a.html", "b.html", 1),
		"an edge":   strings.Replace(small, `"submitted": "ok"`, `"submitted": "ask"`, 1),
		"a stage":   strings.Replace(small, `"stage": "pre_login"`, `"stage": "post_auth"`, 1),
		"enabled":   strings.Replace(small, `"enabled": true`, `"enabled": false`, 1),
	} {
		if got := digest(t, decode(t, text)); got == base {
			t.Errorf("%s does not change the digest", what)
		}
	}
	// Positions are no file that the engine runs.
	with := fstest.MapFS{flow.SettingsFile: {Data: []byte(`{"format":1,"name":"x","version":"1"}`)}, "flows/login.json": {Data: []byte(small)}}
	p1, _ := flow.Load(with)
	with["flows/login.layout.json"] = &fstest.MapFile{Data: []byte(`{"format":1,"blocks":{"ask":{"x":1,"y":2}}}`)}
	p2, _ := flow.Load(with)
	if p1.Digest != p2.Digest {
		t.Error("a layout changes the digest of the project")
	}
}

func TestG2_IdsAreIdentifiers(t *testing.T) {
	for id, want := range map[string]bool{"a": true, "ask_2": true, "A": false, "2a": false, "a-b": false, "": false, "ä": false, "a b": false, strings.Repeat("a", 65): false} {
		if flow.ValidID(id) != want {
			t.Errorf("ValidID(%q) = %v", id, !want)
		}
	}
}

func TestG3_TriggersHaveTheirStagesInOrder(t *testing.T) {
	want := map[string]string{
		"login": "pre_login post_auth post_login", "registration": "pre_create post_create", "password_reset": "pre_reset post_reset",
		"mfa_enrollment": "pre_enroll post_enroll", "mfa_verify": "pre_verify post_verify", "token_refresh": "pre_issue", "logout": "pre_logout post_logout", "custom": "one two",
	}
	for _, tr := range flow.Triggers {
		f := &flow.Flow{Trigger: tr.ID, Stages: []string{"one", "two"}}
		if got := strings.Join(f.StageOrder(), " "); got != want[tr.ID] {
			t.Errorf("%s: %s", tr.ID, got)
		}
		delete(want, tr.ID)
	}
	if len(want) > 0 {
		t.Errorf("missing triggers: %v", want)
	}
}

// Bad files are refused with a code, the place and words.
func TestDecodeSaysWhatIsWrongAndWhere(t *testing.T) {
	for what, c := range map[string]struct {
		text, code, words string
		line              int
	}{
		"broken JSON":      {"{\n  \"format\": 1,\n  oops\n}", "json_syntax", "not valid JSON", 3},
		"cut short":        {small[:60], "json_syntax", "unexpected EOF", 5},
		"one id twice":     {strings.Replace(small, `"ok": {`, `"ask": {`, 1), "json_duplicate", `two blocks have the id "ask"`, 9},
		"an unknown field": {strings.Replace(small, `"label"`, `"lable"`, 1), "json_unknown_field", `"lable"`, 8},
		"a wrong type":     {strings.Replace(small, `"enabled": true`, `"enabled": "yes"`, 1), "json_type", "/enabled", 5},
		"a newer format":   {strings.Replace(small, `"format": 1`, `"format": 9`, 1), "format", "format 9", 1},
		"a null block":     {strings.Replace(small, `{"type": "allow", "stage": "post_login"}`, `null`, 1), "json_type", "null", 9},
		"an empty file":    {"", "json_syntax", "EOF", 1},
	} {
		t.Run(what, func(t *testing.T) {
			_, err := flow.Decode("flows/login.json", []byte(c.text))
			var fe *flow.FileError
			if !errors.As(err, &fe) {
				t.Fatalf("answered %v", err)
			}
			if fe.Code != c.code || fe.Line != c.line || !strings.Contains(fe.Error(), c.words) || !strings.HasPrefix(fe.Error(), "flows/login.json:") {
				t.Errorf("%s at line %d: %s", fe.Code, fe.Line, fe.Error())
			}
		})
	}
}

func TestOneBrokenFileDoesNotHideTheOthers(t *testing.T) {
	p, problems := flow.Load(fstest.MapFS{
		flow.SettingsFile:  {Data: []byte(`{"format":1,"name":"x","version":"1"}`)},
		"flows/login.json": {Data: []byte(small)}, "flows/other.json": {Data: []byte("{")}, "flows/Bad Name.json": {Data: []byte(small)},
		"clients.yaml": {Data: []byte("clients:\n  - id: a\n    redirect: x\n")}, "labels/en.json": {Data: []byte(`{"a":1}`)},
		".authflow/breakpoints.json": {Data: []byte("not read")}, "flows/.login.json.tmp": {Data: []byte("not read")},
	})
	if p.Flows["login"] == nil || len(problems) != 4 {
		t.Fatalf("%d problems: %v", len(problems), problems)
	}
	for _, e := range problems {
		if e.File == "clients.yaml" && e.Line != 3 {
			t.Errorf("clients.yaml: line %d", e.Line)
		}
	}
}

func TestWrittenFilesReadBack(t *testing.T) {
	f := decode(t, small)
	text, err := flow.Encode(f)
	if err != nil {
		t.Fatal(err)
	}
	again := decode(t, string(text))
	if !reflect.DeepEqual(f, again) {
		t.Errorf("read back: %+v", again)
	}
	second, err := flow.Encode(again)
	if err != nil || !bytes.Equal(text, second) {
		t.Errorf("written twice, written differently: %v", err)
	}
}

// The published schema accepts what the decoder accepts, for every shipped flow.
func TestSchemaDescribesTheFiles(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "..", "docs", "schema", "flow-1.json"))
	if err != nil {
		t.Fatal(err)
	}
	validate := func(text []byte) error {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return schema.Validate(v)
	}
	files, err := filepath.Glob(filepath.Join("..", "..", "projects", "templates", "*", "flows", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal("no shipped flows found", err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, ".layout.json") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for what, text := range map[string]string{
		"an unknown field": strings.Replace(small, `"label"`, `"lable"`, 1),
		"a wrong type":     strings.Replace(small, `"enabled": true`, `"enabled": "yes"`, 1),
		"a bad id":         strings.Replace(small, `"ask": {`, `"Ask": {`, 1),
		"no start":         strings.Replace(small, `"start": "ask",`, ``, 1),
	} {
		if validate([]byte(text)) == nil {
			t.Errorf("the schema accepts %s", what)
		}
	}
}

func TestCyclesAreFound(t *testing.T) {
	f := &flow.Flow{Start: "a", Blocks: map[string]*flow.Block{
		"a": {Next: map[string]string{"x": "b"}}, "b": {Next: map[string]string{"x": "c", "y": "d"}}, "c": {Next: map[string]string{"x": "a"}},
		"d": {Next: map[string]string{"x": "d"}}, "e": {},
	}}
	g := flow.NewGraph(f)
	none := func(int) bool { return false }
	if got := g.Cycles(none); len(got) != 2 {
		t.Errorf("cycles: %v", got)
	}
	if got := g.Cycles(func(i int) bool { return g.IDs[i] == "c" }); len(got) != 1 || g.IDs[got[0][0]] != "d" {
		t.Errorf("cycles without c: %v", got)
	}
	if reach := g.Reachable(); reach[g.Index["e"]] || !reach[g.Index["d"]] {
		t.Errorf("reachable: %v", reach)
	}
}

func FuzzDecode(f *testing.F) {
	for _, text := range []string{small, "{}", "[]", `{"format":1}`, `{"format":1,"blocks":{"a":{"next":{"x":"a"}}}}`, small[:100]} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fl, err := flow.Decode("f.json", data)
		if err != nil {
			var fe *flow.FileError
			if !errors.As(err, &fe) || fe.Code == "" || fe.Message == "" {
				t.Fatalf("an error without code or words: %v", err)
			}
			return
		}
		text, err := flow.Encode(fl)
		if err != nil {
			t.Fatal(err)
		}
		again, err := flow.Decode("f.json", text)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, text)
		}
		if a, b := digestOf(fl), digestOf(again); a != b {
			t.Fatalf("the digest changed: %s", text)
		}
		g := flow.NewGraph(fl)
		g.Reachable()
		g.Cycles(func(int) bool { return false })
	})
}

func digestOf(f *flow.Flow) string {
	d, err := f.Digest()
	if err != nil {
		return err.Error()
	}
	return d
}
