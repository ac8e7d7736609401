package risk

import (
	"time"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/risk"
)

// BotDetection looks for a program instead of a person.
type BotDetection struct{}

// Describe answers the descriptor.
func (BotDetection) Describe() block.Descriptor {
	two, many := 2.0, 10_000.0
	return block.Descriptor{
		ID: "bot_detection", Family: "risk", Title: "Bot detection", Icon: "bot",
		Summary:  "Is this a program instead of a person?",
		Help:     "Looks at the user agent, at headers that every browser sends, and at how many runs were begun from the address within a minute. Two signals are high, one is medium. A careful program looks like a browser: use it beside a rate limit, not in its place.",
		Synonyms: []string{"captcha", "crawler", "automation", "headless", "user agent", "scraper"},
		Fields: []block.Field{
			{Name: "runs_per_minute", Title: "Runs a minute", Kind: block.Number, Default: 20.0, Min: &two, Max: &many, Help: "More than that from one address count as a signal. An office shares one address."},
		},
		Outputs: []block.Output{severityOutput, {Name: "bot", Type: "boolean", Help: "Whether anything speaks for a program"}, {Name: "signals", Type: "array", Help: "What, each with id and detail"}},
		Ports:   next,
	}
}

const bucketPattern = "request_pattern"

// pattern is what is known of the runs of one address.
type pattern struct {
	Recent int64       `json:"recent"`
	Given  *risk.Given `json:"set_by_tester,omitempty"`
}

// Run looks at the request.
func (BotDetection) Run(c *block.Call) (block.Result, error) {
	ip := c.EventText("request.ip")
	seen, err := block.Effect(c, "pattern.count", map[string]any{"ip": ip}, func(env *block.Env) (pattern, error) {
		p := pattern{Given: risk.GivenBy(env.World)}
		if ip == "" {
			return p, nil
		}
		now := env.World.Clock.Now()
		var err error
		p.Recent, err = env.Count(c.Ctx, bucketPattern, ip+"/"+now.UTC().Format("200601021504"), now.Add(time.Minute))
		return p, err
	})
	if err != nil {
		return block.Result{}, err
	}
	found := seen.Given.Bots(risk.BotSignals(risk.Client{UserAgent: c.EventText("request.user_agent"), Languages: c.EventText("transaction.locale"), Recent: int(seen.Recent)}, c.Int("runs_per_minute")))
	severity, signals := low, make([]any, len(found))
	for i, s := range found {
		signals[i] = map[string]any{"id": s.ID, "detail": s.Detail}
	}
	switch {
	case len(found) > 1:
		severity = high
	case len(found) == 1:
		severity = medium
	}
	return block.Go("next", map[string]any{"severity": severity, "bot": len(found) > 0, "signals": signals}), nil
}
