package risk

import (
	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/risk"
)

// Evaluate weighs all signals into one severity and number.
type Evaluate struct{}

// Describe answers the descriptor.
func (Evaluate) Describe() block.Descriptor {
	zero, hundred := 0.0, 100.0
	return block.Descriptor{
		ID: "risk_evaluate", Family: "risk", Title: "Risk evaluate", Icon: "gauge",
		Summary:  "All signals in one severity, one score and a recommendation",
		Help:     "Weighs the network (Tor, VPN, hosting), the device, the country, the distance from the last sign-in and recent failures. It never decides: put a decision after it.",
		Synonyms: []string{"fraud", "score", "adaptive", "signals", "tor", "vpn", "travel"},
		Fields: []block.Field{
			{Name: "medium", Title: "Medium from", Kind: block.Number, Default: float64(risk.DefaultThresholds.Medium), Min: &zero, Max: &hundred, Help: "The score from which the severity is medium (recommendation challenge)."},
			{Name: "high", Title: "High from", Kind: block.Number, Default: float64(risk.DefaultThresholds.High), Min: &zero, Max: &hundred, Help: "The score from which the severity is high (recommendation deny)."},
			{Name: "weights", Title: "Weights", Kind: block.List, Help: "Points for a signal, instead of the default ones; 0 turns it off.", Items: []block.Field{
				{Name: "signal", Title: "Signal", Kind: block.Choice, Required: true, Options: signalOptions()},
				{Name: "points", Title: "Points", Kind: block.Number, Required: true, Min: &zero, Max: &hundred},
			}},
			{Name: "extra", Title: "Signals of your own", Kind: block.List, Help: "Points for what other blocks or a partner have found.", Items: []block.Field{
				{Name: "name", Title: "Name", Kind: block.Identifier, Required: true},
				{Name: "when", Title: "When", Kind: block.Expression, Required: true, Placeholder: "step.bots.severity == \"high\""},
				{Name: "points", Title: "Points", Kind: block.Number, Required: true, Min: &zero, Max: &hundred},
			}},
		},
		Outputs: []block.Output{
			{Name: "severity", Type: "string", Help: "low, medium or high"},
			{Name: "score", Type: "integer", Help: "0 to 100"},
			{Name: "recommendation", Type: "string", Help: "allow, challenge or deny"},
			{Name: "signals", Type: "array", Help: "What counted, each with id, weight and detail"},
		},
		Ports:   []block.Port{{ID: "next", Title: "next", Tone: "neutral"}},
		Changes: []string{"authentication.risk_score", "authentication.risk_severity"},
	}
}

func signalOptions() []block.Option {
	return []block.Option{
		{Value: "tor", Title: "Tor exit"}, {Value: "vpn", Title: "VPN"}, {Value: "proxy", Title: "Open proxy"}, {Value: "hosting", Title: "Hosting network"},
		{Value: "unknown_network", Title: "Unknown network"}, {Value: "new_device", Title: "New device"}, {Value: "new_country", Title: "New country"},
		{Value: "impossible_travel", Title: "Impossible travel"}, {Value: "recent_failures", Title: "Recent failures"}, {Value: "automated_client", Title: "Automated client"},
	}
}

// Run gathers the facts and weighs them.
func (Evaluate) Run(c *block.Call) (block.Result, error) {
	facts, err := gather(c)
	if err != nil {
		return block.Result{}, err
	}
	weights := risk.Weights{}
	for _, row := range c.Rows("weights") {
		id, _ := row["signal"].(string)
		points, _ := row["points"].(float64)
		weights[id] = int(points)
	}
	extra, err := extraSignals(c)
	if err != nil {
		return block.Result{}, err
	}
	a := risk.Assess(facts, weights, risk.Thresholds{Medium: c.Int("medium"), High: c.Int("high")}, extra...)
	auth := block.CloneGroup(c.View.Event, "authentication")
	auth["risk_score"], auth["risk_severity"] = float64(a.Score), a.Severity
	c.SetEvent("authentication", auth)
	signals := make([]any, len(a.Signals))
	for i, s := range a.Signals {
		signals[i] = map[string]any{"id": s.ID, "weight": float64(s.Weight), "detail": s.Detail}
	}
	return block.Go("next", map[string]any{"severity": a.Severity, "score": a.Score, "recommendation": a.Recommendation, "signals": signals}), nil
}

// extraSignals answers the project's own signals that hold.
func extraSignals(c *block.Call) ([]risk.Signal, error) {
	var found []risk.Signal
	for _, row := range c.Rows("extra") {
		when, _ := row["when"].(string)
		name, _ := row["name"].(string)
		points, _ := row["points"].(float64)
		holds, err := c.Holds("extra."+name, when)
		if err != nil {
			return nil, err
		}
		if holds {
			found = append(found, risk.Signal{ID: name, Weight: int(points), Detail: when})
		}
	}
	return found, nil
}

// gather collects what is known, each part once and through an effect.
func gather(c *block.Call) (risk.Facts, error) {
	ip, userID := c.EventText("request.ip"), c.EventText("user.id")
	device := ""
	if d, ok := c.View.Event["request"].(map[string]any)["device"].(map[string]any); ok && d["checked"] == true {
		device = "unknown"
		if d["known"] == true {
			device = "known"
		}
	}
	now, err := c.Now()
	if err != nil {
		return risk.Facts{}, err
	}
	f, err := block.Effect(c, "risk.facts", map[string]any{"ip": ip, "user_id": userID}, func(env *block.Env) (risk.Facts, error) {
		f := risk.Facts{Network: env.World.Networks.Lookup(ip), Given: risk.GivenBy(env.World)}
		if userID == "" {
			return f, nil
		}
		u, err := env.Directory.Get(c.Ctx, userID)
		if err != nil {
			return f, err
		}
		if l := u.LastSignIn; !l.At.IsZero() {
			f.Last = &risk.SignIn{At: l.At, Country: l.Country, Lat: l.Lat, Lon: l.Lon}
		}
		f.Failures, err = env.Directory.Failures(c.Ctx, block.FailuresByAccount, userID, block.FailureWindow)
		return f, err
	})
	f.Now, f.Device, f.UserAgent = now, device, c.EventText("request.user_agent")
	return f, err
}
