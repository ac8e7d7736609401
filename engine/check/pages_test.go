package check_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/flow/draw"
	"github.com/authflow-studio/authflow/engine/script"
)

var update = flag.Bool("update", false, "write docs/checks.md and docs/checks/ anew")

// Each rule has a file and a page; the pages are made of the rules and their
// examples.
func TestK1_EachRuleHasAFileAndAPage(t *testing.T) {
	pool := script.NewPool(script.Options{Workers: 1})
	defer pool.Close()
	docs := filepath.Join("..", "..", "docs")
	wanted := map[string]string{"checks.md": indexPage()}
	seen := map[string]bool{}
	for i := range check.Rules {
		r := &check.Rules[i]
		if seen[r.Code] || r.Title == "" || r.Why == "" || r.Mend == "" || !slices.Contains(groups, r.Group) {
			t.Errorf("%s stands twice, or says too little", r.Code)
		}
		seen[r.Code] = true
		if _, err := os.Stat("rule_" + r.Code + ".go"); err != nil {
			t.Errorf("the rule has no file of its own: %v", err)
		}
		wanted["checks/"+r.Code+".md"] = rulePage(t, r, pool)
	}
	files, err := filepath.Glob("rule_*.go")
	if err != nil || len(files) != len(check.Rules) {
		t.Errorf("%d files hold %d rules (%v)", len(files), len(check.Rules), err)
	}
	for name, text := range wanted {
		page := filepath.Join(docs, filepath.FromSlash(name))
		if *update {
			if err := os.MkdirAll(filepath.Dir(page), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(page, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if have, err := os.ReadFile(page); err != nil || string(have) != text {
			t.Errorf("docs/%s is not as the rules say; write it with: go test ./engine/check -run TestK1 -update (%v)", name, err)
		}
	}
	pages, err := filepath.Glob(filepath.Join(docs, "checks", "*.md"))
	if err != nil || len(pages) != len(check.Rules) {
		t.Errorf("docs/checks has %d pages for %d rules (%v)", len(pages), len(check.Rules), err)
	}
}

var groups = []string{"structure", "data", "expressions", "pages", "actions", "security", "habits", "settings"}

func indexPage() string {
	var b strings.Builder
	b.WriteString("# The checks\n\nThis page is made of the rules in `engine/check`; do not edit it by hand.\n\n" +
		"All problems are found at once, as you type and by `authflow check PROJECT|BUNDLE` (`--format text`, `json` or `sarif`; exit 1 with an error or a refuted [contract](contracts.md)). Each has a stable code, a severity, its place, a reason, and a fix where one is safe (`authflow check --fix` carries those out). An error keeps a project from being exported and a bundle from becoming active.\n\n" +
		"## Settings\n\nIn `authflow.json`:\n\n```json\n\"checks\": {\n  \"preset\": \"strict\",\n  \"severities\": {\"cheap_after_costly\": \"off\"},\n  \"suppress\": [{\"code\": \"tells_who_exists\", \"flow\": \"login\", \"block\": \"lookup\", \"reason\": \"names are public here\"}]\n}\n```\n\n" +
		"`preset` is `recommended` (the default), `strict` (warnings are errors, notes are warnings) or `relaxed` (no notes). A suppression needs a reason; it stands in the output of `authflow check`, in the bundle's manifest and in `authflow diff`. An error is neither lowered nor suppressed, and a suppression that takes nothing out is a warning itself.\n\n" +
		"## SARIF\n\n`authflow check --format sarif` writes [SARIF 2.1.0](https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), which code hosts show beside the lines of a change. Errors are `error`, warnings `warning`, notes `note`. Each rule has its `id` (the code), its page as `helpUri` and its group as a tag; each result names the file, the line where there is one, and `flow.block` as its logical location. A contract that is refuted is a result `contract_refuted` (`error`), one that nobody could decide `contract_unknown` (`warning`). What a project suppresses is a result with a `suppressions` entry, of the kind `external`, that holds the reason.\n")
	for _, group := range groups {
		fmt.Fprintf(&b, "\n## %s\n\n| code | severity | what |\n|---|---|---|\n", strings.ToUpper(group[:1])+group[1:])
		for _, r := range check.Rules {
			if r.Group == group {
				fmt.Fprintf(&b, "| [`%s`](checks/%s.md) | %s | %s |\n", r.Code, r.Code, r.Severity, r.Title)
			}
		}
	}
	b.WriteString("\n## Files\n\nWhat cannot be read at all has the code of its file's error, such as `json_syntax`, and is always an error.\n")
	return b.String()
}

func rulePage(t *testing.T, r *check.Rule, pool check.ScriptChecker) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\nThis page is made of the rule and its examples in `engine/check`; do not edit it by hand.\n\n", r.Code)
	fmt.Fprintf(&b, "**%s.** (%s, [%s](../checks.md#%s))\n\n%s\n\n**What to do:** %s\n", r.Title, r.Severity, r.Group, r.Group, r.Why, r.Mend)
	drawn := ""
	for _, e := range examplesOf(t, r.Code) {
		if e.file != "bad.json" && e.file != "bad.txtar" && e.file != "good.json" && e.file != "good.txtar" {
			continue
		}
		head := "Right"
		if e.wrong {
			head = "Wrong"
		}
		fmt.Fprintf(&b, "\n## %s\n", head)
		c := &check.Checker{Catalogue: catalogue.All(), Scripts: pool}
		if e.wrong && slices.Contains(unreading, r.Code) {
			c.Scripts = nil
		}
		found := slices.DeleteFunc(e.find(t, c), func(p check.Problem) bool { return p.Code != r.Code })
		drawn = e.show(&b, drawn)
		for _, p := range found {
			fmt.Fprintf(&b, "\n> %s", p.Message)
			if p.Fix != nil {
				fmt.Fprintf(&b, " *Safe fix: %s.*", p.Fix.Title)
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

// show draws a flow, unless it looks as the one before did, or writes the files of
// a project. It answers the drawing.
func (e *example) show(b *strings.Builder, before string) string {
	if e.flow != nil {
		drawn := string(draw.Mermaid(e.flow, describe))
		if drawn != before {
			fmt.Fprintf(b, "\n```mermaid\n%s```\n", drawn)
		}
		fmt.Fprintf(b, "\n```json\n%s\n```\n", shortened(e.text))
		return drawn
	}
	for _, f := range e.files {
		if f.Name == flow.SettingsFile && len(e.files) > 1 && len(f.Data) < 60 {
			continue // it says nothing but the name
		}
		lang := strings.TrimPrefix(filepath.Ext(f.Name), ".")
		fmt.Fprintf(b, "\n`%s`\n\n```%s\n%s\n```\n", f.Name, lang, shortened(string(f.Data)))
	}
	return before
}

func describe(_ string, b *flow.Block) draw.Card {
	if d, ok := catalogue.All().Descriptor(b.Type); ok {
		return draw.Card{Title: d.Title}
	}
	return draw.Card{Title: b.Type}
}

// shortened leaves out the middle of lines that nobody would read.
func shortened(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i, l := range lines {
		if len(l) > 400 {
			lines[i] = l[:120] + " … " + l[len(l)-60:]
		}
	}
	return strings.Join(lines, "\n")
}
