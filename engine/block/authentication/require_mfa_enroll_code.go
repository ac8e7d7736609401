package authentication

import (
	"time"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
)

// This file enrols a phone or a mail address: a code goes there, and counts
// when it comes back.

// enrollCodes counts the codes that a person had sent to addresses of their
// choice.
const enrollCodes = "enroll_codes"

// enrollCodesAtOnce is how many within block.FailureWindow.
const enrollCodesAtOnce = 5

func (e enrolling) number(problem string) block.Result {
	p := e.page("mfa/enroll_phone.html", "page.mfa_enroll_phone", problem)
	p.Model["submit"] = "button.send_code"
	value := e.Field("phone")
	if value == "" {
		value = e.EventText("user.phone")
	}
	p.Fields = []block.PageField{{Name: "phone", Type: "tel", Label: "field.phone", Required: true, Value: value}}
	return block.Ask(e.skippable(p))
}

func (e enrolling) numberTyped() (block.Result, error) {
	to := directory.PhoneNumber(e.Field("phone"))
	if to == "" {
		return e.number("error.phone"), nil
	}
	return e.sendCode(SMSCode, to)
}

// sentCode is what came of sending; without an ID there were too many.
type sentCode struct {
	ID string `json:"id"`
}

// sendCode sends a code to an address that is not the account's yet.
func (e enrolling) sendCode(factor, to string) (block.Result, error) {
	channel := channelOf(factor)
	e.Remember("to", to)
	sent, err := block.Effect(e.Call, "code.send", map[string]any{"user_id": e.userID, "channel": channel, "to": to, "purpose": "enroll"}, func(env *block.Env) (sentCode, error) {
		n, err := env.Directory.CountFailure(e.Ctx, enrollCodes, e.userID, block.FailureWindow)
		if err != nil || n > enrollCodesAtOnce {
			return sentCode{}, err
		}
		id, code, err := env.Directory.CreateOTP(e.Ctx, directory.OTPSpec{UserID: e.userID, Purpose: "enroll", Channel: channel, To: to, Length: codeLength, TTL: codeLife, MaxAttempts: 5})
		if err != nil {
			return sentCode{}, err
		}
		m, err := block.Compose(e.Call, env, block.Draft{Channel: channel, Label: "verify", Code: code, Minutes: int(codeLife / time.Minute)})
		if err != nil {
			return sentCode{}, err
		}
		m.To = to
		return sentCode{ID: id}, block.Send(env, e.RunID, m)
	})
	switch {
	case err != nil:
		return block.Result{}, err
	case sent.ID != "":
		e.Remember("code_id", sent.ID)
	case e.RecallText("code_id") == "" && factor == SMSCode:
		return e.number("error.too_many_codes"), nil
	default:
		return e.code(factor, "error.too_many_codes"), nil
	}
	return e.code(factor, ""), nil
}

func (e enrolling) code(factor, problem string) block.Result {
	p := e.page("mfa/"+factor+".html", "page.mfa_"+factor, problem)
	p.Model["to"] = block.Mask(channelOf(factor), e.RecallText("to"))
	p.Fields = []block.PageField{{Name: "code", Type: "code", Label: "field.code", Required: true}}
	p.Buttons = append([]string{"resend"}, p.Buttons...)
	return block.Ask(e.skippable(p))
}

// confirmed is how the check of a code ended.
type confirmed struct {
	Result string         `json:"result"`
	Taken  bool           `json:"taken,omitempty"`
	User   map[string]any `json:"user,omitempty"`
}

func (e enrolling) confirmCode(factor string) (block.Result, error) {
	code, _ := e.Secret("code")
	e.DropSecret("code")
	id := e.RecallText("code_id")
	done, err := block.Effect(e.Call, "otp.verify", map[string]any{"user_id": e.userID, "factor": factor, "code_id": id, "purpose": "enroll"}, func(env *block.Env) (confirmed, error) {
		check, err := env.Directory.VerifyOTP(e.Ctx, id, code)
		if err != nil || check.Result != directory.OTPOK || check.Spec.UserID != e.userID {
			return confirmed{Result: string(check.Result)}, err
		}
		err = keepAddress(e.Call, env, e.userID, check.Spec)
		if _, taken := directory.AsTaken(err); taken {
			return confirmed{Taken: true}, nil
		}
		if err != nil {
			return confirmed{}, err
		}
		user, err := e.added(env, factor)
		return confirmed{Result: string(directory.OTPOK), User: user}, err
	})
	switch {
	case err != nil:
		return block.Result{}, err
	case done.User != nil:
		return e.enrolled(factor, done.User)
	case done.Taken:
		// Only who reads the phone gets to know.
		e.Remember("code_id", "")
		return e.number("error.phone_taken"), nil
	case done.Result == string(directory.OTPExpired), done.Result == string(directory.OTPExhausted):
		return e.code(factor, "error.code_expired"), nil
	}
	return e.code(factor, "error.wrong_code"), nil
}

// keepAddress makes the address that a code went to a verified one of the
// account.
func keepAddress(c *block.Call, env *block.Env, userID string, spec directory.OTPSpec) error {
	if spec.Channel == block.SMS {
		// In two steps: a number that changes is not verified.
		if _, err := env.Directory.Update(c.Ctx, userID, func(u *directory.User) error { u.Phone = spec.To; return nil }); err != nil {
			return err
		}
	}
	_, err := env.Directory.Update(c.Ctx, userID, func(u *directory.User) error {
		switch {
		case spec.Channel == block.SMS:
			u.PhoneVerified = true
		case u.Email == spec.To:
			u.EmailVerified = true
		}
		return nil
	})
	return err
}
