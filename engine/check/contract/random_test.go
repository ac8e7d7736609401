package contract_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/authflow-studio/authflow/engine/check/contract"
	"github.com/authflow-studio/authflow/engine/flow"
)

// The checker is held against the real engine: on random small flows its verdict
// is what all runs say, its path is one of them, and none is shorter.
func TestK3_TheCheckerAgreesWithAllRunsOfTheEngine(t *testing.T) {
	rounds := 30 // of a hundred flows each
	if testing.Short() {
		rounds = 3
	}
	verdicts := map[contract.Verdict]int{}
	for range rounds {
		rapid.Check(t, func(rt *rapid.T) { agrees(rt, verdicts) })
	}
	if verdicts[contract.Proved] < 10 || verdicts[contract.Refuted] < 10 {
		t.Errorf("one verdict is hardly tried: %v", verdicts)
	}
}

// agrees compares the two on one random flow.
func agrees(rt *rapid.T, verdicts map[contract.Verdict]int) {
	p := randomProject(rt)
	c := randomClaim(rt, p)
	all, complete := allRuns(p, c)
	if !complete {
		rt.Skip("too many runs")
	}
	f, bad := contract.Read("contracts/it.yaml", []byte("contracts:\n  - name: it\n    "+strings.ReplaceAll(c.yaml(), "\n", "\n    ")))
	if bad != nil {
		rt.Fatal(bad)
	}
	r := (&contract.Prover{Catalogue: drawnBlocks(nil)}).Prove(p, &f.Contracts[0])
	verdicts[r.Verdict]++
	say := func(format string, args ...any) {
		text, _ := flow.Encode(p.Flows)
		rt.Fatalf("%s\n%+v\n%s\nchecker: %s %s %v\nengine: %d runs, shortest %d\n%s", fmt.Sprintf(format, args...), c, text, r.Verdict, r.Reason, labelsOf(r), all.runs, all.shortest, strings.Join(slices.Sorted(maps.Keys(all.broken)), "\n"))
	}
	switch {
	case r.Verdict == contract.Unknown:
		say("nothing here is beyond the checker")
	case r.Verdict == contract.Proved && all.shortest > 0:
		say("proved, and the engine breaks it")
	case r.Verdict == contract.Refuted && !all.broken[strings.Join(labelsOf(r), " ")]:
		say("no run breaks it like that")
	case r.Verdict == contract.Refuted && enteredBy(p, r) != all.shortest:
		say("%d blocks are not the shortest", enteredBy(p, r))
	}
}

func labelsOf(r contract.Result) []string {
	var out []string
	for _, s := range r.Path {
		s.Values = nil
		out = append(out, s.String())
	}
	return out
}

// enteredBy counts the blocks of a path without the returns to those that ran
// another flow.
func enteredBy(p *flow.Project, r contract.Result) int {
	n, open := 0, []string{}
	for _, s := range r.Path {
		at := s.Flow + "." + s.Block
		if len(open) > 0 && open[len(open)-1] == at && s.Port != "" {
			open = open[:len(open)-1]
			continue
		}
		n++
		if p.Flows[s.Flow].Blocks[s.Block].Type == "run_flow" && s.Port == "" {
			open = append(open, at)
		}
	}
	return n
}

// randomProject is a login flow of a few blocks, perhaps with another flow in it.
func randomProject(t *rapid.T) *flow.Project {
	files := map[string][]byte{flow.SettingsFile: []byte(`{"format":1,"name":"test","version":"1"}`)}
	withSub := rapid.IntRange(0, 2).Draw(t, "sub") == 0
	files[flow.FlowPath("login")] = randomFlow(t, "login", rapid.IntRange(2, 6).Draw(t, "blocks"), withSub)
	if withSub {
		files[flow.FlowPath("part")] = randomFlow(t, "part", rapid.IntRange(1, 3).Draw(t, "blocks of part"), false)
	}
	p, problems := flow.Parse(files)
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	return p
}

