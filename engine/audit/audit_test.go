package audit_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/store/bolt"
	"github.com/authflow-studio/authflow/engine/store/storetest"
)

func open(t testing.TB) (store.Store, *storetest.Clock) {
	clock := storetest.NewClock()
	s, err := bolt.OpenWith(filepath.Join(t.TempDir(), "data"), clock, bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, clock
}

func appendAll(t testing.TB, s store.Store, clock *storetest.Clock, records ...audit.Record) {
	t.Helper()
	tx := store.Begin(s)
	log := audit.New(tx, clock)
	for _, r := range records {
		if err := log.Append(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Commit(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestU1_RecordsAreReadInOrder(t *testing.T) {
	s, clock := open(t)
	appendAll(t, s, clock, audit.Record{Type: "run.started", RunID: "r1", IP: "192.0.2.1", Data: map[string]any{"html": "<b>", "n": 3}},
		audit.Record{Type: "run.ended", RunID: "r1"})
	clock.Advance(time.Minute)
	appendAll(t, s, clock, audit.Record{Type: "session.ended", At: time.Unix(0, 0), UserID: "u", SessionID: "s", ClientID: "c", Flow: "login"})
	log := audit.New(store.Begin(s), clock)
	all, err := log.Read(t.Context(), 0, 0)
	if err != nil || len(all) != 3 || all[0].Seq != 1 || all[0].Data["html"] != "<b>" || all[0].Data["n"] != 3.0 ||
		all[2].Type != "session.ended" || !all[2].At.Equal(clock.Now()) || all[2].Flow != "login" {
		t.Fatalf("%+v, %v", all, err)
	}
	page, err := log.Read(t.Context(), 1, 1)
	if err != nil || len(page) != 1 || page[0].Seq != 2 {
		t.Fatalf("%+v, %v", page, err)
	}
	if err := log.Append(audit.Record{}); err == nil {
		t.Error("a record without a type is accepted")
	}
	if err := log.Append(audit.Record{Type: "x", Data: map[string]any{"f": func() {}}}); err == nil {
		t.Error("what is no data is accepted")
	}
}

func TestU1_RecordsComeWithWhatTheyTellOf(t *testing.T) {
	s, clock := open(t)
	tx := store.Begin(s)
	tx.Put("b", "a", []byte("v"), time.Time{})
	if _, err := tx.Get(t.Context(), "b", "other"); err == nil {
		t.Fatal("there already")
	}
	tx.Create("b", "other", nil, time.Time{})
	if err := audit.New(tx, clock).Append(audit.Record{Type: "x"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(t.Context(), store.Op{Kind: store.OpPut, Bucket: "b", ID: "other", Expect: store.ExpectAny}); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(t.Context()); !store.IsConflict(err) {
		t.Fatal(err)
	}
	if count, head, err := audit.Verify(t.Context(), s); count != 0 || head != "" || err != nil {
		t.Fatalf("a refused commit left %d records, %v", count, err)
	}
}

func TestT3_SecretsAreRedactedAtTheSource(t *testing.T) {
	s, clock := open(t)
	const jwt = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c3JfMSJ9.c2lnbmF0dXJlLXBsYW50ZWQ"
	appendAll(t, s, clock, audit.Record{Type: "x", Flow: "flow " + jwt, Data: map[string]any{
		"password": "planted1", "new-Password": "planted2", "client_secret": "planted3", "ACCESS_TOKEN": "planted4",
		"refreshToken": []string{"planted5"}, "code": 555123, "Set-Cookie": "a=planted6", "Authorization": "Basic planted7",
		"nested":         map[string]any{"list": []any{map[string]any{"otp": "planted8", "fine": "kept1"}}},
		"text":           "a token " + jwt + " and a hash $argon2id$v=19$m=64,t=1,p=1$planted$planted",
		"user":           struct{ Secret string }{"planted9"},
		"recovery_codes": []string{"planted10"}, "code_verifier": "planted11",
		"token_type": "kept2", "status_code": 200, "secret": true, "country_code": "kept3", "password_": "", "error": "kept4", "n": 12345678901234567,
	}})
	entries, err := s.List(t.Context(), "audit", "", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text := string(e.Value)
		for _, planted := range []string{"planted", "555123", "eyJ", "argon2id"} {
			if strings.Contains(text, planted) {
				t.Errorf("%s holds %s: %s", e.ID, planted, text)
			}
		}
		for _, kept := range []string{"kept1", "kept2", "kept3", "kept4", `"status_code":200`, `"secret":true`, `12345678901234567`, `"password_":""`} {
			if !strings.Contains(text, kept) {
				t.Errorf("%s lost %s: %s", e.ID, kept, text)
			}
		}
	}
}

func TestU1_EveryChangeOfTheRecordIsFound(t *testing.T) {
	s, clock := open(t)
	const records = 2100 // more than two pages of Verify
	for i := 0; i < records; i += 100 {
		batch := make([]audit.Record, 100)
		for j := range batch {
			batch[j] = audit.Record{Type: fmt.Sprint("t", i+j+1)}
		}
		appendAll(t, s, clock, batch...)
	}
	count, head, err := audit.Verify(t.Context(), s)
	if count != records || len(head) != 64 || err != nil {
		t.Fatalf("%d, %q, %v", count, head, err)
	}
	get := func(id string) []byte {
		e, err := s.Get(t.Context(), "audit", id)
		if err != nil {
			t.Fatal(err)
		}
		return e.Value
	}
	at := func(seq uint64) string { return store.ChainID(seq) }
	forged, err := store.ChainLink(decode(t, get(at(4))), []byte(`{"type":"forged"}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		changes map[string][]byte // nil deletes
		names   string
	}{
		"content":     {map[string][]byte{at(7): []byte(strings.Replace(string(get(at(7))), "t7", "t8", 1))}, "record 7"},
		"forged":      {map[string][]byte{at(5): encode(t, forged)}, "record 6"},
		"removed":     {map[string][]byte{at(1500): nil}, "record 1501"},
		"first":       {map[string][]byte{at(1): nil}, "record 2 "},
		"swapped":     {map[string][]byte{at(8): get(at(9)), at(9): get(at(8))}, "record 9"},
		"cut":         {map[string][]byte{at(records): nil}, "record 2099"},
		"no head":     {map[string][]byte{store.ChainHead: nil}, "head"},
		"old head":    {map[string][]byte{store.ChainHead: get(at(2000))}, "record 2000"},
		"not a chain": {map[string][]byte{at(3): []byte("garbage")}, at(3)},
	} {
		t.Run(name, func(t *testing.T) {
			for id, value := range c.changes {
				before := get(id)
				defer write(t, s, id, before)
				write(t, s, id, value)
			}
			if _, _, err := audit.Verify(t.Context(), s); err == nil || !strings.Contains(err.Error(), c.names) {
				t.Errorf("got %v, want %s named", err, c.names)
			}
		})
	}
	if again, sameHead, err := audit.Verify(t.Context(), s); again != count || sameHead != head || err != nil {
		t.Fatalf("%d, %v", again, err)
	}
}

func write(t *testing.T, s store.Store, id string, value []byte) {
	t.Helper()
	op := store.Op{Kind: store.OpPut, Bucket: "audit", ID: id, Value: value, Expect: store.ExpectAny}
	if value == nil {
		op.Kind = store.OpDelete
	}
	if err := s.Commit(context.Background(), op); err != nil {
		t.Fatal(err)
	}
}

func decode(t *testing.T, raw []byte) store.ChainRecord {
	t.Helper()
	var rec store.ChainRecord
	if err := json.Unmarshal(raw, &rec); err != nil {
		t.Fatal(err)
	}
	return rec
}

func encode(t *testing.T, rec store.ChainRecord) []byte {
	t.Helper()
	raw, err := json.Marshal(rec)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
