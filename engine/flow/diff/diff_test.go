package diff_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/flow/diff"
)

const base = `{"format":1,"name":"Login","trigger":"login","enabled":true,"start":"pw","blocks":{
"pw":{"type":"password_check","stage":"pre_login","config":{"attempts":5},"next":{"ok":"pick","failed":"no"}},
"pick":{"type":"decision","stage":"post_auth","config":{"rows":[{"port":"high","when":"event.risk > 90"}]},"next":{"high":"no","default":"in"}},
"in":{"type":"issue_session","stage":"post_login"},
"no":{"type":"deny","stage":"post_login","config":{"reason":"refused"}}}}`

func project(t *testing.T, edit func(files map[string]string)) *flow.Project {
	t.Helper()
	files := map[string]string{flow.SettingsFile: `{"format":1,"name":"x","version":"1","secrets":[{"name":"KEY"}],"egress_hosts":["a.example"]}`, "flows/login.json": base,
		"actions/a.js": "one\ntwo\n", "labels/en.json": `{"hello":"Hello"}`, "contracts/c.yaml": "contracts: []\n"}
	if edit != nil {
		edit(files)
	}
	raw := map[string][]byte{}
	for name, text := range files {
		raw[name] = []byte(text)
	}
	p, problems := flow.Parse(raw)
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	return p
}

func safe(blockType string) bool { return blockType == "password_check" || blockType == "mfa" }

func TestEachDifferenceIsTold(t *testing.T) {
	in := func(old, with string) func(map[string]string) {
		return func(f map[string]string) {
			f["flows/login.json"] = strings.Replace(f["flows/login.json"], old, with, 1)
		}
	}
	for name, c := range map[string]struct {
		edit func(map[string]string)
		want []string // kind part place
		text string
		weak bool
	}{
		"nothing":         {nil, nil, "", false},
		"a setting":       {in(`"attempts":5`, `"attempts":9`), []string{"changed setting pw config.attempts"}, "login: pw: config.attempts is 9 now, no longer 5.", false},
		"a condition":     {in("> 90", "> 80"), []string{"changed setting pick config.rows"}, "80", false},
		"an edge":         {in(`"default":"in"`, `"default":"no"`), []string{"changed edge pick default"}, "pick leads by default to no, no longer to in.", false},
		"an edge less":    {in(`,"default":"in"`, ``), []string{"removed edge pick default"}, "nor anywhere", false},
		"a type":          {in(`"type":"password_check"`, `"type":"identity_lookup"`), []string{"changed block pw type"}, "is a identity_lookup now", true},
		"a new block":     {in(`"no":{`, `"x":{"type":"allow","stage":"post_login"},"no":{`), []string{"added block x "}, "is new", false},
		"a renamed block": {func(f map[string]string) { f["flows/login.json"] = strings.ReplaceAll(base, `"pick"`, `"choose_way"`) }, []string{"renamed block choose_way "}, "the block pick is called choose_way now", false},
		"a lifted lock":   {in(`"start":"pw"`, `"start":"pw","unlocked":[{"block":"identity_lookup","reason":"none needed"}]`), []string{"added lock identity_lookup "}, "lifted: none needed", true},
		"a flow switched": {in(`"enabled":true`, `"enabled":false`), []string{"changed setting  enabled"}, "enabled is false now", false},
		"a flow gone":     {func(f map[string]string) { delete(f, "flows/login.json") }, []string{"removed flow  "}, "is gone", false},
		"an Action":       {func(f map[string]string) { f["actions/a.js"] = "one\nthree\nfour\n" }, []string{"changed action  a.js"}, "+2 −1 lines", false},
		"a page":          {func(f map[string]string) { f["pages/x.html"] = "<p>" }, []string{"added page  x.html"}, "is new", false},
		"a label":         {func(f map[string]string) { f["labels/en.json"] = `{"hello":"Hi"}` }, []string{"changed label  en/hello"}, "The label en hello has changed", false},
		"a contract gone": {func(f map[string]string) { delete(f, "contracts/c.yaml") }, []string{"removed contract  c.yaml"}, "is gone", true},
		"a secret, a host": {func(f map[string]string) {
			f[flow.SettingsFile] = `{"format":1,"name":"x","version":"1","secrets":[{"name":"OTHER"}],"egress_hosts":["a.example","b.example"]}`
		}, []string{"removed secret  KEY", "added secret  OTHER", "added host  b.example"}, "b.example is new", false},
		"a project setting": {func(f map[string]string) {
			f[flow.SettingsFile] = strings.Replace(f[flow.SettingsFile], `"version":"1"`, `"version":"2"`, 1)
		}, []string{"changed setting  version"}, `version is "2" now`, false},
	} {
		t.Run(name, func(t *testing.T) {
			all := diff.Projects(project(t, nil), project(t, c.edit), safe)
			var got []string
			text := ""
			for _, x := range all {
				place := x.Path
				if x.Port != "" {
					place = x.Port
				}
				got = append(got, strings.Join([]string{string(x.Kind), string(x.Part), x.Block, place}, " "))
				text += x.Text + "\n"
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("told %q, want %q", got, c.want)
			}
			if !strings.Contains(text, c.text) || diff.Weakens(all) != c.weak {
				t.Errorf("in words: %s (weakens %v)", text, diff.Weakens(all))
			}
		})
	}
}

