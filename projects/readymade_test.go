package projects_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/authflow-studio/authflow/projects"
)

// What a template takes from the ready-made is the same text.
func TestTemplatesTakeTheReadyMadeAsItIs(t *testing.T) {
	for ready, in := range map[string]string{
		"decorate_token.ts":       "token-enrichment/actions",
		"tier_from_invitation.ts": "token-enrichment/actions",
		"account_tag.ts":          "token-enrichment/actions",
		"rate_limit_ip.json":      "registration-guard/flows",
	} {
		want, err := os.ReadFile(filepath.Join("readymade", ready))
		have, herr := os.ReadFile(filepath.Join("templates", filepath.FromSlash(in), ready))
		if err != nil || herr != nil || !bytes.Equal(want, have) {
			t.Errorf("%s of %s is not the ready-made one: %v %v", ready, in, err, herr)
		}
	}
}

func TestReadyMadeIsTakenIntoAProject(t *testing.T) {
	all, err := projects.ReadyMade()
	if err != nil {
		t.Fatal(err)
	}
	p, err := projects.Create(filepath.Join(t.TempDir(), "new"), projects.DefaultTemplate, "")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for _, r := range all {
		if r.Title == "" || r.Summary == "" {
			t.Errorf("%s does not say what it is", r.Name)
		}
		file, err := p.AddReady(r.Name, "mine_"+r.Name)
		if err != nil {
			t.Error(err)
			continue
		}
		if _, err := os.Stat(filepath.Join(p.Dir(), filepath.FromSlash(file))); err != nil {
			t.Error(err)
		}
		if _, err := p.AddReady(r.Name, "mine_"+r.Name); !errors.Is(err, projects.ErrExists) {
			t.Errorf("%s was written over: %v", file, err)
		}
	}
	if _, problems := p.Load(); len(problems) > 0 {
		t.Error(problems)
	}
	for _, bad := range [][2]string{{"nothing", ""}, {"../templates/starter/authflow", ""}, {"rate_limit_ip", "../x"}, {"webhook", "../../x"}} {
		if _, err := p.AddReady(bad[0], bad[1]); err == nil {
			t.Errorf("%v was taken", bad)
		}
	}
}
