package server

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/authflow-studio/authflow/engine/flow"
)

// This file lets testers see what happens when a provider misbehaves: the next
// sign-ins at a simulated provider come with what was ordered.

// SocialOrder is what a simulated provider does wrong next.
type SocialOrder struct {
	Answer string `json:"answer"`
	// Times of 0 goes on until it is cleared.
	Times int `json:"times"`
}

// What can be ordered, by where it shows.
const (
	AnswerWithoutIssuer = "answer_without_issuer"
	AnswerOfAnother     = "answer_of_another"
	TokenRefused        = "token_refused"
	WrongNonce          = "wrong_nonce"
	WrongAudience       = "wrong_audience"
	WrongParty          = "wrong_azp"
	WrongIssuer         = "wrong_issuer"
	Expired             = "expired"
	NoSubject           = "no_subject"
	ForeignKey          = "foreign_key"
	Unsigned            = "unsigned"
	SignedWithSecret    = "signed_with_secret"
	EmailUnverified     = "email_unverified"
	NoEmail             = "no_email"
)

var (
	inAnswer  = []string{AnswerWithoutIssuer, AnswerOfAnother}
	inToken   = []string{TokenRefused}
	inIDToken = []string{WrongNonce, WrongAudience, WrongParty, WrongIssuer, Expired, NoSubject, ForeignKey, Unsigned, SignedWithSecret}
	inPerson  = []string{EmailUnverified, NoEmail}
)

// SocialOrders lists what can be ordered.
func SocialOrders() []string { return slices.Concat(inAnswer, inToken, inIDToken, inPerson) }

// SocialView is a provider of the project as the harness has it.
type SocialView struct {
	ID        string        `json:"id"`
	Title     string        `json:"title"`
	Simulated bool          `json:"simulated"`
	Orders    []SocialOrder `json:"orders"`
}

// ordered takes the next order of a kind, "" when there is none.
func (s *socialProviders) ordered(provider string, kinds []string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.orders[provider]
	i := slices.IndexFunc(list, func(o SocialOrder) bool { return slices.Contains(kinds, o.Answer) })
	if i < 0 {
		return ""
	}
	answer := list[i].Answer
	switch list[i].Times {
	case 0:
	case 1:
		s.orders[provider] = slices.Delete(slices.Clone(list), i, i+1)
	default:
		list[i].Times--
	}
	return answer
}

// spoil changes an ID token as was ordered.
func spoil(claims jwt.MapClaims, order string, now time.Time) {
	switch order {
	case WrongNonce:
		claims["nonce"] = "another"
	case WrongAudience:
		claims["aud"] = "another-client"
	case WrongParty:
		claims["azp"] = "another-client"
	case WrongIssuer:
		claims["iss"] = "https://another.example"
	case Expired:
		claims["iat"], claims["exp"] = now.Add(-time.Hour).Unix(), now.Add(-time.Minute).Unix()
	case NoSubject:
		delete(claims, "sub")
	}
}

// changePerson changes what is said of somebody as was ordered.
func (s *socialProviders) changePerson(g *socialGrant) {
	switch s.ordered(g.provider, inPerson) {
	case EmailUnverified:
		g.person.EmailVerified = false
	case NoEmail:
		g.person.Email = ""
	}
}

// OrderSocial lets the next sign-ins at a simulated provider come with something
// wrong.
func (h *Harness) OrderSocial(provider string, o SocialOrder) error {
	if !slices.Contains(SocialOrders(), o.Answer) || o.Times < 0 {
		return fmt.Errorf("%w: answer must be one of %v, and times 0 or more", ErrOrder, SocialOrders())
	}
	if !slices.ContainsFunc(h.SocialProviders(), func(v SocialView) bool { return v.ID == provider && v.Simulated }) {
		return fmt.Errorf("%w: there is no simulated provider %q", ErrOrder, provider)
	}
	h.social.mu.Lock()
	defer h.social.mu.Unlock()
	h.social.orders[provider] = append(slices.Clone(h.social.orders[provider]), o)
	return nil
}

// ClearSocial takes all orders back.
func (h *Harness) ClearSocial() {
	h.social.mu.Lock()
	defer h.social.mu.Unlock()
	clear(h.social.orders)
}

// SocialProviders lists the project's providers.
func (h *Harness) SocialProviders() []SocialView {
	out := []SocialView{}
	p := h.project.Load()
	if p == nil {
		return out
	}
	for _, id := range slices.Sorted(maps.Keys(p.Settings.Providers)) {
		out = append(out, h.social.view(id, p.Settings.Providers[id]))
	}
	return out
}

func (s *socialProviders) view(id string, p flow.SocialProvider) SocialView {
	v := SocialView{ID: id, Title: p.Name(id), Simulated: s.simulates(context.Background(), p)}
	s.mu.Lock()
	defer s.mu.Unlock()
	v.Orders = listed(slices.Clone(s.orders[id]))
	return v
}

// controlSocial adds the addresses of the control API.
func (h *Harness) controlSocial(handle func(pattern string, f func(r *http.Request) (any, error))) {
	handle("GET /social", func(*http.Request) (any, error) {
		return map[string]any{"providers": h.SocialProviders(), "answers": SocialOrders()}, nil
	})
	handle("PUT /social/{provider}", func(r *http.Request) (any, error) {
		in := SocialOrder{Times: 1}
		if err := body(r, &in); err != nil {
			return nil, err
		}
		return map[string]bool{"set": true}, ordered(h.OrderSocial(r.PathValue("provider"), in))
	})
	handle("DELETE /social", func(*http.Request) (any, error) {
		h.ClearSocial()
		return map[string]bool{"cleared": true}, nil
	})
}
