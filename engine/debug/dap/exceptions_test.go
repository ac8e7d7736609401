package dap_test

import (
	"strings"
	"testing"

	protocol "github.com/google/go-dap"
)

// An Action that throws stops at the line that does; one that never ends stops
// when its time is over, where the run goes on to, with nothing but the filter of time-outs set.
func TestD6_ErrorsAndTimeOutsStop(t *testing.T) {
	for _, x := range []struct {
		filter, statement, file, at, words string
	}{
		{"error", "throw new Error('the register is closed')", actionFile, "throw new Error", "the register is closed"},
		{"timeout", "for (;;) {}", loginFile, `"account_kind": {`, "Time was over at kind"},
	} {
		t.Run(x.filter, func(t *testing.T) {
			r := newRig(t, nil)
			r.write(actionFile, strings.Replace(r.read(actionFile), "  let kind", "  "+x.statement+"\n  let kind", 1))
			r.load()
			c := r.connect()
			c.begin("attach", nil, func() {
				ask[*protocol.SetExceptionBreakpointsResponse](c, "setExceptionBreakpoints", args{"filters": []string{x.filter}})
			})
			_, answer := r.ada()
			thread, _ := c.stopped("exception", x.file, x.at)
			info := ask[*protocol.ExceptionInfoResponse](c, "exceptionInfo", args{"threadId": thread}).Body
			if info.ExceptionId != x.filter || !strings.Contains(info.Description, x.words) {
				t.Errorf("exception %+v", info)
			}
			ask[*protocol.SetExceptionBreakpointsResponse](c, "setExceptionBreakpoints", args{"filters": []string{}})
			c.move("continue", thread)
			<-answer
			if v := r.d.Runs()[0]; v.Status == "succeeded" {
				t.Errorf("a run whose Action failed has %s", v.Status)
			}
		})
	}
}
