package postgres

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
)

// These are the parts that need no database; what does is in build/clustertest.

func TestADatabaseElsewhereMustProveWhoItIs(t *testing.T) {
	t.Setenv("PGSSLMODE", "")
	t.Setenv("PGHOST", "")
	for address, want := range map[string]bool{
		"postgres://u@db.example/a":                 true,
		"postgres://u@10.0.0.7/a":                   true,
		"postgres:///a?host=db.example":             true,
		"postgres://u@db.example/a?sslmode=disable": false,
		"postgres://u@localhost/a":                  false,
		"postgres://u@[::1]:5432/a":                 false,
		"postgres:///a?host=/run/postgresql":        false,
	} {
		config, err := configOf(address)
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		tls := config.ConnConfig.TLSConfig
		if got := tls != nil && !tls.InsecureSkipVerify && tls.ServerName != ""; got != want {
			t.Errorf("%s: proves who it is: %t, want %t", address, got, want)
		}
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	for _, address := range []string{"", "authflow.db", "mysql://u@h/d", "host=h password=geheim", "postgres://u:geheim@h:x/d", "postgres://u:geheim@h/d?sslmode=often"} {
		if _, err := configOf(address); err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%q answers %v", address, err)
		}
	}
}

func TestConnectionsMayBeSaid(t *testing.T) {
	for address, want := range map[string]int32{"postgres://localhost/a": connections, "postgres://localhost/a?pool_max_conns=3": 3} {
		config, err := configOf(address)
		if err != nil || config.MaxConns != want {
			t.Errorf("%s: %v, %v", address, config, err)
		}
	}
}

func TestPastPrefix(t *testing.T) {
	for prefix, want := range map[string]string{"": "", "a": "b", "u/": "u0", "a\xff": "b", "\xff\xff": "", "\xfe\xff": "\xff", "\x00": "\x01"} {
		if got := string(pastPrefix(prefix)); got != want {
			t.Errorf("%q: %q, want %q", prefix, got, want)
		}
	}
}

// FuzzListed holds the borders of a list against their meaning.
func FuzzListed(f *testing.F) {
	f.Add("u/", "u/1", "u/10")
	f.Add("\xff", "", "\xff\xff")
	f.Add("\xfe\xff", "", "\xfe\xff1")
	f.Add("", "a", "b")
	f.Fuzz(func(t *testing.T, prefix, after, id string) {
		where, args := listed("b", prefix, after, 0, 0)
		start := string(args[1].([]byte))
		in := id >= start
		if strings.Contains(where, "id > $2") {
			in = id > start
		}
		if len(args) > 4 {
			in = in && id < string(args[4].([]byte))
		}
		if want := strings.HasPrefix(id, prefix) && (after == "" || id > after); in != want {
			t.Errorf("%q after %q: %q is in the list: %t", prefix, after, id, in)
		}
	})
}

func op(kind store.OpKind, id string, expect uint64) store.Op {
	return store.Op{Kind: kind, Bucket: "b", ID: id, Value: []byte("v"), Delta: 1, Expect: expect}
}

func TestWhatIsWrittenBlindlyIsNotRead(t *testing.T) {
	group := []*request{
		{ops: []store.Op{op(store.OpPut, "blind", store.ExpectAny), op(store.OpAdd, "blind", store.ExpectAny)}},
		{ops: []store.Op{op(store.OpPut, "seen", 7), op(store.OpAdd, "n", store.ExpectAny), {Kind: store.OpChain, Bucket: "c"}}},
		{lock: "run"},
	}
	got := map[string]bool{}
	for _, n := range needs(group, []string{"old"}) {
		got[fmt.Sprintf("%q", n.bucket+"/"+n.id)] = n.full
	}
	want := map[string]bool{`"\x00locks/old"`: true, `"\x00locks/run"`: true, `"b/seen"`: false, `"b/n"`: true, `"c/head"`: true}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("reads %v, want %v", got, want)
	}
}

// A request that is refused leaves nothing in the plan of its group, and those
// after it see what those before it did.
func TestTheGroupSeesWhatWasAcceptedOnly(t *testing.T) {
	p := newPlan(time.Unix(1, 0))
	p.sequence = 10
	if err := p.apply([]store.Op{op(store.OpPut, "a", store.ExpectAbsent)}); err != nil {
		t.Fatal(err)
	}
	err := p.apply([]store.Op{op(store.OpPut, "new", store.ExpectAny), op(store.OpPut, "a", store.ExpectAbsent)})
	if !store.IsConflict(err) {
		t.Fatalf("a second one that must not exist answers %v", err)
	}
	if err := p.apply([]store.Op{op(store.OpDelete, "a", 11), op(store.OpPut, "b", store.ExpectAny)}); err != nil {
		t.Fatalf("the version that the group itself gave: %v", err)
	}
	put, gone := p.changed()
	if len(put.ids) != 1 || string(put.ids[0]) != "b" || len(gone.ids) != 1 || string(gone.ids[0]) != "a" || put.versions[0] <= 11 {
		t.Errorf("writes %q (%d), deletes %q", put.ids, put.versions, gone.ids)
	}
}

func TestLocksGoToOthersAfterALeaseOnly(t *testing.T) {
	const lease = 1000
	for name, c := range map[string]struct {
		holder  writerRow
		since   int64
		there   bool
		granted bool
	}{
		"its holder lives":                    {writerRow{Until: 50_001}, 0, true, false},
		"its holder was heard of long ago":    {writerRow{Until: 49_000}, 0, true, true},
		"the database was away for everybody": {writerRow{Until: 49_000}, 49_500, true, false},
		"its holder is marked as dead":        {writerRow{Until: 60_000, Dead: true}, 49_500, true, true},
		"its holder has left":                 {writerRow{}, 49_500, false, true},
	} {
		p := newPlan(time.Unix(1, 0))
		p.serverTime = 50_000
		p.slots[key{locksBucket, "run"}] = slot{present: true, record: record{value: []byte("w1")}}
		if c.there {
			p.writers["w1"] = c.holder
		}
		err := p.acquire("run", writer{id: "w2", since: c.since}, lease)
		if (err == nil) != c.granted {
			t.Errorf("%s: %v", name, err)
		}
		if c.granted && c.there && !p.writers["w1"].Dead {
			t.Errorf("%s: the holder is not told", name)
		}
	}
}
