package dap

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"

	protocol "github.com/google/go-dap"
)

// This file begins and ends sessions.

// commands are all requests that are answered, besides cancel.
var commands map[string]command

func init() {
	commands = map[string]command{
		"initialize": early(on((*session).initialize)), "launch": early(on((*session).launch)), "attach": early(on((*session).launch)),
		"disconnect": early(on((*session).disconnect)), "configurationDone": on((*session).configurationDone), "terminate": on((*session).terminate), "terminateThreads": on((*session).terminateThreads),

		"setBreakpoints": on((*session).setBreakpoints), "setFunctionBreakpoints": on((*session).setFunctionBreakpoints), "setExceptionBreakpoints": on((*session).setExceptionBreakpoints),
		"dataBreakpointInfo": on((*session).dataBreakpointInfo), "setDataBreakpoints": on((*session).setDataBreakpoints), "breakpointLocations": on((*session).breakpointLocations),

		"threads": on((*session).allThreads), "stackTrace": on((*session).stackTrace), "scopes": on((*session).scopes), "variables": on((*session).variables), "exceptionInfo": on((*session).exceptionInfo),
		"evaluate": on((*session).evaluate), "completions": on((*session).completions), "setVariable": on((*session).setVariable), "setExpression": on((*session).setExpression),
		"source": on((*session).source), "loadedSources": on((*session).loadedSources), "modules": on((*session).modules),

		"continue": on((*session).goOn), "next": moving((*session).next), "stepIn": moving((*session).stepIn), "stepOut": moving((*session).stepOut), "stepBack": moving((*session).stepBack), "reverseContinue": moving((*session).reverseContinue),
		"pause": on((*session).pause), "restartFrame": on((*session).restartFrame), "gotoTargets": on((*session).gotoTargets), "goto": on((*session).jump),
	}
}

// initializeArguments count from 1 unless a client says otherwise.
type initializeArguments struct {
	protocol.InitializeRequestArguments
}

func (a *initializeArguments) UnmarshalJSON(text []byte) error {
	a.LinesStartAt1, a.ColumnsStartAt1 = true, true
	return json.Unmarshal(text, &a.InitializeRequestArguments)
}

func (c *session) initialize(_ context.Context, a initializeArguments) (any, error) {
	if c.state != isNew {
		return nil, errors.New("initialize comes once, and first")
	}
	c.client, c.state = a.InitializeRequestArguments, isInitialized
	return protocol.Capabilities{
		SupportsConfigurationDoneRequest: true, SupportsFunctionBreakpoints: true, SupportsConditionalBreakpoints: true, SupportsHitConditionalBreakpoints: true,
		SupportsLogPoints: true, SupportsDataBreakpoints: true, SupportsBreakpointLocationsRequest: true,
		ExceptionBreakpointFilters: []protocol.ExceptionBreakpointsFilter{
			{Filter: "deny", Label: "Denied", Description: "Stop where a run is about to be denied."},
			{Filter: "error", Label: "Errors", Description: "Stop where a block or an Action fails."},
			{Filter: "timeout", Label: "Time-outs", Description: "Stop where the time of a block, an Action or a call is over."},
		},
		SupportsEvaluateForHovers: true, SupportsClipboardContext: true, SupportsCompletionsRequest: true, CompletionTriggerCharacters: []string{"."},
		SupportsSetVariable: true, SupportsSetExpression: true, SupportsExceptionInfoRequest: true, SupportsDelayedStackTraceLoading: true,
		SupportsStepBack: true, SupportsRestartFrame: true, SupportsGotoTargetsRequest: true, SupportsSingleThreadExecutionRequests: true,
		SupportsModulesRequest: true, SupportsLoadedSourcesRequest: true,
		SupportsTerminateRequest: true, SupportsTerminateThreadsRequest: true, SupportTerminateDebuggee: true, SupportSuspendDebuggee: true, SupportsCancelRequest: true,
	}, nil
}

// launchArguments are those of launch and attach.
type launchArguments struct {
	Token string `json:"token"`
	// Journal is a recording to replay.
	Journal     string `json:"journal"`
	StopOnEntry bool   `json:"stopOnEntry"`
	// StopOnWait stops a run where it waits for the person.
	StopOnWait bool `json:"stopOnWait"`
	NoDebug    bool `json:"noDebug"`
}

// launch is attach as well: what is debugged runs already.
func (c *session) launch(_ context.Context, a launchArguments) (any, error) {
	switch {
	case c.state != isInitialized:
		return nil, errors.New("launch or attach comes once, after initialize")
	case c.Token != "" && subtle.ConstantTimeCompare([]byte(a.Token), []byte(c.Token)) != 1:
		c.leaving = true
		return nil, errors.New(`the token is not right: give the one that "authflow debug --listen" has printed as "token"`)
	case a.Journal != "" && c.Replay == nil:
		return nil, errors.New("no recorded run can be replayed here")
	}
	c.launched, c.state = a, isAttached
	c.join(c)
	c.out.event("initialized", nil)
	return nil, nil
}

type nothing struct{}

// configurationDone shows what is there already: a late client hears of every
// run that is paused.
func (c *session) configurationDone(ctx context.Context, _ nothing) (any, error) {
	c.mu.Lock()
	c.configured = true
	c.mu.Unlock()
	if c.Greeting != "" {
		c.say("console", c.Greeting)
	}
	runs := c.Debugger.Runs()
	for i := len(runs) - 1; i >= 0; i-- {
		c.see(runs[i].ID, true)
	}
	if c.launched.Journal == "" {
		return nil, nil
	}
	return nil, c.Replay(context.WithoutCancel(ctx), c.launched.Journal)
}

func (c *session) disconnect(_ context.Context, a protocol.DisconnectArguments) (any, error) {
	c.leaving, c.suspend = true, a.SuspendDebuggee
	if a.TerminateDebuggee && c.state == isAttached && c.End != nil {
		c.End()
	}
	return nil, nil
}

// terminate ends all runs, and with them what the client debugs.
func (c *session) terminate(ctx context.Context, _ protocol.TerminateArguments) (any, error) {
	for _, r := range c.Debugger.Runs() {
		if err := c.endRun(ctx, r.ID); err != nil {
			return nil, err
		}
	}
	c.out.event("exited", protocol.ExitedEventBody{ExitCode: 0})
	c.out.event("terminated", nil)
	return nil, nil
}

func (c *session) terminateThreads(ctx context.Context, a protocol.TerminateThreadsArguments) (any, error) {
	for _, id := range a.ThreadIds {
		t, err := c.thread(id)
		if err == nil {
			err = c.endRun(ctx, t.run)
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// endRun ends a run wherever it is.
func (c *session) endRun(ctx context.Context, id string) error {
	r, ok := c.Debugger.Run(id)
	switch {
	case !ok || over(r):
		return nil
	case r.Status == "waiting" && c.Abort != nil:
		return c.Abort(ctx, id)
	}
	return c.Debugger.Stop(id)
}
