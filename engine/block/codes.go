package block

import (
	"errors"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/directory"
)

// This file sends codes and links to the addresses of an account.

// Channels of messages.
const (
	Email = "email"
	SMS   = "sms"
	// ByGateway says that a server can send SMS where the project names a
	// gateway for it.
	ByGateway = "sms_gateway"
)

// BySMS is the method of a code that came by SMS (RFC 8176).
const BySMS = "sms"

// MethodOf answers the method of verification that a channel stands for.
func MethodOf(channel string) string {
	if channel == SMS {
		return BySMS
	}
	return MailCode
}

// sendsAtOnce is how many codes and links an account gets by one channel within
// sendWindow: nobody's inbox is flooded, and nobody gets more tries at guessing
// by asking for more codes.
const (
	sendsAtOnce = 5
	sendWindow  = 10 * time.Minute
	sendsBucket = "code_sends"
)

// CodeSpec says what is sent to the account of the run.
type CodeSpec struct {
	Purpose string
	Channel string
	// Label is the stem of the message's texts; Template replaces them.
	Label, Template string
	// Length is that of the code; 0 for a link without a code.
	Length int
	TTL    time.Duration
	Link   bool
	// VerifiedOnly sends to nobody whose address was not verified.
	VerifiedOnly bool
}

// CodeSpecOf reads what all blocks that send a code have among their settings.
func CodeSpecOf(c *Call) (CodeSpec, error) {
	var spec CodeSpec
	var err error
	if spec.TTL, err = c.Duration("ttl"); err != nil {
		return spec, err
	}
	if spec.Template, err = c.Text("template"); err != nil {
		return spec, err
	}
	spec.Channel, err = c.Text("channel")
	return spec, err
}

// Sent is what came of sending. Nothing of it may be shown to a person who has
// not proven who they are: it tells whether there is an account.
type Sent struct {
	ID      string `json:"id"`
	Sent    bool   `json:"sent"`
	Expires int64  `json:"expires"` // ms since 1970
	Masked  string `json:"masked,omitempty"`
}

// SendCode sends a code, a link or both. Without an account all of it happens
// but the sending, so that what comes after is the same.
func SendCode(c *Call, s CodeSpec) (Sent, error) {
	userID := c.EventText("user.id")
	return Effect(c, "code.send", map[string]any{"user_id": userID, "channel": s.Channel, "purpose": s.Purpose}, func(env *Env) (Sent, error) {
		if err := reaches(env, s.Channel); err != nil {
			return Sent{}, err
		}
		to, err := addressOf(c, env, userID, s)
		if err != nil {
			return Sent{}, err
		}
		out := Sent{Expires: env.World.Clock.Now().Add(s.TTL).UnixMilli(), Masked: Mask(s.Channel, to)}
		draft := Draft{Channel: s.Channel, Label: s.Label, Template: s.Template, Minutes: int((s.TTL + time.Minute - 1) / time.Minute)}
		if s.Length > 0 {
			out.ID, draft.Code, err = env.Directory.CreateOTP(c.Ctx, directory.OTPSpec{UserID: userID, Purpose: s.Purpose, Channel: s.Channel, To: to, Length: s.Length, TTL: s.TTL, MaxAttempts: 5})
		} else {
			out.ID = newID(env, "lnk_")
		}
		if err == nil && s.Link {
			draft.Link, err = MakeLink(c, env, Link{ID: out.ID, RunID: c.RunID, UserID: userID, Channel: s.Channel, To: to, Expires: time.UnixMilli(out.Expires).UTC()})
		}
		if err != nil {
			return Sent{}, err
		}
		m, err := Compose(c, env, draft)
		if err != nil || to == "" {
			return out, err
		}
		if out.Sent, err = mayReceive(c, env, userID+"/"+s.Channel); err != nil || !out.Sent {
			return out, err
		}
		m.To, m.NotAfter = to, time.UnixMilli(out.Expires).UTC()
		return out, Send(env, c.RunID, m)
	})
}

// addressOf answers where the account is reached, "" for nowhere.
func addressOf(c *Call, env *Env, userID string, s CodeSpec) (string, error) {
	u, err := env.Directory.Get(c.Ctx, userID)
	if userID == "" || errors.Is(err, directory.ErrNotFound) || err == nil && u.Status == directory.Deactivated {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	to, verified := u.Email, u.EmailVerified
	if s.Channel == SMS {
		to, verified = u.Phone, u.PhoneVerified
	}
	if s.VerifiedOnly && !verified {
		return "", nil
	}
	return to, nil
}

// mayReceive counts what an account was sent.
func mayReceive(c *Call, env *Env, who string) (bool, error) {
	n, err := env.Store.Count(c.Ctx, sendsBucket, who)
	if err != nil || n >= sendsAtOnce {
		return false, err
	}
	env.Store.Add(sendsBucket, who, 1, env.World.Clock.Now().Add(sendWindow))
	return true, nil
}

// Mask shows enough of an address to recognise it: a•••@example.com, •••567.
func Mask(channel, to string) string {
	if to == "" {
		return ""
	}
	if channel == SMS {
		r := []rune(to)
		return "•••" + string(r[max(0, len(r)-3):])
	}
	name, domain, ok := strings.Cut(to, "@")
	if !ok || name == "" {
		return "•••"
	}
	return string([]rune(name)[0]) + "•••@" + domain
}
