package clustertest

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"sync/atomic"
)

// NewBalancer sends each request to the next server in turn, so that no two
// requests of a person in a row meet the same one. A server that takes no
// connection is passed over; one that breaks off in the middle of a request
// leaves it without an answer, as any balancer must.
func NewBalancer(servers []string) *httptest.Server {
	var turn atomic.Uint64
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = "http", nextAlive(servers, turn.Add(1))
		},
		Transport:    &http.Transport{MaxIdleConnsPerHost: 64},
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	}
	return httptest.NewServer(proxy)
}

func nextAlive(servers []string, turn uint64) string {
	for i := range servers {
		server := servers[(turn+uint64(i))%uint64(len(servers))]
		if conn, err := net.Dial("tcp", server); err == nil {
			_ = conn.Close() // it was opened to see whether it can be
			return server
		}
	}
	return servers[0]
}
