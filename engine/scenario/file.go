package scenario

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/world"
)

// Dir is where a project keeps its scenarios.
const Dir = "scenarios"

// File is one file of scenarios.
type File struct {
	// Path below the project's folder.
	Path  string `yaml:"-"`
	About string `yaml:"about,omitempty"`
	// Given holds for every scenario of the file.
	Given     Given      `yaml:"given,omitempty"`
	Scenarios []Scenario `yaml:"scenarios"`
}

// Scenario is one test.
type Scenario struct {
	Name  string `yaml:"name"`
	About string `yaml:"about,omitempty"`
	// Skip says why it is not run.
	Skip  string `yaml:"skip,omitempty"`
	Given Given  `yaml:"given,omitempty"`
	// Steps of clients and of the person, in order.
	Steps  []Step `yaml:"steps"`
	Expect Expect `yaml:"expect"`
	// Variants run the scenario once for each row, with {{ variant.NAME }}
	// filled in.
	Variants []map[string]any `yaml:"variants,omitempty"`
}

// Given is the world in which a scenario begins (rule W2).
type Given struct {
	// Person is the identifier of who sits in front.
	Person string `yaml:"person,omitempty"`
	From   *From  `yaml:"from,omitempty"`
	// Host is the name by which the server is reached; passkeys need one that
	// is no address: localhost.
	Host string `yaml:"host,omitempty"`
	// Clock is the moment at which it begins; it moves only by waiting.
	Clock    string               `yaml:"clock,omitempty"`
	People   []world.Person       `yaml:"people,omitempty"` // besides and in place of those of world.yaml
	Networks []world.NetworkEntry `yaml:"networks,omitempty"`
	Secrets  map[string]string    `yaml:"secrets,omitempty"`
	// Names are hosts and the addresses that they resolve to.
	Names map[string]string `yaml:"names,omitempty"`
	// Risk are signals that are so whatever would be found (rule W2).
	Risk   map[string]any         `yaml:"risk,omitempty"`
	Stubs  []world.Stub           `yaml:"stubs,omitempty"`
	Faults map[string]block.Fault `yaml:"faults,omitempty"` // by block, or flow.block
	// Tokens are what partners have signed, for {{ token.NAME }}.
	Tokens map[string]Token `yaml:"tokens,omitempty"`
}

// From is from where, and with what, somebody comes.
type From struct {
	IP string `yaml:"ip,omitempty"`
	// Network and Country choose an address that world.yaml knows.
	Network   string `yaml:"network,omitempty"`
	Country   string `yaml:"country,omitempty"`
	UserAgent string `yaml:"user_agent,omitempty"`
	// Device: new forgets all cookies, same keeps only the device's.
	Device string `yaml:"device,omitempty"`
}

// Step is one thing that happens. What is expected of the page stands beside
// what is done on it.
type Step struct {
	// Repeat does the step so many times; Steps is one that is made of others.
	Repeat int    `yaml:"repeat,omitempty"`
	Steps  []Step `yaml:"steps,omitempty"`
	// Start begins a sign-in as a client: the parameters of the authorization
	// request, or "login" for none.
	Start *Start `yaml:"start,omitempty"`
	// Page the person must be at, by its template without extension.
	Page string `yaml:"page,omitempty"`
	// Shows are texts that the page must hold; Hides must not be there.
	Shows []string `yaml:"shows,omitempty"`
	Hides []string `yaml:"hides,omitempty"`
	// Status is the HTTP status the page must have.
	Status int `yaml:"status,omitempty"`
	// Fill sends the page's form; Press names its button.
	Fill  map[string]string `yaml:"fill,omitempty"`
	Press string            `yaml:"press,omitempty"`
	// Submit sends the form as it stands.
	Submit bool `yaml:"submit,omitempty"`
	// Cancel sends _abort with these fields (rule C4).
	Cancel map[string]string `yaml:"cancel,omitempty"`
	// Open asks for an address: a path of the server, or a link in a message
	// ({{ mail.link }}).
	Open string `yaml:"open,omitempty"`
	// Return comes back from another site with these parameters; the state is
	// added unless one is given.
	Return map[string]string `yaml:"return,omitempty"`
	Back   bool              `yaml:"back,omitempty"`
	Reload bool              `yaml:"reload,omitempty"`
	// Again sends the last form once more, as a double click does.
	Again   bool `yaml:"again,omitempty"`
	Restart bool `yaml:"restart,omitempty"`
	// Tab goes to a tab of the same browser, Browser to another browser with
	// cookies and a client of its own; a new name opens it. The first of each
	// is called first.
	Tab     string `yaml:"tab,omitempty"`
	Browser string `yaml:"browser,omitempty"`
	// Passkey answers the page's ceremony: register, assert, or stranger with
	// a passkey that no account knows.
	Passkey string `yaml:"passkey,omitempty"`
	Wait    string `yaml:"wait,omitempty"`
	From    *From  `yaml:"from,omitempty"`
	// Risk sets risk signals from now on, in place of those that a step set.
	Risk map[string]any `yaml:"risk,omitempty"`
	// Client does something with its tokens: refresh, reuse (the refresh token
	// before the last), userinfo, logout, code_again.
	Client string `yaml:"client,omitempty"`
	// Operator does something to an account: deactivate, activate, revoke,
	// set_metadata.
	Operator *Operator `yaml:"operator,omitempty"`
	// Expect is held against what there is after this step.
	Expect *Expect `yaml:"expect,omitempty"`
}

