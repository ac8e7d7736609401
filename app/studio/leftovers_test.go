package studio_test

import (
	"slices"
	"testing"
)

// What a run leaves behind is told of when it is there, at once and whole: the
// first list that comes has it, and none comes before.
func TestAListIsToldWhenItHasChanged(t *testing.T) {
	r := newRig(t)
	// A run that only asks leaves nothing behind, and nothing is told.
	r.call("run.start", map[string]any{"flow": "sessions"})
	r.until("browser", loaded("/fl/"))
	r.signsIn()
	if list := r.next("sessions"); len(list) != 1 || list[0].(map[string]any)["user"] != "Ada Lovelace" {
		t.Fatalf("the first list of sessions is %v", list)
	}
	r.call("run.start", map[string]any{"flow": "password_reset"})
	r.submit(r.until("browser", loaded("/fl/")), map[string]string{"identifier": "ada@example.com"})
	list := r.next("outbox")
	if len(list) != 1 || list[0].(map[string]any)["to"] != "ada@example.com" {
		t.Fatalf("the first list of messages is %v", list)
	}
}

func none(list []any) bool { return len(list) == 0 }

// So is what a person changes, whatever door they take.
func TestAListIsToldWhenAPersonChangesIt(t *testing.T) {
	r := newRig(t)
	r.signsIn()
	user := r.next("sessions")[0].(map[string]any)["user_id"]
	r.call("users.status", map[string]any{"id": user, "active": false})
	r.nextWith("sessions", none)
	r.nextWith("users", func(list []any) bool {
		return slices.ContainsFunc(list, func(u any) bool {
			view := u.(map[string]any)
			return view["id"] == user && view["status"] == "deactivated"
		})
	})
	r.until("audit", func(map[string]any) bool {
		return slices.ContainsFunc(r.call("audit.list", map[string]any{"after": 0}).([]any), func(record any) bool {
			return record.(map[string]any)["type"] == "user.deactivated"
		})
	})
}

// A run that is taken back takes its session back, also while it is paused.
func TestAListIsToldWhenARunIsTakenBack(t *testing.T) {
	r := newRig(t)
	r.signsIn()
	r.next("sessions")
	run := r.call("runs.list", nil).([]any)[0].(map[string]any)
	first := run["path"].([]any)[0].(map[string]any)
	r.call("debug.back_to", map[string]any{"run": run["id"], "moment": first["moment"]})
	r.nextWith("sessions", none)
}
