package server

import (
	"errors"
	"io"
	"net/http"
	"strings"
)

// This file is what an operator asks of a running server. It is served on an
// address of its own and opened by a token, never beside the pages.

// maxUpload bounds a bundle that is sent; bundle.Load bounds what is in it.
const maxUpload = 80 << 20

// Admin answers the operator's requests: GET /status, GET /metrics, POST /activate with a
// bundle as body (expect=DIGEST, dry_run=1), POST /rollback (digest=DIGEST).
func (s *Server) Admin(token string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /status", s.answerStatus)
	mux.Handle("GET /metrics", s.metrics.handler())
	mux.HandleFunc("POST /activate", func(w http.ResponseWriter, r *http.Request) {
		data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpload))
		if err != nil {
			http.Error(w, "the bundle could not be read: "+err.Error(), http.StatusRequestEntityTooLarge)
			return
		}
		q := r.URL.Query()
		s.answerActivation(w, r, s.Activate(r.Context(), data, Activation{Expect: q.Get("expect"), DryRun: q.Get("dry_run") != ""}))
	})
	mux.HandleFunc("POST /rollback", func(w http.ResponseWriter, r *http.Request) {
		s.answerActivation(w, r, s.Rollback(r.Context(), r.URL.Query().Get("digest")))
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !ok || token == "" || !sameToken(given, token) {
			w.Header().Set("WWW-Authenticate", `Bearer realm="authflow"`)
			http.Error(w, "the administrator's token is missing or wrong", http.StatusUnauthorized)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func (s *Server) answerActivation(w http.ResponseWriter, r *http.Request, err error) {
	var refused *RefusedError
	switch {
	case errors.As(err, &refused):
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnprocessableEntity)
		answer(w, refused.Refusal, nil)
	case err != nil:
		http.Error(w, err.Error(), http.StatusConflict)
	default:
		s.answerStatus(w, r)
	}
}
