package server

import (
	"context"
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/authflow-studio/authflow/engine/run"
)

// This file traces requests and the blocks that run in them, for OpenTelemetry.
// A span says which block of which flow ran and how it ended; it holds no value
// of a run and nothing of a person.

// tracing is a hook that makes a span of each block.
type tracing struct{ tracer trace.Tracer }

var _ run.Hook = tracing{}

const tracerName = "github.com/authflow-studio/authflow/engine/server"

// Before has nothing to see.
func (t tracing) Before(context.Context, *run.Moment) (*run.Order, error) { return nil, nil }

// After makes a span of a block that has run.
func (t tracing) After(ctx context.Context, s *run.State, step run.Step) (*run.Order, error) {
	if step.Type == "" {
		return nil, nil
	}
	ended := step.At.Add(step.Elapsed)
	_, span := t.tracer.Start(ctx, "block "+step.Type, trace.WithTimestamp(step.At), trace.WithAttributes(
		attribute.String("authflow.run", s.ID), attribute.String("authflow.flow", step.Flow), attribute.String("authflow.block", step.Block), attribute.String("authflow.port", step.Port)))
	if step.Error != nil {
		span.SetStatus(codes.Error, step.Error.Code)
	}
	span.End(trace.WithTimestamp(ended))
	return nil, nil
}

// traced makes a span of each request, below the one that the request names.
func traced(tracer trace.Tracer, next http.Handler) http.Handler {
	incoming := propagation.TraceContext{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := incoming.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
		ctx, span := tracer.Start(ctx, r.Method+" "+handlerOf(r.URL.Path), trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
			attribute.String("http.request.method", methodOf(r.Method)), attribute.String("http.route", handlerOf(r.URL.Path))))
		defer span.End()
		said := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(said, r.WithContext(ctx))
		span.SetAttributes(attribute.Int("http.response.status_code", said.status))
		if said.status >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, http.StatusText(said.status))
		}
	})
}
