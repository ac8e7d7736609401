package cli_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/projects"
)

// Every template is exported, signed and served; its login answers with its
// first page, and its subflows with none.
func TestEveryTemplateIsServed(t *testing.T) {
	t.Setenv("AUTHFLOW_SECRET_PARTNER_KEY", "a key of the partner")
	t.Setenv("AUTHFLOW_SECRET_INVITATION_KEY", "a shared key of at least 32 bytes")
	t.Setenv("AUTHFLOW_SECRET_SMS_KEY", "a key of the gateway")
	dir := t.TempDir()
	once(t, dir, "keys", "new", "my.key")
	templates, err := projects.Templates()
	if err != nil {
		t.Fatal(err)
	}
	for _, tpl := range templates {
		t.Run(tpl.Name, func(t *testing.T) {
			once(t, dir, "new", tpl.Name, "--template", tpl.Name)
			once(t, dir, "export", tpl.Name, "-o", tpl.Name+".afb", "--key", "my.key")
			if err := os.RemoveAll(filepath.Join(dir, tpl.Name, "flows")); err != nil { // the bundle is all it takes
				t.Fatal(err)
			}
			ready := program(t, dir, "serve", tpl.Name+".afb", "--trust", "my.key.pub", "--users", filepath.Join(tpl.Name, "world.yaml"), "--store", tpl.Name+".db", "--addr", "127.0.0.1:0", "--json")
			issuer := ready["issuer"].(string)
			p := newPerson(t, "http://127.0.0.1:53682/callback")
			res, page := p.read(p.client.Get(issuer + "/flows/" + tpl.Main))
			if res.StatusCode != 200 || !strings.Contains(page, "<form") || ticket.FindStringSubmatch(page) == nil {
				t.Errorf("%s answered %d\n%s", tpl.Main, res.StatusCode, page)
			}
			for _, inner := range []string{"sms_code", "token_claims", "rate_limit_ip"} {
				if res, page := p.read(p.client.Get(issuer + "/flows/" + inner)); res.StatusCode == http.StatusOK {
					t.Errorf("%s can be launched\n%s", inner, page)
				}
			}
		})
	}
}
