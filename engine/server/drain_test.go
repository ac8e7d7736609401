package server_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/bundle"
	"github.com/authflow-studio/authflow/engine/server"
)

// A server with a limit ends runs on the bundle before when that is over: their person
// is told that the time is over, it is audited and counted by digest, and no restart
// gives them more.
func TestB4_RunsOnABundleBeforeAreDrained(t *testing.T) {
	o := newOperated(t)
	o.drain = 5 * time.Minute
	o.start(bundle.Policy{AllowUnsigned: true})
	v1, v2 := o.version("v1", bundle.Issue{Revision: 1}), o.version("v2", bundle.Issue{Revision: 2})
	o.activate(v1, server.Activation{})
	first, firstPage := begin(t, o)
	second, secondPage := begin(t, o)
	third, _ := begin(t, o)
	st, err := o.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	old := st.Active.Digest
	o.activate(v2, server.Activation{})
	o.clock.Advance(4 * time.Minute)
	if said := end(t, first, firstPage); !strings.Contains(said, "this is v1") {
		t.Errorf("within the time: %s", said)
	}
	o.start(bundle.Policy{AllowUnsigned: true})
	o.activate(v2, server.Activation{})
	o.clock.Advance(2 * time.Minute)
	page, err := second.Fill(t.Context(), secondPage, nil, "yes")
	if err != nil || page.Status != http.StatusGone || strings.Contains(page.HTML, "this is v1") {
		t.Errorf("after it: %d %s %v", page.Status, page.HTML, err)
	}
	if page, err = third.Get(t.Context(), issuer+"/fl/choose"); err != nil || page.Status != http.StatusGone {
		t.Errorf("a page after it: %+v %v", page, err)
	}
	if st, err = o.Status(t.Context()); err != nil || st.Runs[old] != 0 {
		t.Errorf("runs that are over are counted: %v %v", st.Runs, err)
	}
	if said := metricsOf(t, o); !strings.Contains(said, `authflow_runs_drained_total{digest="`+old+`"} 2`) {
		t.Errorf("not counted: %s", said)
	}
	if o.audited("run.ended") != 3 {
		t.Errorf("%d ends are audited", o.audited("run.ended"))
	}

	// What is rolled back to is served again, and its runs with it.
	if err := o.Rollback(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	fresh, freshPage := begin(t, o)
	o.clock.Advance(6 * time.Minute)
	if said := end(t, fresh, freshPage); !strings.Contains(said, "this is v1") {
		t.Errorf("after the rollback: %s", said)
	}
}

func metricsOf(t *testing.T, o *operated) string {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
	r.Header.Set("Authorization", "Bearer t")
	w := httptest.NewRecorder()
	o.Admin("t").ServeHTTP(w, r)
	return w.Body.String()
}
