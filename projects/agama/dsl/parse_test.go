package dsl_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/projects/agama/dsl"
)

const whole = `// What is said before the header is for people.
Flow org.example.shop.Everything
    Basepath "shop"
    Timeout 180 seconds // a comment behind
    Configs conf
    Inputs who channel

person = { name: "Zo\u00eb", tags: [ 1, -2.5
    , true, null ], none: null }
person.seen[0] = "x"
person."odd key".$channel = -who
page = RRF "a/b.ftlh" person
RRF "plain.ftlh"
RRF "third.ftlh" person true
back = RFAC "https://idp.example/authorize"
RFAC conf.address
r = Call org.example.Shop#find who 3 "x"
r | E = Call r save person.name
| E = Call org.example.Shop#ping
Call org.example.Shop#new
t | F = Trigger org.example.Other who null false
    Override templates "a/b.ftlh" ""
    "c/d.ftlh" "e.ftlh"
Trigger $channel
When page.ok is true and r is not null
or
who is "ada"
    Log "@warn % is here" who
    When E is null
        Finish true
Otherwise
    Finish person
Match channel to
    "sms"
        Finish "a"
    -who
        Finish false
Otherwise
    Log [1, 2]
n = Repeat conf.times times max
    page = RRF "again.ftlh"
        Status checker
            Open for 60 seconds
            Close When page.x is true
    Quit When page.code is "1"
    Log idx[0]
Iterate over person using key
    Log key
Finish r.id
`

func TestParse_EveryStatement(t *testing.T) {
	f, errs := dsl.Parse("everything.flow", whole)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	if f.Name != "org.example.shop.Everything" || f.Basepath != "shop" || f.Timeout != 180 || f.Configs != "conf" || strings.Join(f.Inputs, " ") != "who channel" {
		t.Errorf("header: %+v", f)
	}
	var kinds []string
	for _, s := range f.Body {
		kinds = append(kinds, strings.TrimPrefix(fmt.Sprintf("%T", s), "*dsl.")+fmt.Sprintf("@%d", s.At().Line))
	}
	want := "Assign@8 Assign@10 Assign@11 Render@12 Render@13 Render@14 Redirect@15 Redirect@16 Call@17 Call@18 Call@19 Call@20 Trigger@21 Trigger@24 When@25 Match@33 Loop@40 Loop@47 Finish@49"
	if got := strings.Join(kinds, " "); got != want {
		t.Errorf("statements:\n got %s\nwant %s", got, want)
	}
}

func TestParse_Parts(t *testing.T) {
	f, errs := dsl.Parse("everything.flow", whole)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	m := f.Body[0].(*dsl.Assign).Value.(*dsl.Map)
	if m.Values[0].(*dsl.Literal).Value != "Zoë" || len(m.Values[1].(*dsl.List).Items) != 4 || m.Values[1].(*dsl.List).Items[1].(*dsl.Literal).Value != -2.5 {
		t.Errorf("map: %+v", m)
	}
	odd := f.Body[2].(*dsl.Assign)
	if odd.Target.Path[0].Name != "odd key" || odd.Target.Path[1].Through != "channel" {
		t.Errorf("path: %+v", odd.Target)
	}
	if c := f.Body[9].(*dsl.Call); c.Object.Name != "r" || c.Method != "save" || c.Err != "E" || c.Source != "r | E = Call r save person.name" {
		t.Errorf("call: %+v", c)
	}
	if c := f.Body[8].(*dsl.Call); c.Class != "org.example.Shop" || c.Method != "find" || len(c.Args) != 3 {
		t.Errorf("static call: %+v", c)
	}
	if tr := f.Body[12].(*dsl.Trigger); tr.Err != "F" || len(tr.Args) != 3 || len(tr.Overrides) != 2 || tr.Overrides[1].With != "e.ftlh" {
		t.Errorf("trigger: %+v", tr)
	}
	w := f.Body[14].(*dsl.When)
	if len(w.Cond.Any) != 2 || len(w.Cond.Any[0]) != 2 || !w.Cond.Any[0][1].Not || len(w.Then) != 2 || len(w.Else) != 1 {
		t.Errorf("when: %+v", w)
	}
	if m := f.Body[15].(*dsl.Match); len(m.Options) != 2 || len(m.Else) != 1 {
		t.Errorf("match: %+v", m)
	}
	l := f.Body[16].(*dsl.Loop)
	if l.Target.Name != "n" || l.Quit == nil || len(l.Body) != 1 || len(l.After) != 1 || !l.Body[0].(*dsl.Render).Polled {
		t.Errorf("loop: %+v", l)
	}
}

