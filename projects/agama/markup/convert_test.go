package markup_test

import (
	"bytes"
	"html/template"
	"path"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/projects/agama/markup"
)

// files are those beside a template.
type files map[string]string

func (f files) Template(from, name string) (string, string, bool) {
	at := path.Join(path.Dir(from), name)
	text, ok := f[at]
	return at, text, ok
}

func (f files) Asset(from, name string) ([]byte, bool) {
	text, ok := f[path.Join(path.Dir(from), name)]
	return []byte(text), ok
}

// shown renders a page in a layout that is nothing but its content.
func shown(t testing.TB, p markup.Page, model map[string]any) string {
	t.Helper()
	page, err := template.New("layout").Funcs(template.FuncMap{"label": func(key string) string { return "<" + key + ">" }}).Parse(`{{template "content" .}}`)
	if err == nil {
		page, err = page.New("page").Parse(p.Text)
	}
	if err != nil {
		t.Fatalf("%v in\n%s", err, p.Text)
	}
	var out bytes.Buffer
	if err := page.Execute(&out, map[string]any{"Model": model, "Title": "T", "Intro": "I", "Action": "/fl/x", "Locale": "en"}); err != nil {
		t.Fatalf("%v in\n%s", err, p.Text)
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

func TestConvert_ShowsWhatTheSourceShows(t *testing.T) {
	model := map[string]any{"name": "Zoë <b>", "none": nil, "zero": 0.0, "no": false, "yes": true, "list": []any{"a", "b"}, "deep": map[string]any{"x": map[string]any{"y": "z"}, "odd-key": 1}, "rows": []any{map[string]any{"id": "n1"}}, "by": map[string]any{"k1": "v1"}}
	for source, want := range map[string]string{
		`Hi ${name}!`: "Hi Zoë &lt;b&gt;!",
		`${name?html} ${deep.x.y} ${deep["odd-key"]}`:                                                                        "Zoë &lt;b&gt; z 1",
		`[${none!}] [${none!"d"}] [${gone.there!'e'}] [${zero!"d"}] [${(deep.x.y)!"q"}]`:                                     "[] [d] [e] [0] [z]",
		`<#if name??>a<#else>b</#if><#if none??>a<#else>b</#if><#if deep.gone.far??>a<#else>b</#if>`:                         "abb",
		`<#if no!true>a<#else>b</#if><#if none!true>a<#else>b</#if>`:                                                         "ba",
		`<#if name == "x">a<#elseif deep.x.y = 'z'>b<#else>c</#if>`:                                                          "b",
		`<#if !(yes && no) || none??>a</#if><#if yes?? && zero != 1>b</#if><#if no == false>c</#if><#if yes == true>d</#if>`: "abcd",
		`<#list list as l>(${l})</#list><#list rows as r>${r.id}<#list list as l>${l}${r.id}</#list></#list>`:                "(a)(b)n1an1bn1",
		`<#list by as k, v>${k}=${v}</#list>`:                                                                                "k1=v1",
		`[#ftl output_format="HTML"][#if list?has_content]${list?size} ${list[1]}[/#if]`:                                     "2 b",
		`<#assign x = "q">${x}<#if yes><#assign x = name></#if>${x}`:                                                         "qZoë &lt;b&gt;",
		`${"a" + name + "b"}`: "aZoë &lt;b&gt;b",
		`${labels("k.one")} ${msgs["k.two"]} ${msgs.three} ${webCtx.contextPath}.`:            "&lt;k.one&gt; &lt;k.two&gt; &lt;three&gt; .",
		`<#-- ${secret} -->a<!-- b -->c`:                                                      "ac",
		`{{ not ours }} <#noparse>x</#noparse>`:                                               "{{ not ours }} x",
		`<#macro m a b="B"><i>${a}${b}<#nested></i></#macro><@m a="1">x</@m><@m "2" b=name/>`: "<i>1Bx</i><i>2Zoë &lt;b&gt;</i>",
		`<#include "part.ftlh"><#import "lib.ftlh" as l><@l.frame>in ${name}</@l.frame>`:      "part Zoë &lt;b&gt;<u>in Zoë &lt;b&gt;</u>",
		`${title} <input value="${name}" name=n>`:                                             `T <input value="Zoë &lt;b&gt;" name="n">`,
	} {
		p := markup.Convert("dir/it.ftlh", source, files{"dir/part.ftlh": "part ${name}", "dir/lib.ftlh": "<#macro frame><u><#nested></u></#macro>"})
		if got := shown(t, p, model); got != want {
			t.Errorf("%s\n got %s\nwant %s\n%s", source, got, want, p.Text)
		}
		if len(p.Trouble) > 0 {
			t.Errorf("%s: %v", source, p.Trouble)
		}
	}
}

// What cannot be carried over is said with its line, and leaves a mark; nothing
// is shown in its place.
func TestConvert_SaysWhatItLeavesOut(t *testing.T) {
	for source, want := range map[string]string{
		"\n${name?upper_case}":                              "2 name?upper_case is not carried over: ?upper_case has no counterpart here",
		"${a.b()}":                                          "1 a.b() is not carried over: a call of a method has no counterpart here",
		"${1 - a}":                                          "1 1 - a is not carried over: arithmetic",
		"<#if a gt 3>x</#if>":                               "1 a gt 3 is not carried over: the comparison gt",
		"<#switch a><#case 1>x</#switch>":                   "1 The directive #switch is not carried over",
		"<@other.thing/>":                                   "1 The macro @other.thing is not in the archive",
		"<#include \"gone.ftlh\">":                          "1 The part gone.ftlh is not in the archive",
		"a\n\n<script src=x.js></script>":                   "3 The script x.js was left out",
		"<a onclick='x()'>y</a>":                            "1 onclick of <a> was left out, a script",
		"<a href='javascript:x()'>y</a>":                    "1 href of <a> was left out, a script",
		"<img src=https://else.example/a.png>":              "1 The image https://else.example/a.png was left out: pages take in nothing from other sites",
		"<link rel=stylesheet href=gone.css>":               "1 The style sheet gone.css was left out: it is not in the archive",
		"<iframe src=x></iframe>":                           "1 The element iframe was left out",
		"<form action='https://else.example/'></form>":      "1 A form that posts to https://else.example/ posts back to its own page here",
		"<form method=post><input type=file name=f></form>": "1 The field f was left out: files cannot be sent",
		"<form method=post><input name='${a}'></form>":      "1 A field whose name is worked out",
		"<form method=post><input name='_ticket'></form>":   "1 The field _ticket was taken out of the form",
	} {
		p := markup.Convert("it.ftlh", source, files{})
		if len(p.Trouble) == 0 || !strings.HasPrefix(string(rune('0'+p.Trouble[0].Line))+" "+p.Trouble[0].What, want) {
			t.Errorf("%s\n got %+v\nwant %s", source, p.Trouble, want)
		}
		if out := shown(t, p, map[string]any{}); strings.Contains(out, "javascript:") || strings.Contains(out, "<script") || strings.Contains(out, "else.example") && !strings.Contains(out, "not imported") {
			t.Errorf("%s shows %s", source, out)
		}
	}
}

func TestConvert_FindsFields(t *testing.T) {
	p := markup.Convert("it.ftlh", `<form method="GET" enctype="multipart/form-data"><input name="userName" required pattern="[a-z]+"><input type=password name=pwd>
<input type="email" name="mail"><select name="kind"><option>a</select><textarea name="words"></textarea><input type=checkbox name=ok>
<input type=radio name=r value=1><input type=radio name=r value=2><button name="go" value="1">Go</button><button type=button name=no>No</button><input type="submit" name="send"><button name="_abort">Stop</button></form>`, files{})
	var got []string
	for _, f := range p.Fields {
		got = append(got, f.Name+":"+f.Type)
	}
	want := "user_name:text pwd:password mail:email kind:text words:text ok:checkbox r:text go:text no:text send:text"
	if strings.Join(got, " ") != want || !p.Aborts || !p.Fields[0].Required || p.Fields[0].Pattern != "[a-z]+" {
		t.Errorf("fields: %s\nwant    %s\n%+v", strings.Join(got, " "), want, p)
	}
	if out := shown(t, p, nil); !strings.Contains(out, `<form method="post" action="/fl/x">`) || !strings.Contains(out, `name="user_name"`) || strings.Contains(out, "multipart") {
		t.Errorf("form: %s", out)
	}
}

// FuzzConvert: any template ends as a page that Go reads and shows without
// scripts.
func FuzzConvert(f *testing.F) {
	f.Add(`<#macro m a><@m a/><#nested></#macro><@m>${x}</@m>`)
	f.Add(`[#if a][#list b as c]${c!"d"}[/#list][#else]<form><input name="x" value='${y}'></form>[/#if]`)
	f.Add(`<style>a{b:url(c)}</style><body><#assign x="}}{{">${x}</body>`)
	f.Add(`<#include "it.ftlh">`)
	f.Fuzz(func(t *testing.T, source string) {
		p := markup.Convert("it.ftlh", source, files{"it.ftlh": source})
		for _, trouble := range p.Trouble {
			if trouble.What == "" || trouble.Line > strings.Count(source, "\n")+1 {
				t.Fatalf("%+v", trouble)
			}
		}
		if strings.Contains(strings.ToLower(p.Text), "<script") {
			t.Fatalf("a script: %s", p.Text)
		}
		if len(p.Text) > 2<<20 {
			t.Fatalf("%d bytes of %d", len(p.Text), len(source))
		}
	})
}

// A template that takes itself in, again and again, comes to an end.
func TestConvert_Circles(t *testing.T) {
	for _, source := range []string{strings.Repeat(`<#include "it.ftlh">`, 200), strings.Repeat(`<#import "it.ftlh" as a>`, 200), "<#macro m>" + strings.Repeat("<@m/>", 200) + "</#macro><@m/>"} {
		p := markup.Convert("it.ftlh", source, files{"it.ftlh": source})
		if len(p.Text) > 2<<20 {
			t.Errorf("%.30s: %d bytes", source, len(p.Text))
		}
	}
}
