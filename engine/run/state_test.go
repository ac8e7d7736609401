package run_test

import (
	"bytes"
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
)

func encode(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// X3: what a block sees survives being written and read; going on from the copy
// gives the same run.
func TestX3_TheStateIsPlainData(t *testing.T) {
	r := newRig(t)
	r.person("ada@example.com", "s3cret-password")
	checked := 0
	r.engine.Hook = hookFunc(func(s *run.State) *run.State {
		text := encode(t, s)
		copied := &run.State{}
		if err := json.Unmarshal(text, copied); err != nil {
			t.Fatal(err)
		}
		if again := encode(t, copied); !bytes.Equal(text, again) {
			t.Errorf("before %s:\n%s\n%s", s.Top().Block, text, again)
		}
		if v, c := s.View(), copied.View(); !reflect.DeepEqual(normal(t, v), normal(t, c)) {
			t.Errorf("before %s the copy looks different", s.Top().Block)
		}
		checked++
		return copied
	})
	stop := r.start(project(t, "pw", passwordLogin))
	done, err := r.submit(r.engine, stop, stop.Key, rightPassword)
	if err != nil || done.State.Outcome() != "succeeded" || checked < 5 {
		t.Errorf("outcome %v, %v, %d states", done, err, checked)
	}
}

func normal(t *testing.T, v any) any {
	t.Helper()
	var out any
	if err := json.Unmarshal(encode(t, v), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

type hookFunc func(*run.State) *run.State

func (h hookFunc) Before(_ context.Context, m *run.Moment) (*run.Order, error) {
	if s := h(&m.State); s != nil {
		return &run.Order{State: s}, nil
	}
	return nil, nil
}
func (h hookFunc) After(context.Context, *run.State, run.Step) (*run.Order, error) { return nil, nil }

// X4: the journal alone gives the run again, byte for byte, with no effect
// performed.
func TestX4_TheJournalGivesTheSameRun(t *testing.T) {
	r := newRig(t)
	r.person("ada@example.com", "s3cret-password")
	p := project(t, "pw", passwordLogin)
	stop := r.start(p)
	wrong := run.Input{Fields: map[string]any{"identifier": "ada@example.com"}, Vault: map[string]string{"password": "wrong"}}
	stop2, err := r.submit(r.engine, stop, stop.Key, wrong)
	if err != nil {
		t.Fatal(err)
	}
	done, err := r.submit(r.engine, stop2, stop.Key, rightPassword)
	if err != nil {
		t.Fatal(err)
	}
	journal, err := r.engine.JournalOf(context.Background(), stop.State.ID)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]bool{}
	for _, e := range journal {
		kinds[e.Effect] = true
	}
	for _, want := range []string{"now", "directory.verify_password", "risk.facts", "session.issue"} {
		if !kinds[want] {
			t.Errorf("the journal holds no effect %s", want)
		}
	}
	m := &run.Machine{Catalogue: catalogue.All(), Project: p, Budgets: p.Settings.WithDefaults().Budgets}
	replayed, err := run.Replay(context.Background(), m, nil, journal)
	if err != nil {
		t.Fatal(err)
	}
	live := *done.State
	live.Key = "" // the cookie's secret is no part of the run
	if a, b := encode(t, &live), encode(t, replayed); !bytes.Equal(a, b) {
		t.Errorf("live     %s\nreplayed %s", a, b)
	}
}

func TestX4_AReplayOnAChangedFlowSaysWhere(t *testing.T) {
	r := newRig(t)
	r.person("ada@example.com", "s3cret-password")
	stop := r.start(project(t, "pw", passwordLogin))
	if _, err := r.submit(r.engine, stop, stop.Key, rightPassword); err != nil {
		t.Fatal(err)
	}
	journal, err := r.engine.JournalOf(context.Background(), stop.State.ID)
	if err != nil {
		t.Fatal(err)
	}
	changed := project(t, "pw", strings.ReplaceAll(passwordLogin, "step.risk.score > 90", "true"))
	m := &run.Machine{Catalogue: catalogue.All(), Project: changed, Budgets: changed.Settings.WithDefaults().Budgets}
	_, err = run.Replay(context.Background(), m, nil, journal)
	if err == nil || !strings.Contains(err.Error(), "leave pick default") {
		t.Errorf("the replay answered %v", err)
	}
}

// T3: what a person types as a password is in no state and no journal.
func TestT3_NoPasswordInStateOrJournal(t *testing.T) {
	const planted = "planted-pa55word-1f2e"
	r := newRig(t)
	r.person("ada@example.com", planted)
	stop := r.start(project(t, "pw", passwordLogin))
	in := run.Input{Fields: map[string]any{"identifier": "ada@example.com"}, Vault: map[string]string{"password": planted}}
	done, err := r.submit(r.engine, stop, stop.Key, in)
	if err != nil || done.Issued.SessionSecret == "" {
		t.Fatal(err)
	}
	for _, bucket := range []string{run.RunsBucket, run.JournalBucket, run.ProjectsBucket, "sessions", "devices", "audit", "users"} {
		entries, err := r.store.List(context.Background(), bucket, "", "", 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			for _, secret := range []string{planted, done.Issued.SessionSecret, done.Issued.DeviceSecret, stop.Key} {
				if bytes.Contains(e.Value, []byte(secret)) {
					t.Errorf("%s/%s holds a secret", bucket, e.ID)
				}
			}
		}
	}
}

// X9: what a block has put out cannot be altered by a later one of the same
// run, and outputs of a snapshot stay as they were.
func TestX9_SnapshotsAndOutputsStayAsTheyWere(t *testing.T) {
	r := newRig(t)
	r.person("ada@example.com", "s3cret-password")
	var states []run.State
	var texts [][]byte
	r.engine.Hook = hookFunc(func(s *run.State) *run.State {
		states, texts = append(states, *s), append(texts, encode(t, s))
		return nil
	})
	stop := r.start(project(t, "pw", passwordLogin))
	if _, err := r.submit(r.engine, stop, stop.Key, rightPassword); err != nil {
		t.Fatal(err)
	}
	for i := range states {
		if now := encode(t, &states[i]); !bytes.Equal(now, texts[i]) {
			t.Errorf("snapshot %d was changed:\n%s\n%s", i, texts[i], now)
		}
	}
}

// G5: nothing runs after a terminal block, whatever its file says.
func TestG5_NothingRunsAfterATerminalBlock(t *testing.T) {
	p := project(t, "no", `"no":{"type":"deny","stage":"pre_login","next":{"next":"ok"}},"ok":{"type":"allow","stage":"pre_login"}`)
	w := &watcher{}
	r := newRig(t)
	r.engine.Hook = w
	s := r.start(p).State
	if s.End.Success || strings.Join(w.path, " ") != "no:" {
		t.Errorf("path %v, end %+v", w.path, s.End)
	}
}

func BenchmarkInterpreter(b *testing.B) {
	// 40 blocks that compute, without JavaScript and without a store.
	files := map[string][]byte{flow.SettingsFile: []byte(`{"format":1,"name":"bench","version":"1"}`)}
	f := &flow.Flow{Format: 1, Name: "b", Trigger: "login", Enabled: true, Start: "b0", Blocks: map[string]*flow.Block{}}
	const n = 40
	for i := range n {
		f.Blocks[name(i)] = &flow.Block{Type: "decision", Stage: "pre_login", Next: map[string]string{"default": name(i + 1)},
			Config: map[string]any{"rows": []any{map[string]any{"port": "never", "when": "event.request.ip == 'x'"}}}}
	}
	f.Blocks[name(n)] = &flow.Block{Type: "allow", Stage: "pre_login"}
	p, _ := flow.Parse(files)
	p.Flows["login"] = f
	m := &run.Machine{Catalogue: catalogue.All(), Project: p, Budgets: p.Settings.WithDefaults().Budgets}
	for b.Loop() {
		s := bench(p)
		m.Advance(context.Background(), s, nil, benchEnv(p), run.NewJournal(benchClock{}, s))
		if s.Status != run.Ended || !s.End.Success {
			b.Fatal(s.Failure)
		}
	}
	b.ReportMetric(float64(b.N)*n/b.Elapsed().Seconds(), "blocks/s")
}
