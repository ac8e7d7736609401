package server

import (
	"net/http"
	"net/http/httptest"
)

// inProcess lets a stock HTTP client speak to a handler without a connection.
type inProcess struct{ handler http.Handler }

// RoundTrip answers a request of the client.
func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	in := r.Clone(r.Context())
	in.RequestURI = r.URL.RequestURI()
	in.RemoteAddr = "127.0.0.1:40000"
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	t.handler.ServeHTTP(w, in)
	res := w.Result()
	res.Request = r
	return res, nil
}
