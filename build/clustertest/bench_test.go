//go:build clustertest

package clustertest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/oauth2"

	"github.com/authflow-studio/authflow/engine/store/postgres"
	"github.com/authflow-studio/authflow/engine/store/storetest"
)

// BenchmarkLogins is whole sign-ins by code flow at servers as they are run: as
// processes behind the balancer, with the real password hash, eight people at a
// time. Servers, database, balancer and people share the machine.
func BenchmarkLogins(b *testing.B) {
	for _, c := range []struct {
		name    string
		servers int
	}{{"bolt", 1}, {"postgres", 1}, {"postgres", 2}, {"postgres", 3}} {
		b.Run(fmt.Sprintf("%s/servers=%d", c.name, c.servers), func(b *testing.B) {
			where := "bench.db"
			if c.name == "postgres" {
				where = database.Address(newSchema(b), false)
			}
			f := newFleet(b, c.servers, where)
			var n atomic.Int64
			b.SetParallelism(4) // times GOMAXPROCS
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := newVisitor(f.issuer, int(n.Add(1)%people)).logIn(); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "logins/s")
		})
	}
}

// logIn is one sign-in where nothing goes wrong, to the tokens.
func (v *visitor) logIn() error {
	res, page, err := v.look(v.cfg.AuthCodeURL("s", oauth2.S256ChallengeOption(v.verifier)))
	if err != nil {
		return err
	}
	m := ticket.FindStringSubmatch(page)
	if m == nil {
		return fmt.Errorf("%s: %s", res.Status, page)
	}
	sent, err := v.client.Post(res.Request.URL.String(), "application/x-www-form-urlencoded",
		strings.NewReader(url.Values{"identifier": {v.name}, "password": {v.password}, "_ticket": {m[1]}}.Encode()))
	if err != nil {
		return err
	}
	sent.Body.Close()
	to, err := url.Parse(sent.Header.Get("Location"))
	if err != nil || to.Query().Get("code") == "" {
		return fmt.Errorf("no code: %s %s", sent.Status, to)
	}
	ctx := context.WithValue(context.Background(), oauth2.HTTPClient, &http.Client{})
	_, err = v.cfg.Exchange(ctx, to.Query().Get("code"), oauth2.VerifierOption(v.verifier))
	return err
}

// BenchmarkCommit shows what the group commit gives, beside that of engine/store/bolt.
func BenchmarkCommit(b *testing.B) {
	for _, writers := range []int{1, 8, 32} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			s := open(b, newSchema(b), storetest.NewClock(), postgres.Options{})
			var n atomic.Int64
			one := func() {
				i := n.Add(1)
				if err := s.Commit(context.Background(), put(fmt.Sprint(i)), put(fmt.Sprint("x", i))); err != nil {
					b.Error(err)
				}
			}
			b.ResetTimer()
			if writers == 1 {
				for range b.N {
					one()
				}
				return
			}
			b.SetParallelism(max(1, writers/2)) // times GOMAXPROCS
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					one()
				}
			})
		})
	}
}

// BenchmarkLock is taking and giving free a lock that all servers see.
func BenchmarkLock(b *testing.B) {
	s := open(b, newSchema(b), storetest.NewClock(), postgres.Options{})
	for b.Loop() {
		unlock, err := s.Lock(b.Context(), "run")
		if err != nil {
			b.Fatal(err)
		}
		unlock()
	}
}
