package server_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/authflow-studio/authflow/engine/block"
)

// sent answers the messages as they would leave.
func (r *rig) sent() []block.Outgoing {
	r.t.Helper()
	entries, err := r.Store().List(context.Background(), block.OutboxBucket, "", "", 0)
	if err != nil {
		r.t.Fatal(err)
	}
	var out []block.Outgoing
	for _, e := range entries {
		var m block.Outgoing
		if err := json.Unmarshal(e.Value, &m); err != nil {
			r.t.Fatal(err)
		}
		out = append(out, m)
	}
	return out
}

// N10: a message is written in the language of the person, not in the server's.
func TestN10_MessagesAreInThePersonsLanguage(t *testing.T) {
	r := newRig(t, nil, byCode("email"))
	for locale, subject := range map[string]string{"de": "Ihr Code", "fr de": "Ihr Code", "en": "Your code", "": "Your code"} {
		if err := r.ClearOutbox(context.Background()); err != nil {
			t.Fatal(err)
		}
		r.Clock.Advance(11 * time.Minute) // past the limit of messages
		r.open(r.DemoURL() + "/login?prompt=login&ui_locales=" + strings.ReplaceAll(locale, " ", "%20"))
		r.fill("", map[string]string{"identifier": "ada"})
		m := r.sent()[0]
		if m.Subject != subject || !strings.Contains(m.HTML, m.Secrets["code"]) || !strings.Contains(m.Text, m.Secrets["code"]) {
			t.Errorf("%q: %q\n%s", locale, m.Subject, m.HTML)
		}
		if lang := strings.Contains(m.HTML, `lang="de"`); lang != (subject == "Ihr Code") {
			t.Errorf("%q: the mail says another language\n%s", locale, m.HTML)
		}
	}
}

// A project has words and templates of its own; what people typed is no markup.
func TestMessagesByTheProjectsOwnTemplates(t *testing.T) {
	r := newRig(t, nil, func(files fstest.MapFS) {
		files["pages/mail/code.html"] = &fstest.MapFile{Data: []byte(`<p lang="{{.Locale}}">{{.User.name}}: <b>{{.Code}}</b>, {{.Minutes}} min, {{label "button.sign_in"}}</p>`)}
		files["pages/mail/code.txt"] = &fstest.MapFile{Data: []byte(`{{.User.name}} & {{.Code}}`)}
		files["labels/en.json"] = &fstest.MapFile{Data: []byte(`{"email.code.subject": "{code} for {project}", "button.sign_in": "Enter"}`)}
		files["world.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(string(files["world.yaml"].Data), "name: Ada Lovelace", `name: "Ada <i>L</i>"`, 1))}
		files["flows/login.json"] = loginFlow(`
			"send": {"type": "channel_otp_send", "stage": "post_auth", "config": {"template": "mail/code.html", "length": 8}, "next": {"sent": "code"}},
			"code": {"type": "channel_otp_verify", "stage": "post_auth", "config": {"code_id": "{{ step.send.code_id }}"}, "next": {"ok": "session", "failed": "no", "expired": "late", "resend": "send"}}`)
	})
	r.identify("ada")
	m := r.sent()[0]
	code := m.Secrets["code"]
	if len(code) != 8 || m.Subject != code+" for Starter" || m.Text != "Ada <i>L</i> & "+code {
		t.Errorf("subject %q, text %q", m.Subject, m.Text)
	}
	if want := `<p lang="en">Ada &lt;i&gt;L&lt;/i&gt;: <b>` + code + `</b>, 10 min, Enter</p>`; m.HTML != want {
		t.Errorf("HTML %q, want %q", m.HTML, want)
	}
}

// A phone number is verified by its code, an address by its link; each is the
// account's own then.
func TestAddressesAreVerifiedByPhoneAndLink(t *testing.T) {
	verify := func(channel, link string) func(fstest.MapFS) {
		return func(files fstest.MapFS) {
			files["world.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(string(files["world.yaml"].Data), "username: alan\n", "username: alan\n    phone: \"+442079460102\"\n", 1))}
			files["flows/login.json"] = loginFlow(`
				"send": {"type": "password_check", "stage": "pre_login", "config": {"identifier": "{{ step.who.fields.identifier }}"}, "next": {"ok": "prove", "failed": "no"}},
				"prove": {"type": "verification_send", "stage": "post_auth", "config": {"channel": "` + channel + `", "link": ` + link + `}, "next": {"next": "check"}},
				"check": {"type": "verification_check", "stage": "post_auth", "config": {"code_id": "{{ step.prove.code_id }}", "channel": "` + channel + `"}, "next": {"ok": "session", "failed": "no", "expired": "late"}}`)
		}
	}
	begin := func(r *rig) {
		r.identify("alan")
		r.fill("", map[string]string{"password": "enigma-machine"})
		r.at("/fl/auth/verify", 200)
	}
	r := newRig(t, nil, verify("sms", "false"))
	begin(r)
	r.fill("", map[string]string{"code": "00000000"})
	r.fill("", map[string]string{"code": r.code("+442079460102")})
	r.at("/demo/callback", 200)
	if acr := r.tokens.Tokens[0].Claims["acr"]; acr != "aal2" {
		t.Errorf("acr %v", acr)
	}
	r.verified("alan", false, true)

	r = newRig(t, nil, verify("email", "true"))
	begin(r)
	r.open(r.link())
	r.fill("", nil)
	r.at("/demo/callback", 200)
	r.verified("alan", true, false)
}

func (r *rig) verified(name string, mail, phone bool) {
	r.t.Helper()
	for _, u := range r.controlled("/users")["users"].([]any) {
		u := u.(map[string]any)
		gotMail, _ := u["email_verified"].(bool)
		gotPhone, _ := u["phone_verified"].(bool)
		if u["username"] == name && (gotMail != mail || gotPhone != phone) {
			r.t.Errorf("mail verified: %v, phone verified: %v", gotMail, gotPhone)
		}
	}
}
