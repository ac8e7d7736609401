package authentication

import (
	"slices"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
)

// This file is the asking for a second factor: which, the page for it, and what
// comes of an answer.

// secondFactor is one call of a block that asks for a factor.
type secondFactor struct {
	*block.Call
	want   []string
	days   int // for which a device may be remembered
	userID string
	usable []string
}

func (s secondFactor) run() (block.Result, error) {
	s.userID = s.EventText("user.id")
	if s.userID == "" {
		return block.Result{}, block.Fail("no_user", "the second factor was asked for before anybody was found").Hinted("put it after an identity lookup and a password check")
	}
	known, err := s.facts()
	if err != nil {
		return block.Result{}, err
	}
	s.usable = known.Usable
	switch {
	case known.Remembered && !s.Resumed():
		return block.Go("ok", s.outputs(false, Remembered)), nil
	case len(s.usable) == 0:
		return block.Go("not_enrolled", s.outputs(false, "")), nil
	case known.Locked:
		return block.Go("failed", s.outputs(false, "")), nil
	case s.Resumed():
		return s.submitted()
	case len(s.usable) > 1:
		return s.choose(), nil
	}
	return s.challenge(s.usable[0])
}

func (s secondFactor) outputs(verified bool, factor string) map[string]any {
	return map[string]any{"verified": verified, "factor": factor, "attempts": s.RecallInt("attempts")}
}

func (s secondFactor) submitted() (block.Result, error) {
	if slices.Contains(s.usable, s.Button) {
		return s.challenge(s.Button)
	}
	factor := s.RecallText("factor")
	switch {
	case factor == "":
		return s.choose(), nil
	case s.Button == "other" && len(s.usable) > 1:
		s.Remember("factor", "")
		return s.choose(), nil
	case s.Button == "resend" && sendsCode(factor):
		return s.challenge(factor)
	}
	return s.answered(factor)
}

// answered verifies what was sent for a factor.
func (s secondFactor) answered(factor string) (block.Result, error) {
	s.Remember("attempts", s.RecallInt("attempts")+1)
	check := s.checkCode
	if factor == Passkey {
		check = s.checkPasskey
	}
	v, err := check(factor)
	if err != nil {
		return block.Result{}, err
	}
	switch {
	case v.ok():
		if err := s.spare(); err != nil {
			return block.Result{}, err
		}
		return block.Go("ok", s.outputs(true, factor)), nil
	case s.RecallInt("attempts") >= s.Int("max_attempts"), v.Result == string(directory.OTPExhausted), v.Locked:
		return block.Go("failed", s.outputs(false, factor)), nil
	case v.Result == string(directory.OTPExpired):
		return s.page(factor, v.Next, "error.code_expired"), nil
	case factor == Passkey:
		return s.page(factor, v.Next, passkeyProblem(v.Result)), nil
	}
	return s.page(factor, ceremony{}, "error.wrong_code"), nil
}

func (s secondFactor) choose() block.Result {
	var buttons []string
	for _, o := range factorOptions {
		if slices.Contains(s.usable, o.Value) {
			buttons = append(buttons, o.Value)
		}
	}
	return block.Ask(block.PageRequest{Template: "mfa/choose.html", Buttons: buttons,
		Model: map[string]any{"title": "page.mfa_choose.title", "intro": "page.mfa_choose.intro"}})
}

// challenge begins with a factor: a code is sent, a challenge drawn now.
func (s secondFactor) challenge(factor string) (block.Result, error) {
	s.Remember("factor", factor)
	switch {
	case factor == Passkey:
		made, err := beginCeremony(s.Call, s.ceremonySpec())
		s.Remember("ceremony", made.ID)
		return s.page(factor, made, ""), err
	case sendsCode(factor):
		sent, err := block.SendCode(s.Call, block.CodeSpec{Purpose: "mfa", Channel: channelOf(factor), Label: "code", Length: codeLength, TTL: codeLife, VerifiedOnly: true})
		if err != nil {
			return block.Result{}, err
		}
		s.Remember("to", sent.Masked)
		if !sent.Sent { // the last code stays good
			return s.page(factor, ceremony{}, "error.too_many_codes"), nil
		}
		s.Remember("code_id", sent.ID)
	}
	return s.page(factor, ceremony{}, ""), nil
}

func (s secondFactor) page(factor string, made ceremony, problem string) block.Result {
	template, texts := "mfa/"+factor+".html", "page.mfa_"+factor
	p := block.PageRequest{Template: template, Error: problem,
		Model:  map[string]any{"title": texts + ".title", "intro": texts + ".intro", "submit": "button.verify"},
		Fields: []block.PageField{{Name: "code", Type: "code", Label: "field.code", Required: true}}}
	switch {
	case factor == Passkey:
		p = passkeyPage(template, texts, directory.AssertPasskey, made, problem)
	case factor == Recovery:
		p.Fields = []block.PageField{{Name: "code", Type: "secret", Label: "field.recovery_code", Required: true, Autocomplete: "off"}}
	case sendsCode(factor):
		p.Model["to"] = s.RecallText("to")
		p.Buttons = append(p.Buttons, "resend")
	}
	if s.days > 0 {
		p.Model["days"] = s.days
		p.Fields = append(p.Fields, block.PageField{Name: "remember", Type: "checkbox", Label: "field.remember_device"})
	}
	if len(s.usable) > 1 {
		p.Buttons = append(p.Buttons, "other")
	}
	return block.Ask(p)
}
