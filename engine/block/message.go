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

// secretLife is how long a message with a code or a link in it is of use when
// its sender does not say so.
const secretLife = 10 * time.Minute

// reaches reports whether messages can be sent that way; where they cannot, it
// fails before anything depends on who they are for.
func reaches(env *Env, channel string) error {
	gateway := channel == SMS && slices.Contains(env.Channels, ByGateway) && env.Project.Settings.Messages.SMS != nil
	if gateway || slices.Contains(env.Channels, channel) {
		return nil
	}
	return Fail("no_transport", "this server has no way to send by %s", channel).Hinted("give the server an SMTP server, or the project an SMS gateway; see docs/messages.md")
}

// CanSend reports whether messages can be sent that way.
func CanSend(env *Env, channel string) bool { return reaches(env, channel) == nil }

// Send puts a message into the outbox. It is called inside an effect.
func Send(env *Env, runID string, m world.Message) error {
	_, err := SendWithID(env, runID, m)
	return err
}

// SendWithID does the same and answers the message's id.
func SendWithID(env *Env, runID string, m world.Message) (string, error) {
	if err := reaches(env, m.Channel); err != nil {
		return "", err
	}
	now := env.World.Clock.Now()
	if m.NotAfter.IsZero() && len(m.Secrets) > 0 {
		m.NotAfter = now.Add(secretLife)
	}
	raw := make([]byte, 9)
	env.World.Random.Read(raw)
	// Ids sort by time, so that listing the outbox answers the order of sending.
	id := now.UTC().Format("20060102T150405.000000000") + "-" + base64.RawURLEncoding.EncodeToString(raw)
	text, err := json.Marshal(Outgoing{Message: m, ID: id, RunID: runID, At: now}, json.Deterministic(true))
	if err != nil {
		return "", err
	}
	env.Store.Create(OutboxBucket, id, text, now.Add(keepMessages))
	return id, nil
}
