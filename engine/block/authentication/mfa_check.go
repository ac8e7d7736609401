package authentication

import (
	"time"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
)

// This file is what lies behind the asking for a second factor: what a person
// has, whether an answer is right, and how often it was not.

const (
	codeLength = 6
	codeLife   = 10 * time.Minute
)

// failuresByFactor counts wrong answers per account, over all factors and runs.
const failuresByFactor = "second_factor"

// factorFailures within block.FailureWindow make an account wait.
const factorFailures = 10

func sendsCode(factor string) bool { return factor == EmailCode || factor == SMSCode }

func channelOf(factor string) string {
	if factor == SMSCode {
		return block.SMS
	}
	return block.Email
}

// factorFacts is what is known before a factor is asked for.
type factorFacts struct {
	Usable []string `json:"usable"`
	// Remembered says that this device spares the second factor.
	Remembered bool `json:"remembered,omitempty"`
	// Locked says that there were too many wrong answers of late.
	Locked bool `json:"locked,omitempty"`
}

func (s secondFactor) facts() (factorFacts, error) {
	// A remembered device spares a second factor to who has proven a first.
	sparing := s.days > 0 && proven(s.Call, s.userID)
	return block.Effect(s.Call, "directory.factors", map[string]any{"user_id": s.userID, "of": s.want, "days": s.days}, func(env *block.Env) (factorFacts, error) {
		usable, err := usableFactors(s.Call, env, s.userID, s.want)
		if err != nil {
			return factorFacts{}, err
		}
		f := factorFacts{Usable: usable}
		n, err := env.Directory.Failures(s.Ctx, failuresByFactor, s.userID, block.FailureWindow)
		if f.Locked = n >= factorFailures; err != nil || !sparing {
			return f, err
		}
		d, known, err := env.Directory.KnownDevice(s.Ctx, s.userID, env.Carried.Device)
		f.Remembered = known && !d.Trusted.IsZero() && env.World.Clock.Now().Before(d.Trusted.AddDate(0, 0, s.days))
		return f, err
	})
}

// usableFactors answers which of the factors the person has: one that was
// enrolled, an address that was verified.
func usableFactors(c *block.Call, env *block.Env, userID string, want []string) ([]string, error) {
	u, err := env.Directory.Get(c.Ctx, userID)
	if err != nil {
		return nil, err
	}
	usable := []string{}
	for _, w := range want {
		has := u.HasFactor(w)
		switch w {
		case EmailCode:
			has = u.Email != "" && u.EmailVerified && block.CanSend(env, block.Email)
		case SMSCode:
			has = u.Phone != "" && u.PhoneVerified && block.CanSend(env, block.SMS)
		case Passkey:
			if has, err = hasPasskeyHere(c, env, userID); err != nil {
				return nil, err
			}
		case Recovery:
			left, err := env.Directory.RecoveryCodesLeft(c.Ctx, userID)
			if has = left > 0; err != nil {
				return nil, err
			}
		}
		if has {
			usable = append(usable, w)
		}
	}
	return usable, nil
}

// hasPasskeyHere reports whether the person has a passkey of this host name.
func hasPasskeyHere(c *block.Call, env *block.Env, userID string) (bool, error) {
	rp, named := relyingParty(c, env)
	if !named {
		return false, nil
	}
	keys, err := env.Directory.Passkeys(c.Ctx, userID, rp.ID)
	return len(keys) > 0, err
}

// verdict is what came of an answer.
type verdict struct {
	Result string `json:"result"`
	Locked bool   `json:"locked,omitempty"`
	// Next is the ceremony after a refused passkey.
	Next ceremony `json:"-"`
}

func (v verdict) ok() bool { return v.Result == string(directory.OTPOK) }

// checkCode verifies a code and counts it when it is wrong.
func (s secondFactor) checkCode(factor string) (verdict, error) {
	code, _ := s.Secret("code")
	s.DropSecret("code")
	codeID := ""
	if sendsCode(factor) {
		codeID = s.RecallText("code_id")
	}
	v, err := block.Effect(s.Call, "otp.verify", map[string]any{"user_id": s.userID, "factor": factor, "code_id": codeID}, func(env *block.Env) (verdict, error) {
		result, err := verifyCode(s.Call, env, s.userID, factor, codeID, code)
		if err != nil {
			return verdict{}, err
		}
		return s.counted(env, factor, result)
	})
	if err != nil || !v.ok() {
		return v, err
	}
	now, err := s.Now()
	if err == nil {
		s.SetSubject(s.Call.Subject.With(s.userID, methodOf(factor), now.UnixMilli()))
	}
	return v, err
}

