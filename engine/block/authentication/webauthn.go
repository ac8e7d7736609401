package authentication

import (
	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
)

// This file is what all blocks with a passkey share: the ceremony, its page and
// what a passkey proves.

// credentialField carries the browser's answer. It is a secret field: what was
// signed is seen by the check and kept nowhere.
const credentialField = "credential"

// ceremony is one that waits for the browser.
type ceremony struct {
	ID        string         `json:"id"`
	PublicKey map[string]any `json:"public_key"`
	// NoName says that this server's address has no host name or no TLS, so
	// that no browser makes or uses a passkey for it.
	NoName bool `json:"no_name,omitempty"`
}

// relyingParty answers who passkeys are bound to: the server's address that the
// person sees.
func relyingParty(c *block.Call, env *block.Env) (directory.RelyingParty, bool) {
	return directory.RelyingPartyOf(env.OriginOf(c.EventText("request.host")), env.Project.Settings.Name)
}

// beginCeremony draws a challenge. What spec does not say follows from the run.
func beginCeremony(c *block.Call, spec directory.CeremonySpec) (ceremony, error) {
	spec.RunID = c.RunID
	request := map[string]any{"kind": string(spec.Kind), "user_id": spec.UserID, "listed": spec.Listed, "user_verification": spec.UserVerification}
	return block.Effect(c, "webauthn.begin", request, func(env *block.Env) (ceremony, error) {
		var ok bool
		if spec.RP, ok = relyingParty(c, env); !ok {
			return ceremony{NoName: true}, nil
		}
		made, err := env.Directory.BeginCeremony(c.Ctx, spec)
		return ceremony{ID: made.ID, PublicKey: made.PublicKey}, err
	})
}

// finished is how a ceremony ended: with who it was, or with the next one.
type finished struct {
	directory.CeremonyResult
	User map[string]any `json:"user,omitempty"`
	Next ceremony       `json:"next,omitzero"`
}

// finishCeremony verifies what the browser sent, and records what was wrong
// with it. A refused one is followed by the next, with a challenge of its own.
func finishCeremony(c *block.Call, id string, again directory.CeremonySpec) (finished, error) {
	answer, _ := c.Secret(credentialField)
	c.DropSecret(credentialField)
	name := c.Field("name")
	again.RunID = c.RunID
	return block.Effect(c, "webauthn.finish", map[string]any{"ceremony": id}, func(env *block.Env) (finished, error) {
		r, err := env.Directory.FinishCeremony(c.Ctx, id, c.RunID, answer, name)
		if err != nil {
			return finished{}, err
		}
		if r.Problem == "" {
			r.Problem = standsAlone(c, r)
		}
		if r.Problem == "" {
			return welcome(c, env, r)
		}
		out := finished{CeremonyResult: r}
		rp, ok := relyingParty(c, env)
		if again.RP = rp; ok {
			made, err := env.Directory.BeginCeremony(c.Ctx, again)
			if err != nil {
				return finished{}, err
			}
			out.Next = ceremony{ID: made.ID, PublicKey: made.PublicKey}
		}
		return out, env.Audit.Append(audit.Record{Type: "passkey.refused", RunID: c.RunID, Flow: c.FlowID, UserID: r.UserID, ClientID: c.EventText("client.id"),
			IP: c.EventText("request.ip"), Data: map[string]any{"reason": r.Problem, "credential_id": r.CredentialID, "block": c.ID}})
	})
}

// standsAlone answers what is wrong with a passkey that has not verified its
// user: whoever holds the device could use it, so it proves only a second thing
// about a person who has proven a first.
func standsAlone(c *block.Call, r directory.CeremonyResult) string {
	known := c.Subject.UserID == r.UserID && len(c.Subject.Verified) > 0
	if r.UserVerified || known {
		return ""
	}
	return directory.PasskeyNotVerified
}

func welcome(c *block.Call, env *block.Env, r directory.CeremonyResult) (finished, error) {
	u, err := env.Directory.Get(c.Ctx, r.UserID)
	if err != nil {
		return finished{}, err
	}
	if r.Kind == string(directory.RegisterPasskey) {
		if err := factorAdded(c, env, directory.FactorPasskey); err != nil {
			return finished{}, err
		}
	}
	return finished{CeremonyResult: r, User: block.UserEvent(u)}, nil
}

// accept takes the person for who the passkey says: with its user verified it
// is two factors at once.
func (f finished) accept(c *block.Call) error {
	now, err := c.Now()
	if err != nil {
		return err
	}
	method := block.HardwareK
	if f.Synced {
		method = block.SoftwareK
	}
	s := c.Subject.With(f.UserID, method, now.UnixMilli())
	if f.UserVerified {
		s = s.With(f.UserID, block.UserCheck, now.UnixMilli())
	}
	c.SetEvent("user", f.User)
	c.SetSubject(s)
	return nil
}

// passkeyPage is a page whose script speaks with the authenticator. Without a
// host name it says so, and offers the other ways only.
func passkeyPage(template, texts string, kind directory.CeremonyKind, made ceremony, problem string) block.PageRequest {
	p := block.PageRequest{Template: template, Error: problem,
		Model: map[string]any{"title": texts + ".title", "intro": texts + ".intro", "submit": texts + ".submit", "ceremony": string(kind)}}
	if made.NoName || made.ID == "" {
		p.Error, p.Model["intro"], p.Model["unavailable"] = "error.passkey", "", true
		if made.NoName {
			p.Error = "error.passkey_no_name"
		}
		return p
	}
	p.Model["publicKey"] = made.PublicKey
	p.Fields = []block.PageField{{Name: credentialField, Type: "credential"}}
	return p
}

// passkeyProblem answers what a person is told.
func passkeyProblem(reason string) string {
	switch reason {
	case directory.PasskeyNotVerified:
		return "error.passkey_user_verification"
	case directory.PasskeyExists:
		return "error.passkey_exists"
	case directory.PasskeyTooMany:
		return "error.passkey_too_many"
	}
	return "error.passkey"
}
