// Package world is the one seam between the engine and everything outside a
// run: time, randomness, outgoing calls, mail and SMS, what is known of an
// address (rule X4).
//
// It owns: the contracts, the real world (real.go) and the simulated one that
// the harness uses (simulated.go).
// The law: no package of the engine but this one reads the clock, draws random
// bytes or opens a connection.
package world

import (
	"context"
	"time"
)

// Clock tells the time.
type Clock interface{ Now() time.Time }

// Random fills p with random bytes. It cannot fail: a machine with no
// randomness must not go on.
type Random interface{ Read(p []byte) }

// Request is an outgoing call as plain data.
type Request struct {
	Method string            `json:"method"`
	URL    string            `json:"url"`
	Header map[string]string `json:"header,omitempty"`
	Body   string            `json:"body,omitempty"`
	// Timeout of zero takes the world's default (2 s, rule X6).
	Timeout time.Duration `json:"timeout,omitempty"`
}

// Response is the answer to a Request as plain data.
type Response struct {
	Status int               `json:"status"`
	Header map[string]string `json:"header,omitempty"`
	Body   string            `json:"body,omitempty"`
}

// HTTP makes outgoing calls, behind the egress guard (rule A8).
type HTTP interface {
	Do(ctx context.Context, r Request) (Response, error)
}

// Network is what is known of an address.
type Network struct {
	IP      string  `json:"ip"`
	Country string  `json:"country,omitempty"` // ISO 3166-1 alpha-2; empty: unknown
	City    string  `json:"city,omitempty"`
	Lat     float64 `json:"lat,omitempty"` // degrees
	Lon     float64 `json:"lon,omitempty"`
	ASN     int     `json:"asn,omitempty"`
	Kind    string  `json:"kind,omitempty"` // residential, hosting, vpn, tor, proxy, corporate; empty: unknown
	// SetBy is tester where somebody who tests has set the kind.
	SetBy string `json:"set_by,omitempty"`
}

// Networks looks addresses up.
type Networks interface{ Lookup(ip string) Network }

// Message is a mail or an SMS. Secret parts (a code, a link) stand in Secrets
// as well, so that the outbox can offer them and the journal can leave them out.
type Message struct {
	Channel string            `json:"channel"` // email or sms
	To      string            `json:"to"`
	Subject string            `json:"subject,omitempty"`
	Text    string            `json:"text"`
	HTML    string            `json:"html,omitempty"`
	Secrets map[string]string `json:"secrets,omitempty"` // code, link
	// NotAfter is when it is of no more use: it is not sent late.
	NotAfter time.Time `json:"not_after,omitzero"`
}

// World is what one engine is given.
type World struct {
	Clock    Clock
	Random   Random
	HTTP     HTTP
	Networks Networks
	// Address is where people reach this server, for the links of messages.
	Address string
}
