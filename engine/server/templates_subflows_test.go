package server_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/scenario/agent"
)

// noWay answers what the other browser sees at an address that launches nothing.
func noWay(r *rig, path string) *agent.Page {
	r.t.Helper()
	p, err := newRigAgent(r).Get(context.Background(), issuer+path)
	if err != nil {
		r.t.Fatal(err)
	}
	return p
}

// Scenario 21: password, then a code by SMS; "send it by mail" cancels into the
// mail flow, and the flow with the SMS code cannot be resumed.
func TestTemplateSubflowsCancelIntoMail(t *testing.T) {
	const phone = "+44 20 7946 0101"
	r := newRig(t, nil, fromTemplate(t, "subflows"))
	r.begin()
	r.signIn("ada", "analytical-engine")
	r.at("/fl/code_or_mail", 200)
	r.fill("", map[string]string{"code": r.code(phone)})
	if acr := r.acr(); acr != "aal2" || r.entered("by_mail") || r.code("ada@example.com") != "" {
		t.Errorf("by SMS: %v", acr)
	}
	r.agent.ForgetSession()
	r.tokens = nil
	r.begin()
	r.signIn("ada", "analytical-engine")
	sms, page := r.code(phone), r.page
	r.fill("_abort", nil)
	r.at("/fl/auth/otp", 200)
	if out := r.left("by_phone"); out["aborted"] != true || out["url"] != "code_or_mail" {
		t.Errorf("by_phone left with %v", out)
	}
	for _, never := range []string{"right", "confirmed", "failed", "not_confirmed"} { // scenario 22: those between run nothing more
		if r.entered(never) {
			t.Errorf("%s was run after the cancellation", never)
		}
	}
	mail := r.page
	r.page = page
	r.fill("", map[string]string{"code": sms})
	if strings.HasPrefix(r.page.URL, issuer+"/demo") || r.tokens != nil {
		t.Fatalf("the cancelled flow was resumed: %s", r.page.URL)
	}
	r.page = mail
	r.byMailCode()
	if acr := r.acr(); acr != "aal2" {
		t.Errorf("by mail: %v", acr)
	}
}

// Scenario 22: three flows deep each replaces the page of the one below; where
// the outermost does not, the one between does.
func TestTemplateSubflowsReplaceThePageTwice(t *testing.T) {
	r := newRig(t, nil, fromTemplate(t, "subflows"))
	r.open(issuer + "/flows/mfa_verify")
	r.fill("", map[string]string{"identifier": "ada", "password": "analytical-engine"})
	r.at("/fl/confirm/code", 200)
	if strings.Contains(r.page.HTML, "_abort") {
		t.Error("a way out that this flow does not have")
	}
	r.fill("", map[string]string{"code": r.code("+44 20 7946 0101")})
	if r.sessionCount() != 1 {
		t.Errorf("%d sessions at %s", r.sessionCount(), r.page.URL)
	}
}

// Scenario 25: a code flow with a user id is launched by nobody; were it not
// subflow-only and its answer an identity, the check would say so.
func TestTemplateSubflowsAreNotLaunched(t *testing.T) {
	r := newRig(t, nil, fromTemplate(t, "subflows"))
	for _, slug := range []string{"sms_code", "mail_code", "confirm"} {
		if p := noWay(r, "/flows/"+slug+"?user_id=usr_ada"); p.Status == http.StatusOK || len(p.Forms) > 0 {
			t.Errorf("%s: %d\n%s", slug, p.Status, p.HTML)
		}
	}
	if mails, err := r.Outbox(context.Background()); err != nil || len(mails) != 0 {
		t.Errorf("%d messages, %v", len(mails), err)
	}
	files := fstest.MapFS{}
	fromTemplate(t, "subflows", func(files fstest.MapFS) {
		f := files[flow.FlowPath("mail_code")]
		text := strings.Replace(string(f.Data), `"subflow_only": true,`, "", 1)
		f.Data = []byte(strings.Replace(text, `"type": "finish",`, `"type": "finish", "config": {"identity": true},`, 1))
	})(files)
	p, problems := flow.Load(files)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	warned := false
	for _, pr := range (&check.Checker{Catalogue: catalogue.All()}).Project(context.Background(), p, nil) {
		warned = warned || pr.Code == "weak_identity" && pr.Flow == "mail_code"
	}
	if !warned {
		t.Error("the check says nothing of a code flow that anybody can launch")
	}
}
