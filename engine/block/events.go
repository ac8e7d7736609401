package block

import (
	"encoding/base64"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// EventsBucket holds what is to be told to subscribers. Like messages, events
// are written in the unit of work of the run and delivered after it.
const EventsBucket = "events"

// OutgoingEvent is one event for one subscriber; with no URL it is kept for
// those who look, and sent to nobody.
type OutgoingEvent struct {
	ID      string    `json:"id"`
	EventID string    `json:"event_id"`
	Type    string    `json:"type"`
	RunID   string    `json:"run_id,omitempty"`
	At      time.Time `json:"at"`
	URL     string    `json:"url,omitempty"`
	// Secret names the key that signs the body.
	Secret string `json:"secret,omitempty"`
	// Body is the same for all subscribers.
	Body jsontext.Value `json:"body"`
}

// eventBody is what a subscriber gets. docs/messages.md is its reference.
type eventBody struct {
	ID       string         `json:"id"`
	Type     string         `json:"type"`
	At       string         `json:"timestamp"`
	Flow     string         `json:"flow"`
	RunID    string         `json:"run_id"`
	UserID   string         `json:"user_id,omitempty"`
	ClientID string         `json:"client_id,omitempty"`
	Data     map[string]any `json:"data"`
}

// Emit puts an event into the store, once for each subscriber, and answers its
// id.
func Emit(c *Call, kind string, data map[string]any) (string, error) {
	return Effect(c, "event.emit", map[string]any{"type": kind, "data": data}, func(env *Env) (string, error) {
		now := env.World.Clock.Now().UTC()
		raw := make([]byte, 9)
		env.World.Random.Read(raw)
		// Ids sort by time, so that events are told in the order they happened.
		id := "evt_" + now.Format("20060102T150405.000000000") + "-" + base64.RawURLEncoding.EncodeToString(raw)
		body, err := json.Marshal(eventBody{ID: id, Type: kind, At: now.Format(time.RFC3339Nano), Flow: c.FlowID, RunID: c.RunID,
			UserID: c.EventText("user.id"), ClientID: c.EventText("client.id"), Data: data}, json.Deterministic(true))
		if err != nil {
			return "", Fail("config", "the event cannot be written as JSON: %w", err).In("data")
		}
		out := OutgoingEvent{ID: id + ".0", EventID: id, Type: kind, RunID: c.RunID, At: now, Body: body}
		told := 0
		for _, s := range env.Project.Settings.Events {
			if !s.Wants(kind) {
				continue
			}
			told++
			out.ID, out.URL, out.Secret = fmt.Sprintf("%s.%d", id, told), s.URL, s.Secret
			if err := out.save(env); err != nil {
				return "", err
			}
		}
		if told > 0 {
			return id, nil
		}
		return id, out.save(env)
	})
}

func (e OutgoingEvent) save(env *Env) error {
	text, err := json.Marshal(e, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("event: %w", err)
	}
	env.Store.Create(EventsBucket, e.ID, text, e.At.Add(keepMessages))
	return nil
}
