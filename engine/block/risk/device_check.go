// Package risk holds the blocks that look at how risky a sign-in is. They never
// decide: they write what they found, and the flow decides.
package risk

import (
	"time"

	"github.com/authflow-studio/authflow/engine/block"
)

// DeviceCheck tells whether the person has signed in on this device before.
type DeviceCheck struct{}

// Describe answers the descriptor.
func (DeviceCheck) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "device_check", Family: "risk", Title: "Device check", Icon: "monitor-smartphone",
		Summary:  "Has this person signed in on this device before?",
		Help:     "Reads the device cookie, which holds a secret of its own. A device counts as known only for the person who signed in on it. It may spare a second factor; it never replaces authentication.",
		Synonyms: []string{"known device", "remember", "trusted", "cookie"},
		Outputs: []block.Output{
			{Name: "known", Type: "boolean", Help: "Whether it is known"},
			{Name: "first_seen", Type: "string", Help: "When it was first used (RFC 3339); empty when unknown"},
			{Name: "changed", Type: "boolean", Help: "Whether its user agent is another than when it was last used"},
		},
		Ports: []block.Port{{ID: "known", Title: "known", Tone: "good"}, {ID: "unknown", Title: "unknown", Tone: "warn"}},
		Says:  map[string]map[string]any{"known": {"known": true}, "unknown": {"known": false}}, Changes: []string{"request.device"},
		Needs: []string{block.FactUser},
	}
}

type deviceFacts struct {
	Known     bool   `json:"known"`
	ID        string `json:"id"`
	FirstSeen string `json:"first_seen"`
	Changed   bool   `json:"changed"`
}

// Run looks the device up.
func (DeviceCheck) Run(c *block.Call) (block.Result, error) {
	userID := c.EventText("user.id")
	if userID == "" {
		return block.Result{}, block.Fail("no_user", "the device was checked before anybody was found").Hinted("put it after the identity lookup")
	}
	agent := c.EventText("request.user_agent")
	f, err := block.Effect(c, "device.check", map[string]any{"user_id": userID}, func(env *block.Env) (deviceFacts, error) {
		d, known, err := env.Directory.KnownDevice(c.Ctx, userID, env.Carried.Device)
		if err != nil || !known {
			return deviceFacts{}, err
		}
		return deviceFacts{Known: true, ID: d.ID, FirstSeen: d.Created.UTC().Format(time.RFC3339), Changed: d.UserAgent != agent}, nil
	})
	if err != nil {
		return block.Result{}, err
	}
	request := block.CloneGroup(c.View.Event, "request")
	request["device"] = map[string]any{"known": f.Known, "id": f.ID, "checked": true}
	c.SetEvent("request", request)
	port := "unknown"
	if f.Known {
		port = "known"
	}
	return block.Go(port, map[string]any{"known": f.Known, "first_seen": f.FirstSeen, "changed": f.Changed}), nil
}
