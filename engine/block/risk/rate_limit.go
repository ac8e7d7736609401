package risk

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"

	"github.com/authflow-studio/authflow/engine/block"
)

// RateLimit counts per key in a window, shared by all servers.
type RateLimit struct{}

// Describe answers the descriptor.
func (RateLimit) Describe() block.Descriptor {
	one, many := 1.0, 1_000_000.0
	return block.Descriptor{
		ID: "rate_limit", Family: "risk", Title: "Rate limit", Icon: "timer",
		Summary:  "At most so many per address, user or key in a window",
		Help:     "Counts each passage at once, in the store that all servers share, so that many requests at the same moment see each other; a run that comes to nothing has counted all the same.",
		Synonyms: []string{"throttle", "quota", "velocity", "limit by ip", "limit by user"},
		Fields: []block.Field{
			{Name: "key", Title: "Key", Kind: block.Template, Default: "{{ event.request.ip }}", Required: true, Help: "What is counted together, such as the address or the identifier that was typed."},
			{Name: "limit", Title: "Limit", Kind: block.Number, Default: 10.0, Required: true, Min: &one, Max: &many, Unit: "passages"},
			{Name: "window", Title: "Window", Kind: block.Length, Default: "1m", Required: true},
		},
		Outputs: []block.Output{
			{Name: "count", Type: "integer", Help: "Passages in the window, this one included"},
			{Name: "resets_at", Type: "string", Help: "When it is worth trying again (RFC 3339)"},
		},
		Ports: []block.Port{{ID: "ok", Title: "ok", Tone: "good"}, {ID: "exceeded", Title: "exceeded", Tone: "bad"}},
	}
}

const bucketLimits = "limit"

type limitState struct {
	Count  int64 `json:"count"`
	Resets int64 `json:"resets"` // ms since 1970
}

// Run counts and compares.
func (RateLimit) Run(c *block.Call) (block.Result, error) {
	key, err := c.Text("key")
	if err != nil {
		return block.Result{}, err
	}
	window, err := c.Duration("window")
	if err != nil {
		return block.Result{}, err
	}
	if key == "" {
		return block.Result{}, block.Fail("no_key", "there is nothing to count by: the key is empty").In("key").Hinted("an empty key would put everybody under one limit")
	}
	if window < time.Second {
		return block.Result{}, block.Fail("config", "the window must be at least one second").In("window")
	}
	s, err := block.Effect(c, "limit.count", map[string]any{"key": key, "window": window.String()}, func(env *block.Env) (limitState, error) {
		return countPassage(c, env, key, window)
	})
	if err != nil {
		return block.Result{}, err
	}
	port := "ok"
	if s.Count > int64(c.Int("limit")) {
		port = "exceeded"
	}
	return block.Go(port, map[string]any{"count": s.Count, "resets_at": time.UnixMilli(s.Resets).UTC().Format(time.RFC3339)}), nil
}

// countPassage counts this one and answers how many there were in the window
// that ends now: those of the running window, and of the one before it the
// share that still counts.
func countPassage(c *block.Call, env *block.Env, key string, window time.Duration) (limitState, error) {
	now := env.World.Clock.Now()
	begins := now.Truncate(window)
	// The key is what people typed, so it is kept as a hash only.
	sum := sha256.Sum256([]byte(c.FlowID + "\x00" + c.ID + "\x00" + key))
	id := func(begins time.Time) string {
		return hex.EncodeToString(sum[:]) + "/" + strconv.FormatInt(begins.Unix(), 10)
	}
	before, err := env.Store.Count(c.Ctx, bucketLimits, id(begins.Add(-window)))
	if err != nil {
		return limitState{}, err
	}
	n, err := env.Count(c.Ctx, bucketLimits, id(begins), begins.Add(2*window))
	share := 1 - float64(now.Sub(begins))/float64(window)
	return limitState{n + int64(float64(before)*share), begins.Add(window).UnixMilli()}, err
}
