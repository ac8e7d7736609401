package web_test

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/web"
)

func previewed(t *testing.T, files map[string]string) *flow.Project {
	t.Helper()
	texts := map[string][]byte{flow.SettingsFile: []byte(`{"format":1,"name":"Acme","version":"1"}`)}
	for name, text := range files {
		texts[name] = []byte(text)
	}
	p, problems := flow.Parse(texts)
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	return p
}

// Each page that comes along is previewed with values that fit it: with words
// where its words belong, in each language, and as after a wrong answer.
func TestEveryBuiltinPageIsPreviewedWithFittingValues(t *testing.T) {
	p := previewed(t, nil)
	key := regexp.MustCompile(`>\s*(page|button|field|error)\.[a-z_.]+\s*<`)
	for _, path := range web.BuiltinPages() {
		for _, locale := range []string{"", "de"} {
			for _, failed := range []bool{false, true} {
				shown, err := web.Preview{Project: p, Catalogue: catalogue.All(), Path: path, Locale: locale, Failed: failed}.Show(context.Background())
				if err != nil {
					t.Errorf("%s: %v", path, err)
					continue
				}
				if title := regexp.MustCompile(`<h1>([^<]*)</h1>`).FindStringSubmatch(shown.HTML); title == nil || len(title[1]) < 4 {
					t.Errorf("%s has the title %v", path, title)
				}
				if left := key.FindString(shown.HTML); left != "" {
					t.Errorf("%s in %q: a text is missing: %s", path, locale, left)
				}
				if strings.Contains(shown.HTML, "ZgotmplZ") || strings.Contains(shown.HTML, "no value") || !strings.Contains(shown.HTML, "<style>") {
					t.Errorf("%s is shown as %s", path, shown.HTML)
				}
			}
		}
	}
}

const asksTerms = `{"format":1,"name":"Login","trigger":"login","enabled":true,"start":"terms","blocks":{
"terms":{"type":"page","stage":"pre_login","config":{"template":"terms.html","title":"Terms for {{ event.user.name }}","model":{"plan":"{{ step.plan.value }}"},"fields":[{"name":"agree","type":"checkbox","label":"I agree","required":true}]},"next":{"submitted":"in"}},
"in":{"type":"issue_session","stage":"post_login"}}}`

func TestAPageIsPreviewedAsItsBlockShowsIt(t *testing.T) {
	p := previewed(t, map[string]string{"flows/login.json": asksTerms, "pages/terms.html": `{{define "content"}}<h1>{{.Title}}</h1><p>{{.Model.plan}}</p>{{template "form" .}}{{end}}{{template "layout" .}}`})
	by := web.Shows(p, catalogue.All(), "terms.html")
	if len(by) != 1 || by[0] != (web.ShownBy{Flow: "login", Block: "terms", Type: "page"}) {
		t.Fatalf("shown by %v", by)
	}
	v := web.Preview{Project: p, Catalogue: catalogue.All(), Path: "terms.html", By: by[0],
		View: block.View{Event: map[string]any{"user": map[string]any{"name": "Ada"}}, Step: map[string]any{"plan": map[string]any{"value": "gold"}}}}
	shown, err := v.Show(t.Context())
	if err != nil || len(shown.Notes) > 0 {
		t.Fatal(err, shown.Notes)
	}
	for _, want := range []string{"<h1>Terms for Ada</h1>", "<p>gold</p>", `type="checkbox" name="agree"`, "I agree", "Acme"} {
		if !strings.Contains(shown.HTML, want) {
			t.Errorf("it does not hold %s", want)
		}
	}
	v.Failed = true
	if shown, _ = v.Show(t.Context()); !strings.Contains(shown.HTML, "Please fill this in.") {
		t.Error("nothing is marked as missing")
	}
	v.View.Step = nil
	if shown, err = v.Show(t.Context()); err != nil || len(shown.Notes) != 1 || !strings.Contains(shown.Notes[0], "settings of terms") {
		t.Errorf("%v, %v", shown.Notes, err)
	}
	p.Pages["terms.html"] = `{{define "content"}}{{.Nothing}}{{end}}{{template "layout" .}}`
	p.Digest = "other"
	if _, err = v.Show(t.Context()); err == nil || !strings.Contains(err.Error(), "terms.html") {
		t.Errorf("a template that cannot be shown: %v", err)
	}
}
