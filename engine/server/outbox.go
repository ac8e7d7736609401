package server

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/store"
)

// Message is one mail or SMS that a run would have sent.
type Message struct {
	ID      string    `json:"id"`
	Channel string    `json:"channel"`
	To      string    `json:"to"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
	At      time.Time `json:"at"`
	Code    string    `json:"code,omitempty"`
	Links   []string  `json:"links"`
	Run     string    `json:"run,omitempty"`
}

var link = regexp.MustCompile(`https?://[^\s<>"']+`)

// Outbox answers the messages of all runs, the oldest first.
func (h *Harness) Outbox(ctx context.Context) ([]Message, error) {
	entries, err := h.core.Store.List(ctx, block.OutboxBucket, "", "", 0)
	if err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	out := make([]Message, 0, len(entries))
	for _, e := range entries {
		var m block.Outgoing
		if err := json.Unmarshal(e.Value, &m); err != nil {
			return nil, fmt.Errorf("outbox: message %s cannot be read: %w", e.ID, err)
		}
		links := link.FindAllString(m.Text, -1)
		if links == nil {
			links = []string{}
		}
		out = append(out, Message{ID: m.ID, Channel: m.Channel, To: m.To, Subject: m.Subject, Text: m.Text, At: m.At, Code: m.Secrets["code"], Links: links, Run: m.RunID})
	}
	return out, nil
}

// ClearOutbox removes all messages.
func (h *Harness) ClearOutbox(ctx context.Context) error {
	entries, err := h.core.Store.List(ctx, block.OutboxBucket, "", "", 0)
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	ops := make([]store.Op, len(entries))
	for i, e := range entries {
		ops[i] = store.Op{Kind: store.OpDelete, Bucket: block.OutboxBucket, ID: e.ID, Expect: store.ExpectAny}
	}
	return h.core.Store.Commit(ctx, ops...)
}
