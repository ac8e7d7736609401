package risk

import (
	"context"
	"time"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
)

// BruteForce counts failures on an identifier or an address.
type BruteForce struct{}

// What BruteForce can count by.
const (
	byIdentifier = "identifier"
	byAddress    = "address"
	byEither     = "either"
)

// Describe answers the descriptor.
func (BruteForce) Describe() block.Descriptor {
	one, many := 1.0, 1000.0
	return block.Descriptor{
		ID: "brute_force", Family: "risk", Title: "Brute force", Icon: "hammer",
		Summary:  "Failures on this account or from this address, in a window",
		Help:     "Reads what the password check and the second factors have counted. At the threshold the severity is high, from half of it medium. Refusing here refuses the person too, until the window has passed: that is the price, so keep the window short. Unknown accounts are counted alike.",
		Synonyms: []string{"lockout", "failures", "attempts", "credential stuffing", "password spraying"},
		Fields: []block.Field{
			{Name: "identifier", Title: "Identifier", Kind: block.Template, Placeholder: "{{ step.sign_in.fields.identifier }}", Help: "Whose failures; without it those of the account that was found."},
			{Name: "by", Title: "Count by", Kind: block.Choice, Default: byIdentifier, Options: []block.Option{{Value: byIdentifier, Title: "Account"}, {Value: byAddress, Title: "Address"}, {Value: byEither, Title: "The larger of both"}}},
			{Name: "threshold", Title: "Threshold", Kind: block.Number, Default: 5.0, Min: &one, Max: &many, Unit: "failures"},
			{Name: "window", Title: "Window", Kind: block.Length, Default: "10m", Help: "At most 24h."},
		},
		Outputs: []block.Output{severityOutput, {Name: "failures", Type: "integer", Help: "How many there were"}},
		Ports:   next,
	}
}

// Run counts.
func (BruteForce) Run(c *block.Call) (block.Result, error) {
	identifier, err := c.Text("identifier")
	if err != nil {
		return block.Result{}, err
	}
	window, err := c.Duration("window")
	if err != nil {
		return block.Result{}, err
	}
	if window <= 0 || window > directory.FailuresKept {
		return block.Result{}, block.Fail("config", "the window must be more than 0 and at most %v", directory.FailuresKept).In("window")
	}
	by, err := c.Text("by")
	if err != nil {
		return block.Result{}, err
	}
	userID, ip := c.EventText("user.id"), c.EventText("request.ip")
	failures, err := block.Effect(c, "directory.failures", map[string]any{"by": by, "identifier": identifier, "user_id": userID, "ip": ip, "window": window.String()}, func(env *block.Env) (int, error) {
		account := userID
		if identifier != "" {
			var err error
			if account, err = block.FailureAccount(c.Ctx, env, identifier); err != nil {
				return 0, err
			}
		}
		return countedFailures(c.Ctx, env, by, account, ip, window)
	})
	if err != nil {
		return block.Result{}, err
	}
	threshold, severity := c.Int("threshold"), low
	switch {
	case failures >= threshold:
		severity = high
	case failures*2 >= threshold && failures > 0:
		severity = medium
	}
	return block.Go("next", map[string]any{"severity": severity, "failures": failures}), nil
}

func countedFailures(ctx context.Context, env *block.Env, by, account, ip string, window time.Duration) (most int, err error) {
	if by != byAddress && account != "" {
		if most, err = env.Directory.Failures(ctx, block.FailuresByAccount, account, window); err != nil {
			return 0, err
		}
	}
	if by == byIdentifier || ip == "" {
		return most, nil
	}
	n, err := env.Directory.Failures(ctx, block.FailuresByAddress, ip, window)
	return max(most, n), err
}