// Start is an authorization request, or a flow by its name.
type Start struct {
	Flow   string            `yaml:"flow,omitempty"`
	Client string            `yaml:"client,omitempty"`
	Params map[string]string `yaml:"params,omitempty"`
}

// UnmarshalYAML takes "login" for an authorization request without parameters.
func (s *Start) UnmarshalYAML(decode func(any) error) error {
	var word string
	if decode(&word) == nil {
		if word != "login" {
			return fmt.Errorf("start: write login, or flow: %s", word)
		}
		return nil
	}
	type plain Start
	return decode((*plain)(s))
}

// MarshalYAML writes a plain login as the word.
func (s Start) MarshalYAML() (any, error) {
	if s.Flow == "" && s.Client == "" && len(s.Params) == 0 {
		return "login", nil
	}
	type plain Start
	return plain(s), nil
}

// Operator is what somebody with rights does from outside.
type Operator struct {
	Deactivate  string         `yaml:"deactivate,omitempty"`
	Activate    string         `yaml:"activate,omitempty"`
	Revoke      string         `yaml:"revoke,omitempty"`
	SetMetadata string         `yaml:"set_metadata,omitempty"`
	App         map[string]any `yaml:"app,omitempty"`
}

// Expect is what must have come of it. What is not named is not looked at.
type Expect struct {
	// Outcome: signed_in, refused, error, waiting or finished.
	Outcome string   `yaml:"outcome,omitempty"`
	Page    string   `yaml:"page,omitempty"`
	Shows   []string `yaml:"shows,omitempty"`
	Hides   []string `yaml:"hides,omitempty"`
	// Error is the OAuth error that the client got.
	Error string `yaml:"error,omitempty"`
	// Reason of the refusal or of the failure, as the record has it.
	Reason string `yaml:"reason,omitempty"`
	// Path are blocks that must have run in this order, others between them;
	// Never must not have run. A block of another flow is flow.block, an
	// outcome is block:port.
	Path  []string `yaml:"path,omitempty"`
	Never []string `yaml:"never,omitempty"`
	// Runs says how often blocks have run, each named as in Path.
	Runs map[string]int `yaml:"runs,omitempty"`
	// IDToken, AccessToken and UserInfo are claims; null: must be absent.
	IDToken     map[string]any `yaml:"id_token,omitempty"`
	AccessToken map[string]any `yaml:"access_token,omitempty"`
	UserInfo    map[string]any `yaml:"userinfo,omitempty"`
	// Whose sessions and account are looked at, by an identifier; the person's
	// when empty.
	Whose string `yaml:"whose,omitempty"`
	// Session is what the person's newest session must say.
	Session map[string]any `yaml:"session,omitempty"`
	// Sessions is how many live ones the person must have.
	Sessions *int `yaml:"sessions,omitempty"`
	// Sent are messages, each by what it must have; the number is exact.
	Sent *[]map[string]any `yaml:"sent,omitempty"`
	// Calls are outgoing calls, each by what it must have; the number is exact.
	Calls *[]map[string]any `yaml:"calls,omitempty"`
	// Audit are records that must be there, each by what it must have.
	Audit []map[string]any `yaml:"audit,omitempty"`
	// User is what the person's account must say; App its app_metadata.
	User map[string]any `yaml:"user,omitempty"`
	// Client is what the client's last call to the provider answered.
	Client map[string]any `yaml:"client,omitempty"`
	// Hashes is how many password hashes were computed, and Elapsed how much time
	// has passed: what tells apart who looks at an answer closely.
	Hashes  *int   `yaml:"hashes,omitempty"`
	Elapsed string `yaml:"elapsed,omitempty"`
	// NotAudited are types of records that must not be there.
	NotAudited []string `yaml:"not_audited,omitempty"`
	// Unknown accounts must not be: identifiers that nobody may have.
	NoUser []string `yaml:"no_user,omitempty"`
	// Nowhere are texts that stand in no recording, no trace, no record, no
	// message and nothing that is stored.
	Nowhere []string `yaml:"nowhere,omitempty"`
}

