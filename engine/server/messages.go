package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file says how one message and one event leave.

// Buckets of the ledgers.
const (
	messagesLedger = "outbox_ledger"
	eventsLedger   = "events_ledger"
)

// messageCourier delivers mail through the server's mail server, and SMS through
// the project's gateway.
func (c *core) messageCourier(smtp *world.SMTP) *courier {
	return &courier{kind: "message", bucket: block.OutboxBucket, ledger: messagesLedger, store: c.Store, clock: c.World.Clock, log: c.Log,
		read: func(raw []byte) (parcel, error) {
			var m block.Outgoing
			if err := json.Unmarshal(raw, &m); err != nil {
				return parcel{}, fmt.Errorf("the message cannot be read: %w", err)
			}
			p := parcel{Delivery: Delivery{ID: m.ID, What: m.Channel, RunID: m.RunID, At: m.At}, notAfter: m.NotAfter, hide: []string{m.To, m.Text, m.Subject}}
			for _, secret := range m.Secrets {
				p.hide = append(p.hide, secret, url.QueryEscape(secret))
			}
			p.send = func(ctx context.Context) error { return c.sendMessage(ctx, smtp, m) }
			return p, nil
		}}
}

func (c *core) sendMessage(ctx context.Context, smtp *world.SMTP, m block.Outgoing) error {
	p := c.project.Load()
	if p == nil {
		return errors.New("no project is loaded yet")
	}
	settings := p.Settings.Messages
	switch {
	case m.Channel == block.Email && smtp != nil:
		return smtp.Send(ctx, world.Mail{ID: m.ID, From: settings.Mail.From, ReplyTo: settings.Mail.ReplyTo, At: m.At, Message: m.Message})
	case m.Channel == block.SMS && settings.SMS != nil:
		g := world.Gateway{URL: settings.SMS.URL, Method: settings.SMS.Method, Header: settings.SMS.Headers, Body: settings.SMS.Body, Secret: c.Secrets, HTTP: c.World.HTTP}
		return g.Send(ctx, m.ID, m.Message)
	}
	return fmt.Errorf("this server has no way to send by %s", m.Channel)
}

// eventCourier tells subscribers. reachable says whether a host may be told; nil
// leaves that to the egress guard.
func (c *core) eventCourier(reachable func(host string) bool) *courier {
	return &courier{kind: "event", bucket: block.EventsBucket, ledger: eventsLedger, store: c.Store, clock: c.World.Clock, log: c.Log,
		read: func(raw []byte) (parcel, error) {
			var e block.OutgoingEvent
			if err := json.Unmarshal(raw, &e); err != nil {
				return parcel{}, fmt.Errorf("the event cannot be read: %w", err)
			}
			p := parcel{Delivery: Delivery{ID: e.ID, What: e.Type, RunID: e.RunID, URL: e.URL, At: e.At, Body: json.RawMessage(e.Body)}}
			u, err := url.Parse(e.URL)
			if e.URL == "" || err != nil || reachable != nil && !reachable(u.Host) {
				return p, nil
			}
			p.send = func(ctx context.Context) error { return c.tell(ctx, e) }
			return p, nil
		}}
}

// tell sends one event. The signature is made at each try: its time says when it
// was sent.
func (c *core) tell(ctx context.Context, e block.OutgoingEvent) error {
	secret, err := c.Secrets(ctx, e.Secret)
	if err != nil {
		return fmt.Errorf("the signing key: %w", err)
	}
	body := string(e.Body)
	r := world.Request{Method: http.MethodPost, URL: e.URL, Body: body, Header: world.SignCall(secret, e.EventID, c.World.Clock.Now(), body)}
	r.Header["Content-Type"] = "application/json"
	res, err := c.World.HTTP.Do(ctx, r)
	switch {
	case err != nil:
		return err
	case res.Status >= 200 && res.Status < 300:
		return nil
	case res.Status == http.StatusGone:
		return &world.PermanentError{Err: errors.New("the subscriber answered 410: it wants no more events")}
	}
	return fmt.Errorf("the subscriber answered %d", res.Status)
}

// loopbackAllowed reports whether the project lets the harness call that host.
func (h *Harness) loopbackAllowed(host string) bool { return slices.Contains(h.loopbackHosts(), host) }

// controlEvents lists what flows have emitted and how its delivery went.
func (h *Harness) controlEvents(r *http.Request) (any, error) {
	all, err := h.events.list(r.Context())
	return map[string]any{"events": listed(all)}, err
}
