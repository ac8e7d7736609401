package web

import (
	"net/http"

	"github.com/authflow-studio/authflow/engine/run"
)

// PasskeyScriptPath is the script of pages with a passkey: the only one that any
// page may run.
const PasskeyScriptPath = FlowPath + "passkey.js"

// passkeyScript answers it; it may be cached.
func (h *Handler) passkeyScript(w http.ResponseWriter, _ *http.Request) {
	static(w, "passkey.js", "text/javascript; charset=utf-8")
}

// allowScript lets the page run that script, and no other, when it has a passkey
// to ask for. The address is the server's own: what a request claims is none.
func (h *Handler) allowScript(head http.Header, r *http.Request, s *run.State) {
	if s.Page.Model["publicKey"] == nil || h.Engine.Origin == nil {
		return
	}
	head.Set("Content-Security-Policy", head.Get("Content-Security-Policy")+"; script-src "+h.Engine.Origin(r.Host)+PasskeyScriptPath)
}
