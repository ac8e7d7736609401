package studio

import (
	"context"
	"time"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

// Session is one live session.
type Session struct {
	ID            string     `json:"id"`
	UserID        string     `json:"user_id"`
	User          string     `json:"user"`
	ACR           string     `json:"acr"`
	AMR           []string   `json:"amr"`
	CreatedAt     time.Time  `json:"created_at"`
	LastSeenAt    time.Time  `json:"last_seen_at"`
	IdleExpiresAt *time.Time `json:"idle_expires_at"`
	ExpiresAt     time.Time  `json:"expires_at"`
	IP            string     `json:"ip"`
	UserAgent     string     `json:"user_agent"`
	Clients       []string   `json:"clients"`
}

// rooms answers the services over one unit of work.
func (w *workspace) rooms() (*store.Tx, *directory.Directory, *session.Sessions) {
	h := w.harness
	tx := store.Begin(h.Store())
	return tx, directory.New(tx, h.Clock, h.World.Random, nil), session.New(tx, h.Clock, h.World.Random)
}

func (w *workspace) sessions(ctx context.Context) ([]Session, error) {
	_, people, sessions := w.rooms()
	list, err := sessions.ListAll(ctx, 0, "")
	if err != nil {
		return nil, err
	}
	out := []Session{}
	for _, ses := range list {
		v := Session{ID: ses.ID, UserID: ses.UserID, User: ses.UserID, ACR: string(ses.AAL), AMR: append([]string{}, ses.AMR...), CreatedAt: ses.Created,
			LastSeenAt: ses.LastActive, ExpiresAt: ses.Expires, IP: ses.IP, UserAgent: ses.UserAgent, Clients: []string{}}
		if !ses.IdleExpires.IsZero() {
			v.IdleExpiresAt = &ses.IdleExpires
		}
		if u, err := people.Get(ctx, ses.UserID); err == nil {
			v.User = displayName(u)
		}
		for _, c := range ses.Clients {
			v.Clients = append(v.Clients, c.ID)
		}
		out = append(out, v)
	}
	return out, nil
}

func displayName(u directory.User) string {
	for _, s := range []string{u.Name, u.Email, u.Username, u.Phone} {
		if s != "" {
			return s
		}
	}
	return u.ID
}

func (s *Studio) sessions(ctx context.Context, _ none) ([]Session, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	return w.sessions(ctx)
}

type idArg struct{ ID string }

// revokeSession ends a session and everything that came of it.
func (s *Studio) revokeSession(ctx context.Context, a idArg) (any, error) {
	return s.atHarness(ctx, func(_ *store.Tx, _ *directory.Directory, sessions *session.Sessions, log *audit.Log) error {
		ended, err := sessions.Revoke(ctx, a.ID)
		if err != nil {
			return err
		}
		return log.Append(audit.Record{Type: "session.revoked", UserID: ended.UserID, SessionID: ended.ID, Data: map[string]any{"by": "studio"}})
	})
}

// User is one account of the harness.
type User struct {
	ID         string   `json:"id"`
	Email      string   `json:"email"`
	Username   string   `json:"username"`
	Name       string   `json:"name"`
	Status     string   `json:"status"`
	Factors    []string `json:"factors"`
	LastSignIn string   `json:"last_sign_in,omitempty"`
}

func (s *Studio) users(ctx context.Context, _ none) ([]User, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	return w.users(ctx)
}

func (w *workspace) users(ctx context.Context) ([]User, error) {
	_, people, _ := w.rooms()
	list, err := people.List(ctx, "", 0)
	if err != nil {
		return nil, err
	}
	out := []User{}
	for _, u := range list {
		v := User{ID: u.ID, Email: u.Email, Username: u.Username, Name: u.Name, Status: string(u.Status), Factors: []string{}}
		for _, f := range u.Factors {
			v.Factors = append(v.Factors, f.Kind)
		}
		if !u.LastSignIn.At.IsZero() {
			v.LastSignIn = u.LastSignIn.At.UTC().Format(time.RFC3339)
		}
		out = append(out, v)
	}
	return out, nil
}

func (s *Studio) resetUsers(ctx context.Context, _ none) (any, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	if err := w.harness.ResetUsers(ctx); err != nil {
		return nil, err
	}
	return nil, nil
}

func (w *workspace) outbox(ctx context.Context) ([]server.Message, error) {
	return w.harness.Outbox(ctx)
}

func (s *Studio) outbox(ctx context.Context, _ none) ([]server.Message, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	return w.outbox(ctx)
}

// AuditRecord is one record of the audit chain.
type AuditRecord struct {
	Seq  uint64         `json:"seq"`
	At   time.Time      `json:"at"`
	Type string         `json:"type"`
	Run  string         `json:"run,omitempty"`
	Flow string         `json:"flow,omitempty"`
	User string         `json:"user,omitempty"`
	IP   string         `json:"ip,omitempty"`
	Data map[string]any `json:"data"`
}

// auditPage bounds how many records are answered at once.
const auditPage = 500

func (s *Studio) audit(ctx context.Context, a struct{ After uint64 }) ([]AuditRecord, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	tx, _, _ := w.rooms()
	entries, err := audit.New(tx, w.harness.Clock).Read(ctx, a.After, auditPage)
	if err != nil {
		return nil, err
	}
	out := []AuditRecord{}
	for _, e := range entries {
		r := AuditRecord{Seq: e.Seq, At: e.At, Type: e.Type, Run: e.RunID, Flow: e.Flow, User: e.UserID, IP: e.IP, Data: e.Data}
		if r.Data == nil {
			r.Data = map[string]any{}
		}
		out = append(out, r)
	}
	return out, nil
}