// ReadAll reads the scenario files of a project, in the order of their names.
// What cannot be read is reported and left out.
func ReadAll(fsys fs.FS) ([]File, []*flow.FileError) {
	var files []File
	var problems []*flow.FileError
	var names []string
	for _, dir := range []string{Dir, flow.SmokeDir} {
		found, err := fs.Glob(fsys, dir+"/*.yaml")
		if err != nil {
			return nil, []*flow.FileError{{Code: "unreadable", File: dir, Message: err.Error()}}
		}
		names = append(names, found...)
	}
	sort.Strings(names)
	for _, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			problems = append(problems, &flow.FileError{Code: "unreadable", File: name, Message: err.Error()})
			continue
		}
		f, bad := Read(name, text)
		if bad != nil {
			problems = append(problems, bad)
			continue
		}
		files = append(files, f)
	}
	return files, problems
}

// ReadSmoke reads the scenarios that go along with the flows. They know nothing of
// world.yaml: what they need stands in them.
func ReadSmoke(p *flow.Project) ([]File, *flow.FileError) {
	var files []File
	for _, name := range slices.Sorted(maps.Keys(p.Smoke)) {
		f, bad := Read(flow.SmokeDir+"/"+name, []byte(p.Smoke[name]))
		if bad != nil {
			return nil, bad
		}
		files = append(files, f)
	}
	return files, nil
}

// Read reads one scenario file.
func Read(name string, text []byte) (File, *flow.FileError) {
	f := File{Path: name}
	if err := flow.DecodeYAML(name, text, &f); err != nil {
		if fe, ok := err.(*flow.FileError); ok {
			return f, fe
		}
		return f, &flow.FileError{Code: "yaml", File: name, Message: err.Error()}
	}
	seen := map[string]bool{}
	for i := range f.Scenarios {
		s := &f.Scenarios[i]
		where := fmt.Sprintf("scenarios[%d]", i)
		if s.Name != "" {
			where = fmt.Sprintf("%q", s.Name)
		}
		problem := s.problem()
		switch {
		case s.Name == "":
			problem = "it has no name"
		case seen[s.Name]:
			problem = "another scenario of this file has the same name"
		}
		if problem != "" {
			return f, &flow.FileError{Code: "scenario", File: name, Message: where + ": " + problem}
		}
		seen[s.Name] = true
	}
	if len(f.Scenarios) == 0 {
		return f, &flow.FileError{Code: "scenario", File: name, Message: "there is no scenario in it", Hint: "begin with scenarios: and a name"}
	}
	return f, nil
}

func (s *Scenario) problem() string {
	if len(s.Steps) == 0 {
		return "it has no steps"
	}
	for i, st := range s.Steps {
		if n := st.most(); n > 1 {
			return fmt.Sprintf("step %d does %d things; make it %d steps", i+1, n, n)
		}
	}
	if o := s.Expect.Outcome; !strings.Contains(o, "{{") && !knownOutcome(o) {
		return unknownOutcome(o)
	}
	return ""
}

func knownOutcome(o string) bool {
	return o == "" || strings.Contains(" signed_in refused error waiting finished ", " "+o+" ")
}

func unknownOutcome(o string) string {
	return fmt.Sprintf("the outcome %q is none of signed_in, refused, error, waiting, finished", o)
}

// most answers how much the step does, or the busiest of those it is made of.
func (s *Step) most() int {
	n := s.actions()
	for i := range s.Steps {
		n = max(n, s.Steps[i].most())
	}
	return n
}

// actions counts what a step does, besides looking.
func (s *Step) actions() int {
	n := 0
	for _, does := range []bool{s.Steps != nil, s.Start != nil, s.Fill != nil || s.Press != "" || s.Submit, s.Cancel != nil, s.Open != "", s.Return != nil, s.Back, s.Reload, s.Again, s.Restart, s.Tab != "", s.Browser != "", s.Passkey != "", s.Wait != "", s.From != nil, s.Risk != nil, s.Client != "", s.Operator != nil} {
		if does {
			n++
		}
	}
	return n
}

// Title is the scenario's name with its file's.
func (f *File) Title(s *Scenario) string {
	return strings.TrimSuffix(path.Base(f.Path), ".yaml") + " / " + s.Name
}
