package studio

// This file lists, proves, writes and removes the contracts of the open project,
// and makes a scenario of the path that refutes one.

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/check/contract"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/scenario"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/projects"
)

// contracts are the methods of this file.
func (s *Studio) contracts() map[string]method {
	return map[string]method{
		"contracts.list":                typed(s.contractList),
		"contracts.prove":               typed(s.proveContracts),
		"contracts.save":                typed(s.saveContract),
		"contracts.drop":                typed(s.dropContract),
		"contracts.save_counterexample": typed(s.saveCounterexample),
	}
}

// ContractList is what the project promises, and the words that it can promise in.
type ContractList struct {
	Contracts []contract.Contract `json:"contracts"`
	// Unreadable files, each with its words.
	Unreadable []string          `json:"unreadable"`
	Effects    []contract.Effect `json:"effects"`
	// Words are the blocks, types and outcomes that can be named.
	Words []string `json:"words"`
	// Values that conditions can ask for, by flow.
	Values map[string][]check.Value `json:"values"`
}

func (s *Studio) contractList(context.Context, none) (*ContractList, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	p := w.current()
	files, bad := contract.ReadAll(p)
	out := &ContractList{Contracts: []contract.Contract{}, Unreadable: []string{}, Effects: contract.Effects, Words: append([]string{}, contract.Vocabulary(p, s.catalogue)...), Values: map[string][]check.Value{}}
	for _, f := range files {
		out.Contracts = append(out.Contracts, f.Contracts...)
	}
	for _, b := range bad {
		out.Unreadable = append(out.Unreadable, b.Error())
	}
	for slug, f := range p.Flows {
		out.Values[slug] = s.valuesOf(p, slug, f)
	}
	return out, nil
}

// valuesOf answers everything that the ends of a flow may know.
func (s *Studio) valuesOf(p *flow.Project, slug string, f *flow.Flow) []check.Value {
	seen := map[string]bool{}
	out := []check.Value{}
	for id := range f.Blocks {
		if d, ok := s.catalogue.Descriptor(f.Blocks[id].Type); !ok || !d.Terminal {
			continue
		}
		for _, v := range s.checker.Scope(p, slug, f, id) {
			if !seen[v.Path] {
				seen[v.Path] = true
				out = append(out, v)
			}
		}
	}
	slices.SortFunc(out, func(a, b check.Value) int { return strings.Compare(a.Path, b.Path) })
	return out
}

// Proven are the verdicts on all contracts.
type Proven struct {
	Results []contract.Result `json:"results"`
}

func (s *Studio) proveContracts(context.Context, none) (*Proven, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	return proven(w.judge()), nil
}

type saveContractArg struct {
	// File below contracts/; empty for the usual one.
	File string
	// Old is the name of the contract that is replaced; empty for a new one.
	Old      string
	Contract contract.Contract
}

// defaultContracts is where a new contract goes.
const defaultContracts = flow.ContractsDir + "/promises.yaml"

// saveContract writes a contract. One that nobody would understand is refused,
// with the words of who read it.
func (s *Studio) saveContract(_ context.Context, a saveContractArg) (*Proven, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	name := a.File
	if name == "" {
		name = defaultContracts
	}
	if r := (&contract.Prover{Catalogue: s.catalogue}).Prove(w.current(), &a.Contract); r.Malformed {
		return nil, &Error{Code: "contract", Message: r.Reason}
	}
	return s.rewrite(w, name, func(text []byte) ([]byte, *flow.FileError) {
		return contract.Put(name, text, a.Old, a.Contract)
	})
}

type contractArg struct{ File, Name string }

func (s *Studio) dropContract(_ context.Context, a contractArg) (*Proven, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	return s.rewrite(w, a.File, func(text []byte) ([]byte, *flow.FileError) { return contract.Drop(a.File, text, a.Name) })
}

// rewrite changes a contract file and proves everything again.
func (s *Studio) rewrite(w *workspace, name string, change func([]byte) ([]byte, *flow.FileError)) (*Proven, error) {
	have, err := w.disk.LoadFile(name)
	fresh := errors.Is(err, fs.ErrNotExist)
	if err != nil && !fresh {
		return nil, err
	}
	var text []byte
	if !fresh {
		text = []byte(have.Text)
	}
	next, bad := change(text)
	if bad != nil {
		return nil, &Error{Code: bad.Code, Message: bad.Message, Hint: bad.Hint}
	}
	revision := ""
	if fresh {
		if have, err = w.disk.CreateFile(name, string(next)); err == nil {
			revision = have.Revision
		}
	} else {
		revision, err = w.disk.SaveFile(name, string(next), have.Revision)
	}
	if err != nil {
		return nil, err
	}
	if _, err := w.saved(name, revision); err != nil {
		return nil, err
	}
	return s.proveContracts(context.Background(), none{})
}

// saveCounterexample makes a scenario of the path that refutes a contract: it has
// run, and took that path.
func (s *Studio) saveCounterexample(ctx context.Context, a contractArg) (*RecordedTest, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	j := w.judge()
	results := j.results
	i := slices.IndexFunc(results, func(r contract.Result) bool { return r.File == a.File && r.Name == a.Name })
	if i < 0 || len(results[i].Path) == 0 {
		return nil, &Error{Code: "no_path", Message: "No path breaks this contract any more.", Hint: "Prove it again."}
	}
	g, err := s.generator(w, j.of)
	if err != nil {
		return nil, err
	}
	found, taken, err := g.Follow(ctx, results[i])
	if err != nil {
		return nil, err
	}
	if !taken {
		return nil, &Error{Code: "not_run", Message: "No run has taken this path with the people, networks and signals that were tried.",
			Hint: "Add to world.yaml who or what can take it; the path says which values it needs."}
	}
	text, err := scenario.File{Scenarios: []scenario.Scenario{found}}.YAML()
	if err != nil {
		return nil, err
	}
	name := path.Join(scenario.Dir, strings.Trim(notInAName.ReplaceAllString(strings.ToLower(found.Name), "_"), "_")+".yaml")
	if _, err := w.disk.CreateFile(name, string(text)); errors.Is(err, projects.ErrExists) || errors.Is(err, fs.ErrExist) {
		return nil, &Error{Code: "exists", Message: name + " is there already.", Hint: "Run it under Tests, or move it away."}
	} else if err != nil {
		return nil, err
	}
	return &RecordedTest{name, string(text)}, nil
}

// generator finds scenarios in the world of the project.
func (s *Studio) generator(w *workspace, p *flow.Project) (*scenario.Generator, error) {
	worldFile, err := server.ReadWorld(w.disk.FS())
	if err != nil {
		return nil, err
	}
	g := &scenario.Generator{Project: p, Catalogue: s.catalogue}
	if len(worldFile) > 0 {
		if err := flow.DecodeYAML(flow.WorldFile, worldFile, &g.World); err != nil {
			return nil, err
		}
	}
	g.Make, err = server.Benches(p, worldFile, s.Scripts, s.Geo)
	return g, err
}
