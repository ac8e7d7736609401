package idp

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file tells clients that a session ended (OpenID Connect Back-Channel
// Logout): from the notice in the store to the last try.

const (
	typeLogoutToken = "logout+jwt"
	logoutEvent     = "http://schemas.openid.net/event/backchannel-logout"
	logoutTokenLife = 2 * time.Minute

	bucketWaiting = "backchannel"      // id → delivery that is to be tried
	bucketDone    = "backchannel_done" // id → delivery, for a day
	doneLife      = 24 * time.Hour

	atOnce     = 100 // notices taken in one unit of work
	sideBySide = 8   // calls at the same time: a client that hangs holds up few
	lookEvery  = time.Second

	// Sessions that time ended are recorded in small units of work, so that
	// nobody waits for one, and so many in a round that a flood of them does not
	// take all of the machine.
	expiredOnce, expiredRounds = 100, 20
)

// retries are the pauses after each try that failed; then it is given up.
var retries = []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute}

// States of a Delivery.
const (
	DeliveryWaiting   = "waiting"
	DeliveryDelivered = "delivered"
	DeliveryFailed    = "failed"
)

// Delivery is the telling of one client that one session ended.
type Delivery struct {
	ID        string    `json:"id"`
	ClientID  string    `json:"client_id"`
	URI       string    `json:"uri"`
	SessionID string    `json:"session_id"`
	UserID    string    `json:"user_id"`
	State     string    `json:"state"`
	At        time.Time `json:"at"` // the session ended
	// Issuer is under which address the client knows the provider.
	Issuer    string    `json:"issuer,omitempty"`
	Attempts  int       `json:"attempts"`
	Next      time.Time `json:"next,omitzero"`
	LastError string    `json:"last_error,omitempty"`
}

// Deliveries answers those that wait and those of the last day.
func (p *Provider) Deliveries(ctx context.Context) ([]Delivery, error) {
	var all []Delivery
	for _, bucket := range []string{bucketWaiting, bucketDone} {
		entries, err := p.o.Store.List(ctx, bucket, "", "", 0)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			d, err := readDelivery(e)
			if err != nil {
				return nil, err
			}
			all = append(all, d)
		}
	}
	slices.SortStableFunc(all, func(a, b Delivery) int { return a.At.Compare(b.At) })
	return all, nil
}

func readDelivery(e store.Entry) (d Delivery, err error) {
	if err := json.Unmarshal(e.Value, &d); err != nil {
		return d, fmt.Errorf("idp: delivery %s is not readable: %w", e.ID, err)
	}
	return d, nil
}

func (d Delivery) value() ([]byte, error) {
	raw, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("idp: delivery %s cannot be written: %w", d.ID, err)
	}
	return raw, nil
}

// KeepDelivering does what is due until ctx ends.
func (p *Provider) KeepDelivering(ctx context.Context) {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		if _, err := p.Deliver(ctx); err != nil && ctx.Err() == nil {
			p.o.Report(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-p.wake:
		}
	}
}

// nudge lets KeepDelivering look at once.
func (p *Provider) nudge() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// Deliver does once what is due: it records the sessions that time ended, turns
// keys that are old, and tells clients of ended sessions. It answers how many it
// tried to tell.
func (p *Provider) Deliver(ctx context.Context) (attempts int, err error) {
	if err := p.recordExpired(ctx); err != nil {
		return 0, err
	}
	if err := p.rotateOld(ctx); err != nil {
		return 0, err
	}
	if p.o.HTTP == nil {
		return 0, nil
	}
	if err := again(func() error { return p.address(ctx) }); err != nil {
		return 0, err
	}
	return p.tryWaiting(ctx)
}

func (p *Provider) recordExpired(ctx context.Context) error {
	for range expiredRounds {
		found := 0
		err := again(func() error {
			u := p.begin()
			ended, err := u.sessions.CollectExpired(ctx, expiredOnce)
			if err != nil {
				return err
			}
			found = len(ended)
			return u.Commit(ctx)
		})
		if err != nil || found < expiredOnce {
			return err
		}
	}
	return nil
}

// address makes deliveries of the notices of ended sessions.
func (p *Provider) address(ctx context.Context) error {
	u := p.begin()
	notices, err := u.sessions.TakeNotices(ctx, atOnce)
	if err != nil {
		return err
	}
	for _, n := range notices {
		for _, c := range n.Clients {
			if err := p.queue(ctx, u, n, c.ID); err != nil {
				return err
			}
		}
	}
	return u.Commit(ctx)
}

