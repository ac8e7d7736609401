package session

import (
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/session"
)

// OwnSessions shows a person their sessions and lets them end any.
type OwnSessions struct{}

// Buttons of its page: end: and the id of a session, or one of these.
const (
	endOne    = "end:"
	endOthers = "end_others"
	endDone   = "done"
)

// Describe answers the descriptor.
func (OwnSessions) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "own_sessions", Family: "session", Title: "Own sessions", Icon: "list-checks",
		Summary:  "Shows a person their sessions, and ends those they pick",
		Help:     "The person must have proven in this run who they are: lead to it through a session check with a short greatest age and a password check.",
		Synonyms: []string{"devices", "sign out everywhere", "account", "activity"},
		Asks:     true,
		Fields:   []block.Field{{Name: "template", Title: "Page", Kind: block.Page, Default: "account/sessions.html"}},
		Outputs:  []block.Output{{Name: "ended", Type: "integer", Help: "How many were ended"}},
		Ports:    []block.Port{{ID: "done", Title: "done", Tone: "neutral"}},
		Needs:    []string{block.FactUser, block.FactVerified},
	}
}

// Run shows the list until the person is done with it.
func (o OwnSessions) Run(c *block.Call) (block.Result, error) {
	userID := c.Subject.UserID
	if userID == "" || userID != c.EventText("user.id") {
		return block.Result{}, block.Fail("not_authenticated", "sessions were to be shown though nobody has proven who they are").Hinted("put it after a session check or a password check")
	}
	if c.Button == endDone {
		return block.Go("done", map[string]any{"ended": c.RecallInt("ended")}), nil
	}
	if c.Button == endOthers || strings.HasPrefix(c.Button, endOne) {
		n, err := endPicked(c, userID, c.Button)
		if err != nil {
			return block.Result{}, err
		}
		c.Remember("ended", c.RecallInt("ended")+n)
	}
	return o.page(c, userID)
}

// endPicked ends what the person picked, if it is theirs.
func endPicked(c *block.Call, userID, button string) (int, error) {
	return block.Effect(c, "session.end", map[string]any{"user_id": userID, "which": button}, func(env *block.Env) (int, error) {
		if button == endOthers {
			current, _ := env.Sessions.Find(c.Ctx, env.Carried.Session) // none: all of them end
			ended, err := env.Sessions.EndOthers(c.Ctx, userID, current.ID, session.ReasonRevoked)
			return len(ended), err
		}
		mine, err := env.Sessions.List(c.Ctx, userID)
		if err != nil {
			return 0, err
		}
		for _, s := range mine {
			if s.ID == strings.TrimPrefix(button, endOne) {
				_, err := env.Sessions.End(c.Ctx, s.ID, session.ReasonRevoked)
				return 1, err
			}
		}
		return 0, nil // not theirs, or gone already
	})
}

func (OwnSessions) page(c *block.Call, userID string) (block.Result, error) {
	template, err := c.Text("template")
	if err != nil {
		return block.Result{}, err
	}
	rows, err := block.Effect(c, "session.list", map[string]any{"user_id": userID}, func(env *block.Env) ([]any, error) {
		current, _ := env.Sessions.Find(c.Ctx, env.Carried.Session)
		mine, err := env.Sessions.List(c.Ctx, userID)
		rows := []any{}
		for _, s := range mine {
			rows = append(rows, map[string]any{"button": endOne + s.ID, "current": s.ID == current.ID, "ip": s.IP, "user_agent": s.UserAgent,
				"since": s.Created.UTC().Format(time.RFC3339), "last": s.LastActive.UTC().Format(time.RFC3339)})
		}
		return rows, err
	})
	if err != nil {
		return block.Result{}, err
	}
	return block.Ask(block.PageRequest{Template: template, Model: map[string]any{"title": "page.sessions.title", "intro": "page.sessions.intro", "sessions": rows}}), nil
}
