package contract_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/check/contract"
	"github.com/authflow-studio/authflow/engine/flow"
)

// open makes a login in which n conditions are open at once: each is asked for
// at the beginning and again at the end.
func open(b testing.TB, n int) *flow.Project {
	var blocks []string
	add := func(format string, args ...any) { blocks = append(blocks, fmt.Sprintf(format, args...)) }
	add(`"a":{"type":"password_check","stage":"pre_login","next":{"ok":"w0","failed":"no"}}`)
	for i := range n {
		add(`"w%d":{"type":"call_webhook","stage":"post_auth","config":{"url":"https://x.example"},"next":{"ok":"d%d","failed":"no"}}`, i, i)
		next := fmt.Sprintf("w%d", i+1)
		if i+1 == n {
			next = "e0"
		}
		add(`"d%d":{"type":"decision","stage":"post_auth","config":{"rows":[{"port":"high","when":"step.w%d.status >= 200"}]},"next":{"high":%q,"default":%q}}`, i, i, next, next)
	}
	for i := range n {
		next := fmt.Sprintf("e%d", i+1)
		if i+1 == n {
			next = "in"
		}
		add(`"e%d":{"type":"decision","stage":"post_login","config":{"rows":[{"port":"high","when":"step.w%d.status >= 200"}]},"next":{"high":%q,"default":%q}}`, i, i, next, next)
	}
	add(`"in":{"type":"issue_session","stage":"post_login"},"no":{"type":"deny","stage":"post_login"}`)
	return login(b, strings.Join(blocks, ","))
}

func BenchmarkProve(b *testing.B) {
	pr := &contract.Prover{Catalogue: catalogue.All()}
	for _, n := range []int{1, 4, 8, 10, 12} {
		p := open(b, n)
		c := contractOf(b, "every: a session\non: login\npassed: a password")
		b.Run(fmt.Sprintf("open=%d", n), func(b *testing.B) {
			var states int
			for b.Loop() {
				r := pr.Prove(p, c)
				if r.Verdict != contract.Proved {
					b.Fatal(r.Verdict, r.Reason)
				}
				states = r.States
			}
			b.ReportMetric(float64(states), "states")
		})
	}
}

func BenchmarkProveShipped(b *testing.B) {
	p := template(b, "registration-guard")
	pr := &contract.Prover{Catalogue: catalogue.All()}
	for b.Loop() {
		if results, bad := pr.Project(p); len(bad) > 0 || !contract.Sound(results) {
			b.Fatal(bad)
		}
	}
}
