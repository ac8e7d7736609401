package server

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file counts what a server does, for Prometheus (rule B4). No label says
// anything of a person.

type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	runs     *prometheus.CounterVec
	errors   *prometheus.CounterVec
	lasted   *prometheus.HistogramVec
	active   *prometheus.GaugeVec
	refused  *prometheus.CounterVec
	drained  *prometheus.CounterVec
}

func newMetrics(s *Server) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "authflow_http_request_duration_seconds", Help: "How long requests took, by what was asked for.", Buckets: prometheus.ExponentialBuckets(0.001, 2.5, 10)}, []string{"handler", "method", "code"}),
		runs:     prometheus.NewCounterVec(prometheus.CounterOpts{Name: "authflow_runs_ended_total", Help: "Runs that ended, by flow and outcome."}, []string{"flow", "trigger", "outcome"}),
		errors:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "authflow_run_errors_total", Help: "Errors that ended a run denied, by block and code."}, []string{"flow", "block", "code"}),
		lasted:   prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "authflow_run_duration_seconds", Help: "How long ended runs lasted, with the time that people took.", Buckets: prometheus.ExponentialBuckets(0.5, 2, 12)}, []string{"flow"}),
		active:   prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "authflow_bundle_active", Help: "1 for the bundle that new runs begin with."}, []string{"digest", "version", "revision"}),
		refused:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "authflow_bundles_refused_total", Help: "Bundles that did not become active, by code."}, []string{"code"}),
		drained:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "authflow_runs_drained_total", Help: "Runs that were ended because their bundle is served no longer, by its digest."}, []string{"digest"}),
	}
	m.registry.MustRegister(m.requests, m.runs, m.errors, m.lasted, m.active, m.refused, m.drained, waiting{s}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// ended counts a run that has ended.
func (m *metrics) ended(s *run.State, now time.Time) {
	flow := s.Frames[0].Flow
	m.runs.WithLabelValues(flow, s.Trigger, s.Outcome()).Inc()
	m.lasted.WithLabelValues(flow).Observe(now.Sub(time.UnixMilli(s.StartedAt)).Seconds())
	if s.Drained() {
		m.drained.WithLabelValues(s.Project).Inc()
	}
	if f := s.Failure; f != nil {
		m.errors.WithLabelValues(f.Flow, f.Block, f.Code).Inc()
	}
}

func (m *metrics) activated(b *ActiveBundle) {
	m.active.Reset()
	m.active.WithLabelValues(b.Digest, b.Version, strconv.Itoa(b.Revision)).Set(1)
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
}

// watch measures requests.
func (m *metrics) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		watch := world.NewStopwatch()
		said := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(said, r)
		m.requests.WithLabelValues(handlerOf(r.URL.Path), methodOf(r.Method), strconv.Itoa(said.status)).Observe(watch.Elapsed().Seconds())
	})
}

// handlerOf names what was asked for, of few names, whatever a path says.
func handlerOf(path string) string {
	for _, known := range [][2]string{{"/oauth2/", "provider"}, {"/.well-known/", "discovery"}, {"/fl/", "page"}, {"/flows/", "launch"}, {"/status", "status"}, {"/healthz", "health"}, {"/readyz", "health"}} {
		if strings.HasPrefix(path, known[0]) {
			return known[1]
		}
	}
	return "other"
}

func methodOf(method string) string {
	switch method {
	case http.MethodGet, http.MethodPost, http.MethodHead, http.MethodOptions:
		return method
	}
	return "other"
}

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach what is behind.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// waiting counts the runs that wait for a person when it is asked.
type waiting struct{ s *Server }

var waitingDesc = prometheus.NewDesc("authflow_runs_waiting", "Runs that wait for a person, by the digest of the bundle that they began with.", []string{"digest"}, nil)

func (w waiting) Describe(out chan<- *prometheus.Desc) { out <- waitingDesc }

func (w waiting) Collect(out chan<- prometheus.Metric) {
	counts, err := w.s.engine.Waiting(w.s.work())
	if err != nil {
		out <- prometheus.NewInvalidMetric(waitingDesc, err)
		return
	}
	for digest, n := range counts {
		if w.s.drained(digest) {
			continue
		}
		out <- prometheus.MustNewConstMetric(waitingDesc, prometheus.GaugeValue, float64(n), digest)
	}
}
