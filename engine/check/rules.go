package check

// This file lists the rules: what docs/checks.md and SARIF are made of.

// Rule is one thing that is checked.
type Rule struct {
	Code     string
	Severity Severity
	Group    string
	Title    string
	// Mend says what to do.
	Mend string
}

// Rules are those of this package, by group. Codes that begin with expr_ are those
// of expressions (engine/expr), those that begin with action_ those of Actions
// (engine/script); what cannot be read at all has the code of its file's error.
var Rules = []Rule{
	{"unknown_block", Error, "structure", "A block of a type that this engine does not have", "Take another type, or update the program."},
	{"bad_block_id", Error, "structure", "An id that cannot name a block", "Use lower case letters, digits and _, beginning with a letter (rule G2)."},
	{"bad_input_name", Error, "structure", "A name that cannot name an input", "Use lower case letters, digits and _, beginning with a letter."},
	{"empty_flow", Error, "structure", "A flow with no blocks", "Add the block where it starts."},
	{"no_start", Error, "structure", "A flow whose first block is not there", "Choose a first block."},
	{"no_stages", Error, "structure", "A custom flow without stages", "Name at least one stage."},
	{"double_stage", Error, "structure", "A stage that is named twice", "Take one of the two out."},
	{"unknown_stage", Error, "structure", "A block in a stage that its trigger does not have", "Move it to a stage of the trigger (rule G3)."},
	{"wrong_stage", Error, "structure", "A block in a stage where its type may not stand", "Move it to one of the stages that are named."},
	{"wrong_trigger", Error, "structure", "A block that makes no sense for the flow's trigger", "Take it out, or use it in a flow of another trigger."},
	{"unknown_trigger", Error, "structure", "A trigger that does not exist", "Choose one of the triggers of rule G3."},
	{"edge_to_nowhere", Error, "structure", "A connection to a block that is not there", "Connect it to a block that exists."},
	{"edge_to_earlier_stage", Error, "structure", "A connection back to an earlier stage", "Stages go forward only (rule G4); repeat within a stage."},
	{"endless_loop", Error, "structure", "A circle that never asks the person", "Put a page or a `repeat` block into it (rule G4)."},
	{"unreachable", Warning, "structure", "A block that nothing leads to", "Connect it, or delete it."},
	{"no_way_to_end", Error, "structure", "A block from which no way leads to an end", "Connect its outcomes."},
	{"unwired_port", Error, "structure", "An outcome that leads nowhere", "Connect it to a block."},
	{"unknown_port", Error, "structure", "A connection from an outcome that does not exist", "Take it out, or rename it."},
	{"terminal_port", Error, "structure", "A connection from a block that ends the run", "Nothing runs after it (rule G5): set what a token must hold before."},
	{"locked_block_missing", Error, "structure", "A system flow without a block that it needs", "Put the block back, or lift the lock with a reason (rule G6)."},
	{"lock_lifted", Warning, "structure", "A system flow whose lock was lifted", "Make sure that it is meant; the manifest and `authflow diff` list it."},
	{"lock_without_reason", Error, "structure", "A lock that was lifted without a reason", "Say why."},
	{"circular_flow", Error, "structure", "Flows that run each other in a circle", "Break the circle (rule C1)."},
	{"no_login_flow", Error, "structure", "A project without a login flow", "Add one: nobody can sign in without."},
	{"unknown_provider", Error, "structure", "A provider of people that the project does not name", "Add it to authflow.json under providers."},
	{"never_sent_away", Warning, "structure", "A callback to which nobody is sent", "Put the block that sends people to the provider before it."},
	{"unknown_setting", Error, "data", "A setting that the block does not have", "Take it out, or correct its name."},
	{"read_before_write", Error, "data", "A value that some way to this block has not produced", "Guard it with has(…), or move the block (rule E1)."},
	{"unknown_input", Error, "data", "An input that the flow does not have", "Correct its name, or declare it in the flow (rule G8)."},
	{"missing_input", Error, "data", "A required input that is not given", "Give it (rule G8)."},
	{"unused_value", Info, "data", "A value that nobody reads", "Delete the block."},
	{"unknown_page_field", Error, "pages", "A field that is not on the page", "Add it to the page, or correct its name."},
	{"page_syntax", Error, "pages", "A page that cannot be rendered", "Mend the template."},
	{"label_missing", Warning, "pages", "A text that a language does not have", "Add the label; until then its key is shown (rule N10)."},
	{"action_unchecked", Error, "actions", "An Action that nobody has checked", "Check with the program's own worker."},
	{"needs_user", Error, "security", "A block that needs an account, reached without one", "Lead every way through a lookup or a password check."},
	{"needs_verified", Error, "security", "A session for somebody who has proven nothing", "Lead every way through a credential."},
	{"needs_refresh", Error, "security", "Tokens issued without a validated refresh token", "Lead every way through refresh_token_validate."},
	{"weak_identity", Warning, "security", "A flow that anybody can start, and that ends with an identity after a weak proof", "Mark it subflow-only, or ask for more (rule C7)."},
	{"tells_who_exists", Warning, "security", "What a person sees tells whether an account exists", "Lead both outcomes of the lookup to the same block."},
	{"open_redirect", Error, "security", "An address whose site somebody from outside chooses", "Write the site down, or choose it in a decision."},
	{"cheap_after_costly", Info, "habits", "A cheap refusal after a call that costs", "Refuse first."},
	{"notification_in_flow", Info, "habits", "A call that nothing depends on", "Emit an event, and subscribe the other side under events."},
	{"suppression_unused", Warning, "settings", "A suppression that takes nothing out", "Take it out of authflow.json."},
	{"suppression_of_error", Warning, "settings", "A suppression of an error", "Mend the error: errors are not suppressed."},
}
