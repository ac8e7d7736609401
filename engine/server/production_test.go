package server_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/authflow-studio/authflow/engine/bundle"
	"github.com/authflow-studio/authflow/engine/server"
)

// Who asks is the last hop that no trusted proxy is, and never what a stranger
// writes.
func TestV1_OnlyTrustedProxiesSayWhoAsks(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, c := range []struct{ from, header, want string }{
		{"203.0.113.7:1", "198.51.100.1", "203.0.113.7"}, // a stranger lies
		{"10.0.0.1:1", "198.51.100.1", "198.51.100.1"},
		{"10.0.0.1:1", "6.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1"}, // what stands before came from outside
		{"10.0.0.1:1", "", "10.0.0.1"},
		{"10.0.0.1:1", "nonsense", "10.0.0.1"},
		{"10.0.0.1:1", "nonsense, 10.0.0.3", "10.0.0.3"},
		{"10.0.0.1:1", "::ffff:198.51.100.1", "198.51.100.1"},
		{"[fd00::1]:1", "2001:db8::1", "2001:db8::1"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.RemoteAddr = c.from
		if c.header != "" {
			r.Header.Set("X-Forwarded-For", c.header)
		}
		if got := server.BehindProxies(trusted)(r); got != c.want {
			t.Errorf("%s with %q is %s, want %s", c.from, c.header, got, c.want)
		}
		if got := server.BehindProxies(nil)(r); !strings.Contains(c.from, got) {
			t.Errorf("with no proxy %s with %q is %s", c.from, c.header, got)
		}
	}
}

// The metrics say what is active, what was refused and why, what ended and what
// waits; no label says anything of a person.
func TestB4_MetricsSayWhatIsActiveAndHowRunsEnd(t *testing.T) {
	o := newOperated(t)
	o.activate(o.version("v1", bundle.Issue{Revision: 7}), server.Activation{})
	o.refused(bundle.CodeScope, o.version("v2", bundle.Issue{Scope: "production"}), server.Activation{})
	a, page := begin(t, o)
	metrics := func() string {
		t.Helper()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil)
		r.Header.Set("Authorization", "Bearer x")
		w := httptest.NewRecorder()
		o.Admin("x").ServeHTTP(w, r)
		return w.Body.String()
	}
	digest := func() string { st, _ := o.Status(t.Context()); return st.Active.Digest }()
	for _, want := range []string{
		`authflow_bundle_active{digest="` + digest + `",revision="7",version="v1"} 1`,
		`authflow_bundles_refused_total{code="bundle_scope"} 1`,
		`authflow_runs_waiting{digest="` + digest + `"} 1`,
		`authflow_http_request_duration_seconds_count{code="302",handler="launch",method="GET"} 1`,
		"go_goroutines",
	} {
		if text := metrics(); !strings.Contains(text, want) {
			t.Errorf("the metrics have no %s", want)
		}
	}
	end(t, a, page)
	if text := metrics(); !strings.Contains(text, `authflow_runs_ended_total{flow="greet",outcome="denied",trigger="custom"} 1`) || strings.Contains(text, "authflow_runs_waiting{") {
		t.Error("the run that ended is not counted once")
	}
}

// A span for each request and each block below it, with no value of the run.
func TestV1_RequestsAndBlocksAreTraced(t *testing.T) {
	o := newOperated(t)
	spans := tracetest.NewInMemoryExporter()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans))
	s, err := server.New(server.Options{Issuer: issuer, Store: o.store, Scripts: o.pool, Log: slog.New(slog.DiscardHandler), Policy: bundle.Policy{AllowUnsigned: true}, Clock: o.clock, Tracer: provider,
		Secret: func(context.Context, string) (string, error) { return "a-secret", nil }})
	if err != nil {
		t.Fatal(err)
	}
	o.Server = s
	o.activate(o.version("v1", bundle.Issue{}), server.Activation{})
	a, page := begin(t, o)
	end(t, a, page)
	byName := map[string]tracetest.SpanStub{}
	for _, span := range spans.GetSpans() {
		byName[span.Name] = span
	}
	block, request := byName["block deny"], byName["POST page"]
	if block.SpanContext.TraceID() != request.SpanContext.TraceID() || block.Parent.SpanID() != request.SpanContext.SpanID() || !request.SpanContext.IsValid() {
		t.Errorf("the block is not below its request: %v", byName)
	}
	for _, span := range spans.GetSpans() {
		for _, x := range span.Attributes {
			if v := x.Value.String(); strings.Contains(v, "this is v1") || strings.Contains(v, "127.0.0.1") {
				t.Errorf("%s says %s", span.Name, v)
			}
		}
	}
}