// Errors say where, what and what to do; one bad line does not hide the others.
func TestParse_Errors(t *testing.T) {
	head := "Flow a\n    Basepath \"\"\n"
	for _, c := range []struct{ text, want string }{
		{"", "x.flow:1:1: the file holds no flow; begin with: Flow com.example.Name"},
		{"Log 1", "x.flow:1:1: a flow begins with the word Flow"},
		{"Flow a\nFinish true", "x.flow:1:1: the header names no Basepath"},
		{"Flow a\n  Basepath 1\nFinish true", "x.flow:2:12: Basepath needs a text in quotes"},
		{"Flow a\n  Basepath \"\"\n  Timeout soon\nFinish true", "x.flow:3:11: Timeout needs a whole number of seconds"},
		{"Flow a\n  Basepath \"\"\n  Colour 1\nFinish true", `x.flow:3:3: "Colour" has no place in a header`},
		{head, "x.flow:1:1: the flow has no statements"},
		{head + "x = \"abc", "x.flow:3:5: the text that begins here does not end"},
		{head + "x = [1, 2\nFinish true", "x.flow:4:1: a comma or \"]\" is expected here"},
		{head + "x = { \"a\": 1 }", "x.flow:3:7: a key is expected here"},
		{head + "When = 1", `x.flow:3:6: a value is expected here`},
		{head + "Finish { success: true }", "x.flow:3:8: Finish does not take a literal of a list or a map; give it to a variable, and finish with that"},
		{head + "Finish 3", "x.flow:3:8: Finish does not take a number or null"},
		{head + "When a is 1\nFinish true", `x.flow:3:1: "When" has no block; indent`},
		{head + "When a > 1\n  Finish true", "x.flow:3:8: the character \">\" has no meaning"},
		{head + "When a equals 1\n  Finish true", `x.flow:3:8: "is" is expected here, and not "equals"; compare with is or is not`},
		{head + "Finish true\n  Finish true", "x.flow:4:3: this line is indented, and nothing before it has a block"},
		{head + "When a is 1\n    Log 1\n  Log 2", "x.flow:5:3: this line stands in a column where no block began"},
		{head + "Otherwise\n  Log 1", "x.flow:3:1: there is nothing that this Otherwise belongs to"},
		{head + "Quit When a is 1", "x.flow:3:1: Quit is not in a loop"},
		{head + "Repeat 3\n  Log 1", `x.flow:3:9: "times max" is expected here`},
		{head + "RRF page", "x.flow:3:5: RRF needs the path of a template in quotes"},
		{head + "RRF \"p\" { a: 1 }", "x.flow:3:9: \"{\" is too much here; RRF takes a template"},
		{head + "Call a", "x.flow:3:7: Call needs the name of a method here, and not the end of the line"},
		{head + "Call a#b { x: 1 }", "x.flow:3:10: a map cannot be passed to Call as it is"},
		{head + "Trigger a [1]", "x.flow:3:11: a list cannot be passed to Trigger as it is"},
		{head + "Trigger a\n  Log 1", "x.flow:4:3: only \"Override templates\" can be indented below Trigger"},
		{head + "Trigger a\n  Override templates \"x\"", "x.flow:4:22: templates are overridden two by two"},
		{head + "x | E = 3", "x.flow:3:9: only Call and Trigger can give an error"},
		{head + "x[y.z] = 3", "x.flow:3:3: an index is a whole number or the name of a variable"},
		{head + "hello there", `x.flow:3:1: "hello" begins no statement`},
		{head + "Flow b", "x.flow:3:1: a file holds one flow"},
		{head + "Log é", "x.flow:3:5: \"é\" cannot begin a name"},
	} {
		_, errs := dsl.Parse("x.flow", c.text)
		if len(errs) == 0 || !strings.HasPrefix(errs[0].Error(), c.want) {
			t.Errorf("%q:\n got %v\nwant %s", c.text, errs, c.want)
			continue
		}
		if errs[0].Hint == "" {
			t.Errorf("%q: the error says nothing to do: %v", c.text, errs[0])
		}
	}
	_, errs := dsl.Parse("x.flow", head+"x = \nLog 1\nRRF 3\nFinish true")
	if len(errs) != 2 || errs[0].Line != 3 || errs[1].Line != 5 {
		t.Errorf("both are told: %v", errs)
	}
}

// FuzzParse: any text ends, with a tree or with errors whose places are in it.
func FuzzParse(f *testing.F) {
	f.Add(whole)
	f.Add("Flow a\n Basepath \"\"\nWhen a is b\n  Log 1\n Otherwise\n")
	f.Add(strings.Repeat("[", 500))
	f.Add("Flow a\n Basepath \"\"\n" + strings.Repeat("x = [", 60))
	f.Fuzz(func(t *testing.T, text string) {
		tree, errs := dsl.Parse("x", text)
		if (tree == nil) == (len(errs) == 0) || len(errs) > dsl.MaxErrors {
			t.Fatalf("neither a tree nor errors: %v %v", tree, errs)
		}
		lines := strings.Split(text, "\n")
		in := func(p dsl.Pos) bool {
			return p.Line >= 1 && p.Line <= len(lines) && p.Column >= 1 && p.Column <= len([]rune(lines[p.Line-1]))+1
		}
		for _, e := range errs {
			if !in(e.Pos) {
				t.Fatalf("%v is outside the text", e)
			}
		}
		if tree != nil {
			for _, s := range tree.Body {
				if !in(s.At()) {
					t.Fatalf("%+v is outside the text", s)
				}
			}
		}
	})
}
