package server_test

import "github.com/authflow-studio/authflow/engine/scenario/agent"

// newAgent is somebody with a browser of their own.
func newAgent(r *rig, origin string) *agent.Agent { return agent.New(r.Harness, origin) }