func TestAMovedBlockIsNoChangeOfMeaning(t *testing.T) {
	a := &flow.Layout{Blocks: map[string]flow.Position{"pw": {X: 1}, "no": {X: 2}}}
	b := &flow.Layout{Blocks: map[string]flow.Position{"pw": {X: 9}, "no": {X: 2}}}
	if moved := diff.Layouts("login", a, b); len(moved) != 1 || moved[0].Block != "pw" || moved[0].Kind != diff.Moved {
		t.Errorf("%+v", moved)
	}
}

// The law: without a change the digests of meaning are the same, and with one
// they are not.
func TestNoChangeMeansTheSameDigest(t *testing.T) {
	outer := t
	rapid.Check(t, func(t *rapid.T) {
		edit := func(label string) func(map[string]string) {
			attempts := rapid.SampledFrom([]string{"5", "6"}).Draw(t, label+" attempts")
			to := rapid.SampledFrom([]string{"in", "no"}).Draw(t, label+" edge")
			action := rapid.SampledFrom([]string{"one\ntwo\n", "other\n"}).Draw(t, label+" action")
			return func(f map[string]string) {
				f["flows/login.json"] = strings.NewReplacer(`"attempts":5`, `"attempts":`+attempts, `"default":"in"`, `"default":"`+to+`"`).Replace(base)
				f["actions/a.js"] = action
			}
		}
		a, b := project(outer, edit("a")), project(outer, edit("b"))
		if same := len(diff.Projects(a, b, nil)) == 0; same != (a.Digest == b.Digest) {
			t.Errorf("no change: %v; digests %s %s", same, a.Digest, b.Digest)
		}
	})
}

// Taking every change over, one by one in any order that works, makes the one
// flow the other.
func TestTakingAllChangesMakesTheOtherFlow(t *testing.T) {
	edits := []func(string) string{
		func(s string) string {
			return strings.Replace(s, `"attempts":5`, `"attempts":9,"more":{"deep":true}`, 1)
		},
		func(s string) string { return strings.Replace(s, `"default":"in"`, `"default":"no"`, 1) },
		func(s string) string {
			return strings.Replace(s, `"no":{`, `"x":{"type":"allow","stage":"post_login"},"no":{`, 1)
		},
		func(s string) string { return strings.ReplaceAll(s, `"pick"`, `"choose_way"`) },
		func(s string) string {
			return strings.Replace(s, `"start":"pw"`, `"start":"pw","timeout":60,"unlocked":[{"block":"identity_lookup","reason":"none needed"}]`, 1)
		},
		func(s string) string { return strings.Replace(s, `,"failed":"no"`, ``, 1) },
	}
	for mask := range 1 << len(edits) {
		text := base
		for i, e := range edits {
			if mask>>i&1 == 1 {
				text = e(text)
			}
		}
		of := func(text string) *flow.Flow {
			return project(t, func(f map[string]string) { f["flows/login.json"] = text }).Flows["login"]
		}
		for _, way := range [][2]string{{base, text}, {text, base}} {
			mine, theirs := of(way[0]), of(way[1])
			for round := 0; ; round++ {
				left := diff.Flows("login", mine, theirs, nil)
				if len(left) == 0 {
					break
				}
				if round > 20 {
					t.Fatalf("%06b: %+v stays", mask, left)
				}
				took := false
				for _, c := range left {
					if err := diff.Take(mine, theirs, c); err == nil {
						took = true
						break
					}
				}
				if !took {
					t.Fatalf("%06b: none of %+v can be taken", mask, left)
				}
			}
		}
	}
}
