package script_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/script"
)

const header = `/**
 * Lets the mail domains of a list in.
 *
 * @title Domain allowlist
 * @config {list} domains - whose mail is welcome
 * @config {number} [most=3] how many
 * @config {'allow'|"deny"} [otherwise=deny]: what else
 * @config {boolean} [strict=true]
 * @config {text} [note]
 * @port blocked - not welcome
 * @output {string} domain - of the person
 * @returns {void}
 */
export default async function (event, step, api) {}
`

func TestHeaderOfAnAction(t *testing.T) {
	h, issues := script.ReadHeader(header)
	want := script.Header{Title: "Domain allowlist", Summary: "Lets the mail domains of a list in.",
		Config: []script.HeaderConfig{
			{Name: "domains", Type: "list", Required: true, Help: "whose mail is welcome"},
			{Name: "most", Type: "number", Default: 3.0, Help: "how many"},
			{Name: "otherwise", Type: "choice", Options: []string{"allow", "deny"}, Default: "deny", Help: "what else"},
			{Name: "strict", Type: "boolean", Default: true},
			{Name: "note", Type: "text"},
		},
		Ports:   []script.HeaderPort{{Name: "blocked", Help: "not welcome"}},
		Outputs: []script.HeaderOutput{{Name: "domain", Type: "string", Help: "of the person"}}}
	if !reflect.DeepEqual(h, want) || len(issues) > 0 {
		t.Errorf("%+v\n%v", h, issues)
	}
	config, err := h.Configured(map[string]any{"domains": "a.example, b.example", "most": "7", "note": ""})
	if err != nil || !reflect.DeepEqual(config, map[string]any{"domains": []any{"a.example", "b.example"}, "most": 7.0, "otherwise": "deny", "strict": true}) {
		t.Errorf("%v, %v", config, err)
	}
	for _, given := range []map[string]any{nil, {"domains": ""}, {"domains": "x", "most": "many"}, {"domains": "x", "otherwise": "perhaps"}, {"domains": "x", "strict": "1"}} {
		if _, err := h.Configured(given); err == nil {
			t.Errorf("%v is taken", given)
		}
	}
}

func TestHeaderSaysWhatCannotBeRead(t *testing.T) {
	for tag, words := range map[string]string{
		"@config {colour} x":     "none of text",
		"@config {text}":         "needs a type and a name",
		"@config {text} [x":      "needs a type and a name",
		"@config {number} [x=y]": "no number",
		"@config {a|b} [x=c]":    "none of a, b",
		"@port next":             "already",
		"@port Not A Name":       "lower-case",
		"@output {thing} x":      "needs a type",
		"@port a\n * @port a":    "twice",
	} {
		_, issues := script.ReadHeader("/**\n * " + tag + "\n */\nexport default () => {}")
		if len(issues) != 1 || issues[0].Line < 2 || !strings.Contains(issues[0].Message, words) {
			t.Errorf("%s: %+v", tag, issues)
		}
	}
	if h, issues := script.ReadHeader("// no header\n/** @port x */"); len(h.Ports)+len(issues) > 0 {
		t.Errorf("%+v %v", h, issues)
	}
}

func FuzzReadHeader(f *testing.F) {
	f.Add(header)
	f.Add("/** @config {a|b} [x=a] - y */")
	f.Fuzz(func(t *testing.T, src string) {
		h, issues := script.ReadHeader(src)
		for _, is := range issues {
			if is.Line < 1 || is.Line > strings.Count(src, "\n")+1 {
				t.Fatalf("%+v", is)
			}
		}
		for _, c := range h.Config {
			if c.Name == "" || c.Type == "choice" && len(c.Options) == 0 {
				t.Fatalf("%+v", c)
			}
		}
	})
}
