package pages

import (
	"errors"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/store"
)

// ConsentBucket holds what people have allowed applications, by user and client.
const ConsentBucket = "consents"

// Consent asks for what the application wants to know and do.
type Consent struct{}

// Describe answers the descriptor.
func (Consent) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "consent", Family: "pages", Title: "Consent", Icon: "handshake",
		Summary:  "Asks whether the application may have what it asks for",
		Help:     "Shows the application's name and the scopes it asks for. What was allowed once is not asked again, unless the application asks for more or for the question (prompt=consent).",
		Synonyms: []string{"scopes", "permission", "allow", "grant", "oauth"},
		Asks:     true,
		Fields:   []block.Field{{Name: "template", Title: "Page", Kind: block.Page, Default: "consent.html"}},
		Outputs:  []block.Output{{Name: "granted", Type: "array", Help: "The scopes that were allowed"}},
		Ports:    []block.Port{{ID: "granted", Title: "granted", Tone: "good"}, {ID: "refused", Title: "refused", Tone: "bad"}},
		Needs:    []string{block.FactUser},
	}
}

// Run asks, unless all of it was allowed before.
func (Consent) Run(c *block.Call) (block.Result, error) {
	userID, clientID := c.EventText("user.id"), c.EventText("client.id")
	tx, _ := c.View.Event["transaction"].(map[string]any)
	asked, _ := tx["scopes"].([]any)
	if userID == "" {
		return block.Result{}, block.Fail("no_user", "consent was asked for before anybody was found").Hinted("put it after a password check")
	}
	id := userID + "/" + clientID
	if c.Resumed() {
		switch c.Button {
		case "allow":
			return grant(c, id, asked)
		case "refuse":
			return block.Go("refused", map[string]any{"granted": []any{}}), nil
		}
	} else if c.EventText("transaction.prompt") != "consent" {
		before, err := block.Effect(c, "consent.read", map[string]any{"id": id}, func(env *block.Env) ([]string, error) { return readConsent(c, env, id) })
		if err != nil {
			return block.Result{}, err
		}
		missing := slices.ContainsFunc(asked, func(s any) bool { text, _ := s.(string); return !slices.Contains(before, text) })
		if !missing {
			return block.Go("granted", map[string]any{"granted": asked}), nil
		}
	}
	template, err := c.Text("template")
	if err != nil {
		return block.Result{}, err
	}
	return block.Ask(block.PageRequest{Template: template, Buttons: []string{"allow", "refuse"},
		Model: map[string]any{"title": "page.consent.title", "intro": "page.consent.intro", "client": c.EventText("client.name"), "scopes": asked}}), nil
}

func grant(c *block.Call, id string, asked []any) (block.Result, error) {
	_, err := block.Effect(c, "consent.write", map[string]any{"id": id, "scopes": asked}, func(env *block.Env) (block.Void, error) {
		scopes, err := readConsent(c, env, id)
		if err != nil {
			return block.Void{}, err
		}
		for _, s := range asked {
			if text, ok := s.(string); ok && !slices.Contains(scopes, text) {
				scopes = append(scopes, text)
			}
		}
		slices.Sort(scopes)
		text, err := json.Marshal(scopes)
		if err != nil {
			return block.Void{}, err
		}
		env.Store.Put(ConsentBucket, id, text, time.Time{})
		return block.Void{}, nil
	})
	return block.Go("granted", map[string]any{"granted": asked}), err
}

func readConsent(c *block.Call, env *block.Env, id string) ([]string, error) {
	e, err := env.Store.Get(c.Ctx, ConsentBucket, id)
	if errors.Is(err, store.ErrNotFound) {
		return []string{}, nil
	}
	if err != nil {
		return nil, err
	}
	var scopes []string
	return scopes, json.Unmarshal(e.Value, &scopes)
}
