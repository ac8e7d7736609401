package block

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/golang-jwt/jwt/v5"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file makes and checks the links of messages. A link is a signed token
// that names one record: the signature keeps guesses out, the record makes it
// work once, and the run in it keeps it to the browser that asked for it.

// Buckets of links, and of the key that signs them.
const (
	linksBucket    = "links"
	linkKeysBucket = "link_keys"
	linkKey        = "current"
)

// LinkPath is where links lead.
const LinkPath = "/fl/link"

// LinkField carries a link's token to the block that waits for it.
const LinkField = "link_token"

const linkAudience = "authflow-link"

// linkMemory is how long past its life a link can still be told to be over.
const linkMemory = 24 * time.Hour

// LinkState says what a link is worth.
type LinkState string

// The states of a link.
const (
	LinkOK      LinkState = "ok"
	LinkExpired LinkState = "expired"
	LinkUsed    LinkState = "used"
	LinkForged  LinkState = "forged" // or of another server
)

// Link is what the store knows of one.
type Link struct {
	ID      string    `json:"id"`
	RunID   string    `json:"run_id"`
	UserID  string    `json:"user_id,omitempty"`
	Channel string    `json:"channel"`
	To      string    `json:"to,omitempty"`
	Used    bool      `json:"used,omitempty"`
	Expires time.Time `json:"expires"`
}

// MakeLink makes a link and answers its address, which is at the host that the
// person is at: their browser keeps the run's cookie for that one. It is called
// inside an effect.
func MakeLink(c *Call, env *Env, l Link) (string, error) {
	ctx, origin := c.Ctx, env.OriginOf(c.EventText("request.host"))
	if origin == "" {
		return "", Fail("no_address", "a link was to be sent, and the server does not know its own address")
	}
	key, err := signingKey(ctx, env)
	if err != nil {
		return "", err
	}
	now := env.World.Clock.Now()
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{ID: l.ID, Audience: jwt.ClaimStrings{linkAudience},
		IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(l.Expires)}).SignedString(key)
	if err != nil {
		return "", fmt.Errorf("link: %w", err)
	}
	return origin + LinkPath + "?t=" + url.QueryEscape(token), l.save(env.Store)
}

func (l Link) save(w store.Writer) error {
	raw, err := json.Marshal(l, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("link: %w", err)
	}
	w.Put(linksBucket, l.ID, raw, l.Expires.Add(linkMemory))
	return nil
}

// signingKey answers the key of this store's links; the first link makes it.
func signingKey(ctx context.Context, env *Env) ([]byte, error) {
	e, err := env.Store.Get(ctx, linkKeysBucket, linkKey)
	if err == nil {
		return e.Value, nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	key := make([]byte, 32)
	env.World.Random.Read(key)
	env.Store.Create(linkKeysBucket, linkKey, key, time.Time{})
	return key, nil
}

// ReadLink answers what a token is worth; it changes nothing, as often as a
// scanner of mail may look.
func ReadLink(ctx context.Context, r store.Reader, now time.Time, token string) (Link, LinkState, error) {
	key, err := r.Get(ctx, linkKeysBucket, linkKey)
	if errors.Is(err, store.ErrNotFound) {
		return Link{}, LinkForged, nil
	}
	if err != nil {
		return Link{}, "", fmt.Errorf("link: %w", err)
	}
	var claims jwt.RegisteredClaims
	_, err = jwt.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return key.Value, nil }, jwt.WithValidMethods([]string{"HS256"}),
		jwt.WithAudience(linkAudience), jwt.WithExpirationRequired(), jwt.WithTimeFunc(func() time.Time { return now }))
	late := errors.Is(err, jwt.ErrTokenExpired)
	if err != nil && !late {
		return Link{}, LinkForged, nil
	}
	e, err := r.Get(ctx, linksBucket, claims.ID)
	if errors.Is(err, store.ErrNotFound) {
		return Link{}, LinkExpired, nil
	}
	if err != nil {
		return Link{}, "", fmt.Errorf("link: %w", err)
	}
	var l Link
	if err := json.Unmarshal(e.Value, &l); err != nil {
		return Link{}, "", fmt.Errorf("link: %s cannot be read: %w", e.ID, err)
	}
	switch {
	case l.Used:
		return l, LinkUsed, nil
	case late || !now.Before(l.Expires):
		return l, LinkExpired, nil
	}
	return l, LinkOK, nil
}

// usedLink is what came of UseLink, as the journal holds it.
type usedLink struct {
	State LinkState `json:"state"`
	Link  Link      `json:"link,omitzero"`
}

// UseLink uses up the link that a person followed, when it is the one that the
// block waits for; of two uses one commit wins.
func UseLink(c *Call, id string) (Link, LinkState, error) {
	token, _ := c.Secret(LinkField)
	c.DropSecret(LinkField)
	used, err := Effect(c, "link.use", map[string]any{"id": id}, func(env *Env) (usedLink, error) {
		l, state, err := ReadLink(c.Ctx, env.Store, env.World.Clock.Now(), token)
		if err != nil || state != LinkOK {
			return usedLink{State: state}, err
		}
		if l.ID != id || l.RunID != c.RunID {
			return usedLink{State: LinkForged}, nil
		}
		l.Used = true
		return usedLink{LinkOK, l}, l.save(env.Store)
	})
	return used.Link, used.State, err
}

// newID makes an id; it is no secret.
func newID(env *Env, prefix string) string {
	raw := make([]byte, 12)
	env.World.Random.Read(raw)
	return prefix + base64.RawURLEncoding.EncodeToString(raw)
}
