package risk

import (
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/risk"
	"github.com/authflow-studio/authflow/engine/world"
)

// BreachedPassword tells whether a password stands in a collection of stolen
// ones.
type BreachedPassword struct{}

// Sources of BreachedPassword.
const (
	rangeQuery = "range"
	localList  = "list"
	// rangeURL is the best known service of this kind.
	rangeURL = "https://api.pwnedpasswords.com/range/"
)

// Describe answers the descriptor.
func (BreachedPassword) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "breached_password", Family: "risk", Title: "Breached password", Icon: "key-round",
		Summary:  "Is the password among those that were stolen elsewhere?",
		Help:     "Asks a range service for all hashes that begin like that of the password (5 of 40 digits, padded answers), or looks into a list of the project: the password never leaves, and no record holds it or its hash. The service's host must be among the egress hosts. A service that does not answer is an error: wire that port to decide for yourself.",
		Synonyms: []string{"pwned", "leaked", "hibp", "compromised", "have i been pwned"},
		Fields: []block.Field{
			{Name: "source", Title: "Source", Kind: block.Choice, Default: rangeQuery, Options: []block.Option{{Value: rangeQuery, Title: "Range service"}, {Value: localList, Title: "List of the project"}}},
			{Name: "url", Title: "Service", Kind: block.Text, Default: rangeURL, Help: "The five digits are appended."},
			{Name: "list", Title: "List", Kind: block.Text, Default: "breached_passwords.txt", Help: "A file below lists/ with a password or its SHA-1 a line."},
		},
		Outputs: []block.Output{severityOutput, {Name: "count", Type: "integer", Help: "How often it was seen; 0 for never"}},
		Ports:   next, Effects: []string{block.CallsHost},
	}
}

// Run looks it up.
func (BreachedPassword) Run(c *block.Call) (block.Result, error) {
	password, err := submittedPassword(c)
	if err != nil {
		return block.Result{}, err
	}
	source, err := c.Text("source")
	if err != nil {
		return block.Result{}, err
	}
	var count int
	if source == localList {
		name, _ := c.Text("list")
		text, err := c.List("list", name)
		if err != nil {
			return block.Result{}, err
		}
		count, err = block.Effect(c, "breach.list", map[string]any{"list": name}, func(*block.Env) (int, error) {
			if risk.BreachListed(text, password) {
				return 1, nil
			}
			return 0, nil
		})
		if err != nil {
			return block.Result{}, err
		}
	} else if count, err = askRange(c, password); err != nil {
		return block.Result{}, err
	}
	severity := low
	if count > 0 {
		severity = high
	}
	return block.Go("next", map[string]any{"severity": severity, "count": count}), nil
}

// askRange asks the service. Neither the prefix nor the answer is recorded: the
// two together tell much of a password.
func askRange(c *block.Call, password string) (int, error) {
	base, err := c.Text("url")
	if err != nil {
		return 0, err
	}
	return block.Effect(c, "breach.range", map[string]any{"url": base}, func(env *block.Env) (int, error) {
		prefix, rest := risk.BreachKey(password)
		res, err := env.World.HTTP.Do(c.Ctx, world.Request{Method: "GET", URL: strings.TrimRight(base, "/") + "/" + prefix, Header: map[string]string{"Add-Padding": "true", "User-Agent": "authflow"}})
		if err != nil {
			return 0, block.Fail("call_failed", "the range service cannot be asked: %s", strings.ReplaceAll(err.Error(), prefix, "…")).In("url")
		}
		count, ok := risk.BreachCount(res.Body, rest)
		if res.Status != 200 || !ok {
			return 0, block.Fail("call_failed", "the range service answered with status %d and no list of hashes", res.Status).In("url")
		}
		return count, nil
	})
}