func (p *Provider) queue(ctx context.Context, w store.Writer, n session.Notice, clientID string) error {
	client, known := p.o.Clients.Client(ctx, clientID)
	if !known || client.BackchannelLogoutURI == "" {
		return nil
	}
	d := Delivery{ID: n.SessionID + "/" + clientID, ClientID: clientID, URI: client.BackchannelLogoutURI, SessionID: n.SessionID, UserID: n.UserID,
		State: DeliveryWaiting, At: n.At, Next: p.o.Clock.Now().UTC()}
	var err error
	if d.Issuer, err = p.issuerFor(ctx, w, n.SessionID, clientID); err != nil {
		return err
	}
	raw, err := d.value()
	if err == nil {
		w.Put(bucketWaiting, d.ID, raw, time.Time{})
	}
	return err
}

func (p *Provider) tryWaiting(ctx context.Context) (attempts int, err error) {
	entries, err := p.o.Store.List(ctx, bucketWaiting, "", "", 0)
	if err != nil {
		return 0, err
	}
	var wg sync.WaitGroup
	gate := make(chan struct{}, sideBySide)
	for _, e := range entries {
		d, err := p.claimTry(ctx, e)
		if err != nil {
			return attempts, err
		}
		if d == nil {
			continue
		}
		attempts++
		gate <- struct{}{}
		wg.Go(func() {
			defer func() { <-gate }()
			// What was told is written down even if the server is just stopping.
			if err := p.settle(context.WithoutCancel(ctx), *d, p.tell(ctx, *d)); err != nil {
				p.o.Report(err)
			}
		})
	}
	wg.Wait()
	return attempts, nil
}

// claimTry writes down that a try is made before it is: of two servers one makes
// it, and after a crash it is made again in its time.
func (p *Provider) claimTry(ctx context.Context, e store.Entry) (*Delivery, error) {
	d, err := readDelivery(e)
	now := p.o.Clock.Now().UTC()
	if err != nil || now.Before(d.Next) {
		return nil, err
	}
	d.Next = now.Add(retries[min(d.Attempts, len(retries)-1)])
	d.Attempts++
	raw, err := d.value()
	if err != nil {
		return nil, err
	}
	err = p.o.Store.Commit(ctx, store.Op{Kind: store.OpPut, Bucket: bucketWaiting, ID: d.ID, Value: raw, Expect: e.Version})
	if store.IsConflict(err) {
		return nil, nil
	}
	return &d, err
}

// tell sends the logout token.
func (p *Provider) tell(ctx context.Context, d Delivery) error {
	client, known := p.o.Clients.Client(ctx, d.ClientID)
	if !known || client.BackchannelLogoutURI == "" {
		return fmt.Errorf("client %q is no longer registered for it", d.ClientID)
	}
	token, err := p.logoutToken(ctx, client, d)
	if err != nil {
		return err
	}
	resp, err := p.o.HTTP.Do(ctx, world.Request{Method: http.MethodPost, URL: client.BackchannelLogoutURI,
		Header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, Body: url.Values{"logout_token": {token}}.Encode()})
	if err != nil {
		return err
	}
	if resp.Status != http.StatusOK && resp.Status != http.StatusNoContent {
		return fmt.Errorf("the client answered %d", resp.Status)
	}
	return nil
}

// logoutToken follows section 2.4: no nonce, so that it is never taken for an ID
// token.
func (p *Provider) logoutToken(ctx context.Context, client Client, d Delivery) (string, error) {
	key, err := p.keys.signer(ctx, client.idTokenAlg())
	if err != nil {
		return "", err
	}
	now := p.o.Clock.Now()
	return key.sign(typeLogoutToken, jwt.MapClaims{
		"iss": cmp.Or(d.Issuer, p.o.Issuer), "sub": d.UserID, "aud": d.ClientID, "sid": d.SessionID, "jti": p.randomText(16),
		"iat": now.Unix(), "exp": now.Add(logoutTokenLife).Unix(), "events": map[string]any{logoutEvent: map[string]any{}},
	})
}

// settle writes down what came of a try.
func (p *Provider) settle(ctx context.Context, d Delivery, failure error) error {
	d.LastError = ""
	if failure != nil {
		d.LastError = describe(strings.TrimSpace(failure.Error()))
	}
	tx := p.begin()
	switch {
	case failure == nil:
		d.State = DeliveryDelivered
	case d.Attempts > len(retries):
		d.State = DeliveryFailed
	}
	if d.State != DeliveryWaiting {
		d.Next = time.Time{}
	}
	raw, err := d.value()
	if err != nil {
		return err
	}
	if d.State == DeliveryWaiting {
		tx.Overwrite(bucketWaiting, d.ID, raw, time.Time{})
		return tx.Commit(ctx)
	}
	tx.Remove(bucketWaiting, d.ID)
	tx.Overwrite(bucketDone, d.ID, raw, p.o.Clock.Now().Add(doneLife))
	if err := tx.log.Append(audit.Record{Type: "logout." + d.State, UserID: d.UserID, SessionID: d.SessionID, ClientID: d.ClientID,
		Data: map[string]any{"attempts": d.Attempts, "uri": d.URI, "error": d.LastError}}); err != nil {
		return err
	}
	return tx.Commit(ctx)
}