// randomFlow draws blocks that lead forward, besides loops of one block.
func randomFlow(t *rapid.T, slug string, n int, withSub bool) []byte {
	f := flow.Flow{Format: 1, Name: slug, Trigger: "login", Enabled: slug == "login", Start: "b0", Blocks: map[string]*flow.Block{
		"yes": {Type: "in", Stage: "post_login"}, "no": {Type: "deny", Stage: "post_login"}, "fine": {Type: "finish", Stage: "post_login"}}}
	types := []string{"count", "name", "flag", "knows", "has", "find", "decision", "decision", "decision", "knows", "has"}
	if withSub {
		types = append(types, "run_flow", "run_flow")
	}
	for i := 0; i < n; i++ {
		id := fmt.Sprintf("b%d", i)
		if i+1 < n && rapid.IntRange(0, 9).Draw(t, id+" loops") == 0 {
			f.Blocks[id] = &flow.Block{Type: "repeat", Stage: "pre_login", Config: map[string]any{"times": float64(rapid.IntRange(1, 2).Draw(t, id+" times"))}, Next: map[string]string{
				"again": fmt.Sprintf("b%d", i+1), "done": target(t, id, i+2, n)}}
			i++
			f.Blocks[fmt.Sprintf("b%d", i)] = randomBlock(t, &f, slug, i, n, []string{"count", "flag", "has"}, id)
			continue
		}
		f.Blocks[id] = randomBlock(t, &f, slug, i, n, types, "")
	}
	text, err := flow.Encode(f)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func target(t *rapid.T, label string, from, n int) string {
	names := []string{"yes", "no", "fine"}
	for i := from; i < n; i++ {
		names = append(names, fmt.Sprintf("b%d", i), fmt.Sprintf("b%d", i))
	}
	return rapid.SampledFrom(names).Draw(t, label+" to")
}

// randomBlock draws a block; in a loop all its outcomes lead back.
func randomBlock(t *rapid.T, f *flow.Flow, slug string, i, n int, types []string, back string) *flow.Block {
	id := fmt.Sprintf("b%d", i)
	b := &flow.Block{Type: rapid.SampledFrom(types).Draw(t, id), Stage: "pre_login", Next: map[string]string{}}
	ports := map[string][]string{"knows": {"ok", "failed"}, "has": {"ok", "failed"}, "run_flow": {"success", "failure", "aborted"}}[b.Type]
	switch b.Type {
	case "run_flow":
		b.Config = map[string]any{"flow": "part"}
	case "decision":
		var rows []any
		for r := range rapid.IntRange(1, 2).Draw(t, id+" rows") {
			port := fmt.Sprintf("r%d", r)
			rows, ports = append(rows, map[string]any{"port": port, "when": randomCondition(t, f, 2)}), append(ports, port)
		}
		b.Config, ports = map[string]any{"rows": rows}, append(ports, "default")
	case "count", "name", "flag", "find":
		ports = []string{"next"}
	}
	for _, port := range ports {
		b.Next[port] = back
		if back == "" {
			b.Next[port] = target(t, id+port, i+1, n)
		}
	}
	if back == "" && rapid.IntRange(0, 5).Draw(t, id+" takes errors") == 0 {
		b.Next["error"] = target(t, id+"error", i+1, n)
	}
	return b
}

// randomCondition asks for what the blocks so far may have found.
func randomCondition(t *rapid.T, f *flow.Flow, depth int) string {
	if depth > 0 {
		inner := func() string { return randomCondition(t, f, depth-1) }
		switch rapid.IntRange(0, 5).Draw(t, "shape") {
		case 0:
			return "(" + inner() + " && " + inner() + ")"
		case 1:
			return "(" + inner() + " || " + inner() + ")"
		case 2:
			return "!" + inner()
		case 3:
			return "(" + inner() + " ? " + inner() + " : " + inner() + ")"
		}
	}
	atoms := []string{"event.authentication.aal == 'aal2'", "event.authentication.aal != ''"}
	for _, id := range slices.Sorted(maps.Keys(f.Blocks)) {
		at := "step." + id + ".v"
		switch f.Blocks[id].Type {
		case "count":
			atoms = append(atoms, at+" >= 1", at+" > 1", at+" < 2", at+" == 2", at+" != 1", "has("+at+")", "2 <= "+at)
		case "name":
			atoms = append(atoms, at+" == 'a'", at+" != 'b'", at+" in ['a', 'b']", "has("+at+")")
		case "flag", "knows":
			atoms = append(atoms, at, "!"+at, at+" == true", "has("+at+")")
		case "decision":
			atoms = append(atoms, "step."+id+".branch == 'default'", "has(step."+id+".branch)")
		}
	}
	return "(" + rapid.SampledFrom(atoms).Draw(t, "atom") + ")"
}

// randomClaim promises something of the blocks that there are.
func randomClaim(t *rapid.T, p *flow.Project) claim {
	ids := slices.Sorted(maps.Keys(p.Flows["login"].Blocks))
	things := []string{"a session", "a session", "in", "a success", "an error"}
	var blocks []string
	for _, id := range ids {
		b := p.Flows["login"].Blocks[id]
		blocks = append(blocks, id)
		for _, port := range slices.Sorted(maps.Keys(b.Next)) {
			blocks = append(blocks, id+":"+port)
		}
	}
	pick := func(label string, more ...string) string {
		return rapid.SampledFrom(append(more, blocks...)).Draw(t, label)
	}
	var c claim
	if rapid.Bool().Draw(t, "every") {
		c.every, c.passed = pick("target", things...), pick("passed", "a password", "a password", "a second factor", "a second factor", "a factor", "knows", "has")
	} else {
		c.never = pick("target", append(things, "a second factor")...)
	}
	if rapid.IntRange(0, 3).Draw(t, "with after") == 0 {
		c.after = pick("after", "an error", "a password")
	}
	if rapid.IntRange(0, 2).Draw(t, "with when") == 0 {
		c.when = randomCondition(t, p.Flows["login"], 1)
	}
	if rapid.IntRange(0, 2).Draw(t, "with unless") == 0 {
		c.unless = randomCondition(t, p.Flows["login"], 1)
	}
	return c
}
