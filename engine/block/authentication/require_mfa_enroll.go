package authentication

import (
	"slices"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
)

// RequireMFAEnroll asks the person to enrol a second factor now.
type RequireMFAEnroll struct{}

// enrollButton begins the names of the buttons that pick what is enrolled.
const enrollButton = "enroll_"

// Describe answers the descriptor.
func (RequireMFAEnroll) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "require_mfa_enroll", Family: "authentication", Title: "Enroll second factor", Icon: "qr-code",
		Summary: "Asks to enrol a second factor now, and shows recovery codes once",
		Help: "An authenticator app by QR code, a passkey, a phone by a code to it, the mail address by a code to it, or new recovery codes. A factor counts when it has been used once; the person has then proven that they have it. " +
			"With the first factor ten recovery codes are shown once; new ones end the old.",
		Synonyms: []string{"mfa", "2fa", "totp", "authenticator", "qr", "enrol", "passkey", "phone", "recovery codes", "backup codes"},
		Asks:     true,
		Fields: []block.Field{
			{Name: "factors", Title: "Factors", Kind: block.Choices, Default: []any{TOTP}, Help: "What may be enrolled; with several the person chooses.", Options: factorOptions},
			{Name: "allow_skip", Title: "May be skipped", Kind: block.Boolean, Default: false},
			{Name: "recovery_codes", Title: "Show recovery codes", Kind: block.Boolean, Default: true, Help: "To who has none yet, after the factor."},
			endSessionsField,
			{Name: "max_age", Title: "Signed in at most", Kind: block.Length, Default: "15m", Help: "How long ago the person may have proven who they are, when the block begins; longer ago, it fails. Ask again before it."},
			{Name: "template", Title: "Page of the app", Kind: block.Page, Default: "mfa/enroll_totp.html", Help: "The page with the QR code."},
		},
		Outputs: []block.Output{
			{Name: "enrolled", Type: "boolean", Help: "Whether a factor was enrolled"},
			{Name: "factor", Type: "string", Help: "Which one"},
		},
		Ports: []block.Port{{ID: "ok", Title: "ok", Tone: "good"}, {ID: "skipped", Title: "skipped", Tone: "warn"}},
		Needs: []string{block.FactUser, block.FactVerified}, Gives: map[string][]string{"ok": {block.FactVerified}},
		Proves: map[string][]string{"ok": {block.ProvesPossession}}, Says: map[string]map[string]any{"ok": {"enrolled": true}, "skipped": {"enrolled": false}},
		Changes: []string{"user"}, Certain: usesWhatItEnrolls,
		Effects: []string{block.VerifiesFactor, block.WritesUser, block.SendsMessage},
	}
}

// usesWhatItEnrolls reports whether every factor is used once: recovery codes are
// drawn and shown only.
func usesWhatItEnrolls(config map[string]any) bool {
	factors, _ := config["factors"].([]any)
	return !slices.Contains(factors, any(Recovery))
}

// enrolling is one call of the block.
type enrolling struct {
	*block.Call
	userID  string
	factors []string
}

// Run goes from the choice of a factor to its first use, and to the codes.
func (RequireMFAEnroll) Run(c *block.Call) (block.Result, error) {
	e := enrolling{Call: c, userID: c.EventText("user.id")}
	if !proven(c, e.userID) {
		return block.Result{}, block.Fail("not_authenticated", "a factor was to be enrolled though nobody has proven who they are").Hinted("put it after a password check")
	}
	for _, f := range c.Strings("factors") {
		if f != EmailCode || c.EventText("user.email") != "" {
			e.factors = append(e.factors, f)
		}
	}
	if len(e.factors) == 0 {
		return block.Result{}, block.Fail("nothing_to_enroll", "none of the factors can be enrolled by this person").In("factors").Hinted("allow an authenticator app or a passkey as well")
	}
	if c.Resumed() {
		return e.submitted()
	}
	if err := e.fresh(); err != nil {
		return block.Result{}, err
	}
	if len(e.factors) > 1 {
		return e.choose(), nil
	}
	return e.begin(e.factors[0])
}

// fresh fails when the person has proven who they are too long ago: whoever
// finds a browser open is not to add a factor of their own.
func (e enrolling) fresh() error {
	most, err := e.Duration("max_age")
	if err != nil || most == 0 {
		return err
	}
	now, err := e.Now()
	if err == nil && now.Sub(time.UnixMilli(e.Call.Subject.AuthTime())) > most {
		return block.Fail("reauthenticate", "the person has proven who they are more than %s ago", most).In("max_age").Hinted("put a session check with a greatest age, and a password check for who does not satisfy it, before this block")
	}
	return err
}

