package block

import (
	"context"

	"github.com/authflow-studio/authflow/engine/flow"
)

// StandIn is a provider that takes the place of a project's in the harness.
type StandIn struct {
	Provider flow.SocialProvider
	Secret   string
}

// SimulatedProvider answers what takes the place of a provider for people who
// come to the server under an address; false leaves the real one.
type SimulatedProvider func(ctx context.Context, id string, p flow.SocialProvider, origin string) (StandIn, bool)

// RelyingParty is a provider with all that is needed to speak to it. It is
// asked for inside an effect and never recorded: it holds the secret.
type RelyingParty struct {
	flow.SocialProvider
	ID, Secret string
}

// FederatedProvider answers a provider of the project. A secret that the server
// was not given is an error: the call would be refused anyway, and less clearly.
func (c *Call) FederatedProvider(env *Env, id string) (RelyingParty, error) {
	p, ok := env.Project.Settings.Providers[id]
	if !ok {
		return RelyingParty{}, Fail("no_provider", "there is no provider %q", id).In("provider").Hinted("name it under providers in authflow.json")
	}
	rp := RelyingParty{SocialProvider: p, ID: id}
	if env.Simulated != nil {
		if s, ok := env.Simulated(c.Ctx, id, p, env.OriginOf(c.EventText("request.host"))); ok {
			rp.SocialProvider, rp.Secret = s.Provider, s.Secret
			return rp, nil
		}
	}
	if p.ClientSecret == "" {
		return rp, nil
	}
	if env.Secrets == nil {
		return rp, Fail("no_secret", "there is no secret %q", p.ClientSecret)
	}
	var err error
	if rp.Secret, err = env.Secrets(c.Ctx, p.ClientSecret); err != nil {
		return rp, Fail("no_secret", "%w", err).Hinted("give the value of " + p.ClientSecret + " to the server")
	}
	return rp, nil
}
