package agama

import (
	"bytes"
	"errors"
	"testing"

	"github.com/authflow-studio/authflow/engine/flow"
)

// FuzzTranslate: whatever the flows, templates and configuration say, there is a
// project that can be read, the same each time, or a refusal with a code.
func FuzzTranslate(f *testing.F) {
	head := "Flow a.b.C\n Basepath \"x\"\n Configs conf\n Inputs who\n"
	f.Add(head+"Repeat 2 times max\n  x = RRF \"p.ftlh\" x\n  y.z = Call a.B#check x.u x.p\n  Quit When y.z is true\n  y.w = idx[0]\nWhen y.z is not true\n  Finish y\nFinish x.u\n", `<input name=u><input name=p type=password>${w!1}`, `{"configs":{"a.b.C":{"k":{"secret":1}}}}`)
	f.Add(head+"r | E = Trigger a.b.D conf who\n Override templates \"x/p.ftlh\" \"\"\nWhen E is null or r.aborted is true\n  r.data = { userId: who }\nOtherwise\n  r = Trigger $who\nFinish r\n", `<form><button name="_abort">`, `{"noDirectLaunch":["a.b.C"]}`)
	f.Add(head+"Iterate over conf.l using i\n  Iterate over i using j\n    m.$i = j\n    s = Call a.B#new i\n    t | E = Call s go m j\n    Quit When E is not null\n  Match t.k to\n    1\n      q = t\n    -i\n      q = [ t, { a: q } ]\nFinish q\n", ``, ``)
	f.Fuzz(func(t *testing.T, text, page, meta string) {
		made := func() (map[string][]byte, error) {
			src := &source{name: "x.gama", files: map[string][]byte{"code/a.flow": []byte(text), "web/x/p.ftlh": []byte(page)}}
			if meta != "" {
				src.files["project.json"] = []byte(meta)
			}
			files, report, err := translate(src, Options{})
			if err == nil && len(report.Flows) == 0 {
				t.Fatal("a project without flows")
			}
			return files, err
		}
		files, err := made()
		var refused *Refused
		if err != nil {
			if !errors.As(err, &refused) || refused.Code == "" {
				t.Fatalf("not refused but failed: %v", err)
			}
			return
		}
		running := map[string][]byte{}
		for name, data := range files {
			if flow.Runs(name) {
				running[name] = data
			}
		}
		if _, unreadable := flow.Parse(running); len(unreadable) > 0 {
			t.Fatal(unreadable[0])
		}
		again, err := made()
		if err != nil || len(again) != len(files) {
			t.Fatal("another time another project", err)
		}
		for name, data := range files {
			if !bytes.Equal(data, again[name]) {
				t.Fatalf("%s differs another time:\n%s\n%s", name, data, again[name])
			}
		}
	})
}
