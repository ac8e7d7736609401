package bundle_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/authflow-studio/authflow/engine/bundle"
)

// The manifest lists the contracts with their verdicts and by which checker; a
// refuted one makes no bundle, and none that says so is loaded (rule B1).
func TestB1_ContractsStandInTheManifest(t *testing.T) {
	p := project()
	p["contracts/a.yaml"] = &fstest.MapFile{Data: []byte("contracts:\n  - {name: it, never: a session}\n")}
	verdicts := bundle.Release{Checker: 7, Contracts: []bundle.Contract{{Name: "it", Verdict: "proved"}, {Name: "that", Verdict: "unknown"}}}
	built, err := bundle.Build(p, key, verdicts)
	if err != nil {
		t.Fatal(err)
	}
	b, err := load(built.Bytes, trusting)
	if err != nil {
		t.Fatal(err)
	}
	m := b.Manifest
	if m.Checker != 7 || len(m.Contracts) != 2 || m.Contracts[1] != verdicts.Contracts[1] || b.Project().Contracts["a.yaml"] == "" {
		t.Errorf("%+v", m)
	}
	again, err := bundle.Build(p, key, verdicts)
	if err != nil || string(again.Bytes) != string(built.Bytes) {
		t.Error("two builds differ", err)
	}
	verdicts.Contracts[0].Verdict = "refuted"
	_, err = bundle.Build(p, nil, verdicts)
	if e := (*bundle.Error)(nil); !errors.As(err, &e) || e.Code != bundle.CodeContract || !strings.Contains(e.Message, `"it"`) {
		t.Errorf("%v", err)
	}
}