func verifyCode(c *block.Call, env *block.Env, userID, factor, codeID, code string) (directory.OTPResult, error) {
	right := false
	var err error
	switch factor {
	case TOTP:
		right, err = env.Directory.VerifyTOTP(c.Ctx, userID, code)
	case Recovery:
		if right, err = env.Directory.UseRecoveryCode(c.Ctx, userID, code); right && err == nil {
			err = recordFactor(c, env, "recovery_code.used", Recovery)
		}
	default:
		check, err := env.Directory.VerifyOTP(c.Ctx, codeID, code)
		if err == nil && check.Result == directory.OTPOK && check.Spec.UserID != userID {
			return directory.OTPFailed, nil
		}
		return check.Result, err
	}
	if right {
		return directory.OTPOK, err
	}
	return directory.OTPFailed, err
}

// counted counts a wrong answer, and forgets them all after a right one.
func (s secondFactor) counted(env *block.Env, factor string, result directory.OTPResult) (verdict, error) {
	v := verdict{Result: string(result)}
	if result == directory.OTPOK {
		return v, env.Directory.ClearFailures(s.Ctx, failuresByFactor, s.userID)
	}
	n, err := env.Directory.CountFailure(s.Ctx, failuresByFactor, s.userID, block.FailureWindow)
	if err != nil || n < factorFailures {
		return v, err
	}
	v.Locked = true
	return v, recordFactor(s.Call, env, "second_factor.locked", factor)
}

func methodOf(factor string) string {
	if sendsCode(factor) {
		return block.MethodOf(channelOf(factor))
	}
	return block.OneTime
}

func (s secondFactor) ceremonySpec() directory.CeremonySpec {
	return directory.CeremonySpec{Kind: directory.AssertPasskey, UserID: s.userID, Listed: proven(s.Call, s.userID), UserVerification: directory.VerifyUserPreferred}
}

// checkPasskey verifies a passkey.
func (s secondFactor) checkPasskey(string) (verdict, error) {
	done, err := finishCeremony(s.Call, s.RecallText("ceremony"), s.ceremonySpec())
	if err != nil {
		return verdict{}, err
	}
	s.Remember("ceremony", done.Next.ID)
	if done.Problem == "" {
		return verdict{Result: string(directory.OTPOK)}, done.accept(s.Call)
	}
	return verdict{Result: done.Problem, Next: done.Next}, nil
}

// spare remembers the device, when its person asked for it.
func (s secondFactor) spare() error {
	ticked := s.Submit["remember"] == true || s.Field("remember") != ""
	if s.days <= 0 || !ticked {
		return nil
	}
	_, err := block.Effect(s.Call, "device.trust", map[string]any{"user_id": s.userID, "days": s.days}, func(env *block.Env) (block.Void, error) {
		d, known, err := env.Directory.KnownDevice(s.Ctx, s.userID, env.DeviceSecret())
		if err == nil && !known {
			env.Issued.DeviceSecret, d, err = env.Directory.RememberDevice(s.Ctx, s.userID, directory.Device{UserAgent: s.EventText("request.user_agent"), IP: s.EventText("request.ip")})
			env.Issued.DeviceExpires = d.Expires
		}
		if err == nil {
			err = env.Directory.TrustDevice(s.Ctx, s.userID, d.ID)
		}
		if err != nil {
			return block.Void{}, err
		}
		return block.Void{}, recordFactor(s.Call, env, "device.trusted", Remembered)
	})
	return err
}

func recordFactor(c *block.Call, env *block.Env, what, factor string) error {
	return env.Audit.Append(audit.Record{Type: what, RunID: c.RunID, Flow: c.FlowID, UserID: c.EventText("user.id"), ClientID: c.EventText("client.id"),
		IP: c.EventText("request.ip"), Data: map[string]any{"factor": factor, "block": c.ID}})
}