func (e enrolling) submitted() (block.Result, error) {
	doing := e.RecallText("doing")
	wanted := strings.TrimPrefix(e.Button, enrollButton)
	switch {
	case doing == "codes":
		return e.codesKept()
	case e.Button == "skip" && e.Bool("allow_skip"):
		return block.Go("skipped", map[string]any{"enrolled": false, "factor": ""}), nil
	case wanted != e.Button && slices.Contains(e.factors, wanted):
		return e.begin(wanted)
	case doing == "", e.Button == "other" && len(e.factors) > 1:
		e.Remember("doing", "")
		return e.choose(), nil
	case doing == TOTP:
		return e.confirmApp()
	case doing == Passkey:
		return e.confirmPasskey()
	case e.Button == "resend":
		return e.sendCode(doing, e.RecallText("to"))
	case doing == SMSCode && e.RecallText("code_id") == "":
		return e.numberTyped()
	}
	return e.confirmCode(doing)
}

func (e enrolling) choose() block.Result {
	p := e.page("mfa/enroll_choose.html", "page.mfa_enroll_choose", "")
	p.Buttons = nil
	labels := map[string]any{}
	for _, o := range factorOptions {
		if slices.Contains(e.factors, o.Value) {
			p.Buttons, labels[enrollButton+o.Value] = append(p.Buttons, enrollButton+o.Value), "button."+enrollButton+o.Value
		}
	}
	p.Model["button_labels"] = labels
	return block.Ask(e.skippable(p))
}

// page begins a page of this block, with the ways out of it.
func (e enrolling) page(template, texts, problem string) block.PageRequest {
	p := block.PageRequest{Template: template, Error: problem,
		Model: map[string]any{"title": texts + ".title", "intro": texts + ".intro", "submit": "button.verify"}}
	if len(e.factors) > 1 {
		p.Buttons = append(p.Buttons, "other")
	}
	return p
}

func (e enrolling) skippable(p block.PageRequest) block.PageRequest {
	if e.Bool("allow_skip") {
		p.Buttons = append(p.Buttons, "skip")
	}
	return p
}

func (e enrolling) begin(factor string) (block.Result, error) {
	e.Remember("doing", factor)
	e.Remember("code_id", "")
	switch factor {
	case Passkey:
		made, err := beginCeremony(e.Call, e.ceremonySpec())
		e.Remember("ceremony", made.ID)
		return e.passkey(made, ""), err
	case SMSCode:
		return e.number(""), nil
	case EmailCode:
		return e.sendCode(EmailCode, e.EventText("user.email"))
	case Recovery:
		return e.showCodes(Recovery)
	}
	id, err := block.Effect(e.Call, "totp.begin", map[string]any{"user_id": e.userID}, func(env *block.Env) (string, error) {
		return env.Directory.BeginTOTP(e.Ctx, e.userID, env.Project.Settings.Name)
	})
	e.Remember("pending", id)
	return e.app(""), err
}

func (e enrolling) app(problem string) block.Result {
	template, _ := e.Text("template")
	p := e.page(template, "page.mfa_enroll", problem)
	p.Reveal = e.RecallText("pending")
	p.Fields = []block.PageField{{Name: "code", Type: "code", Label: "field.code", Required: true}}
	return block.Ask(e.skippable(p))
}

// confirmApp takes the first code of the app.
func (e enrolling) confirmApp() (block.Result, error) {
	code, _ := e.Secret("code")
	e.DropSecret("code")
	pending := e.RecallText("pending")
	user, err := block.Effect(e.Call, "totp.confirm", map[string]any{"user_id": e.userID, "pending": pending}, func(env *block.Env) (map[string]any, error) {
		ok, err := env.Directory.ConfirmTOTP(e.Ctx, pending, e.userID, code)
		if err != nil || !ok {
			return nil, err
		}
		return e.added(env, TOTP)
	})
	if err != nil {
		return block.Result{}, err
	}
	if user == nil {
		return e.app("error.wrong_code"), nil
	}
	return e.enrolled(TOTP, user)
}

func (e enrolling) ceremonySpec() directory.CeremonySpec {
	return directory.CeremonySpec{Kind: directory.RegisterPasskey, UserID: e.userID, UserVerification: directory.VerifyUserPreferred}
}

func (e enrolling) passkey(made ceremony, problem string) block.Result {
	p := passkeyPage("mfa/enroll_webauthn.html", "page.passkey_new", directory.RegisterPasskey, made, problem)
	p.Fields = append(p.Fields, passkeyName)
	if len(e.factors) > 1 {
		p.Buttons = append(p.Buttons, "other")
	}
	return block.Ask(e.skippable(p))
}

func (e enrolling) confirmPasskey() (block.Result, error) {
	done, err := finishCeremony(e.Call, e.RecallText("ceremony"), e.ceremonySpec())
	if err != nil {
		return block.Result{}, err
	}
	if done.Problem != "" {
		e.Remember("ceremony", done.Next.ID)
		return e.passkey(done.Next, passkeyProblem(done.Problem)), nil
	}
	if err := done.accept(e.Call); err != nil {
		return block.Result{}, err
	}
	return e.afterwards(Passkey)
}
