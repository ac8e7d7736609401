// Package block is what a block is: its descriptor, the call it is run with,
// and the results it may give.
//
// It owns: Descriptor and Catalogue, Call (the only view a block has of a run)
// and Effect (its only door to the outside).
// It delegates: the block types themselves to the packages below it, one file
// each, gathered by block/catalogue; what runs them to engine/run.
// The law: a block holds no state of its own and reaches nothing outside the
// run but through Effect, so that a run can be recorded, replayed and stepped
// back (rules X3, X4).
package block

// Block is one block type.
type Block interface {
	Describe() Descriptor
	// Run does the block's work. A block that asked for a page is run again
	// with what the person submitted; what it wants to know then, it keeps with
	// Call.Remember. An error leads to the port error (rule X5).
	Run(c *Call) (Result, error)
}

// Result is what came of a block: exactly one of Port, Page, Flow, Away and End
// is set.
type Result struct {
	Port    string
	Outputs map[string]any
	Page    *PageRequest
	Flow    *FlowRequest
	// Away is an address that the person is sent to; the run waits for them to
	// come back (rule N6).
	Away string
	// AwaySecrets name what comes back and is kept as a submitted password is:
	// Call.Secret has it, the run's state and journal do not.
	AwaySecrets []string
	End         *End
}

// Go leaves by a port.
func Go(port string, outputs map[string]any) Result { return Result{Port: port, Outputs: outputs} }

// Ask shows a page and waits for the person.
func Ask(p PageRequest) Result { return Result{Page: &p} }

// Enter runs another flow; the block is run again with its result.
func Enter(f FlowRequest) Result { return Result{Flow: &f} }

// SendAway sends the person to another site.
func SendAway(address string) Result { return Result{Away: address} }

// Finish ends the flow.
func Finish(e End) Result { return Result{End: &e} }

// PageRequest is a page to show. It is plain data and part of a waiting run's
// state: rendering it again needs nothing else (rule N1).
type PageRequest struct {
	// Template is a path below pages/ with its extension.
	Template string `json:"template"`
	// Model is what the template sees, besides the texts.
	Model map[string]any `json:"model,omitempty"`
	// Fields the person may send.
	Fields []PageField `json:"fields,omitempty"`
	// Buttons are the ports or choices that submit buttons of the page name.
	Buttons []string `json:"buttons,omitempty"`
	// Error is a label key for what was wrong with the last submit.
	Error string `json:"error,omitempty"`
	// Reveal names a secret in the store that this page shows; the secret
	// itself is no part of the run.
	Reveal string `json:"reveal,omitempty"`
	// Link is the id of a link in a message that this page waits for.
	Link string `json:"link,omitempty"`
}

// PageField is one input of a page.
type PageField struct {
	Name     string `json:"name"`
	Type     string `json:"type"` // text, password, email, tel, number, checkbox, code
	Label    string `json:"label,omitempty"`
	Required bool   `json:"required,omitempty"`
	Pattern  string `json:"pattern,omitempty"`
	Value    string `json:"value,omitempty"`
	// Autocomplete is the HTML autofill name where it does not follow from the
	// type.
	Autocomplete string `json:"autocomplete,omitempty"`
	// Error is a label key.
	Error string `json:"error,omitempty"`
}

// FlowRequest is another flow to run (rule C1).
type FlowRequest struct {
	Flow  string
	Input map[string]any
	// Overrides leads from the page of a flow below to the one that takes its
	// place (rule C3).
	Overrides map[string]string
}

// FlowResult is what a flow that was run answered (rules C2, C4).
type FlowResult struct {
	Success bool           `json:"success"`
	Data    map[string]any `json:"data,omitempty"`
	Error   string         `json:"error,omitempty"`
	Aborted bool           `json:"aborted,omitempty"`
	// URL is the page where it was cancelled, below /fl/.
	URL string `json:"url,omitempty"`
	// Failed holds the error that ended it without a block that said so.
	Failed *Error `json:"failed,omitempty"`
}

// End is how a flow ends (rules C2, G5).
type End struct {
	Success bool `json:"success"`
	// Reason is for machines and the audit record.
	Reason string `json:"reason,omitempty"`
	// Message is for the person.
	Message string         `json:"message,omitempty"`
	Data    map[string]any `json:"data,omitempty"`
	// UserID is the identity that a successful end carries; empty authenticates
	// nobody.
	UserID string `json:"user_id,omitempty"`
	// SessionID is the public id of the session that was issued.
	SessionID string `json:"session_id,omitempty"`
	// Whole ends the run and not only the flow: what was issued is issued.
	Whole bool `json:"whole,omitempty"`
}
