package block

import (
	"encoding/base64"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/authflow-studio/authflow/engine/world"
)

// OutboxBucket holds the messages of runs. They are written in the unit of work
// of the run and delivered after it was committed, so that a run that came to
// nothing has sent nothing.
const OutboxBucket = "outbox"

// Outgoing is one message in the outbox.
type Outgoing struct {
	world.Message
	ID    string    `json:"id"`
	RunID string    `json:"run_id,omitempty"`
	At    time.Time `json:"at"`
}

// keepMessages is how long a message stays in the outbox.
const keepMessages = 24 * time.Hour

// Send puts a message into the outbox. It is called inside an effect.
func Send(env *Env, runID string, m world.Message) error {
	if !slices.Contains(env.Channels, m.Channel) {
		return Fail("no_transport", "this server has no way to send by %s", m.Channel)
	}
	now := env.World.Clock.Now()
	raw := make([]byte, 9)
	env.World.Random.Read(raw)
	// Ids sort by time, so that listing the outbox answers the order of sending.
	id := now.UTC().Format("20060102T150405.000000000") + "-" + base64.RawURLEncoding.EncodeToString(raw)
	text, err := json.Marshal(Outgoing{Message: m, ID: id, RunID: runID, At: now}, json.Deterministic(true))
	if err != nil {
		return err
	}
	env.Store.Create(OutboxBucket, id, text, now.Add(keepMessages))
	return nil
}
