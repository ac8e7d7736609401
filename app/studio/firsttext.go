package studio

import (
	"fmt"
	"path"
	"strings"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/web"
)

const firstActionHeader = `/**
 * What this Action does, in a sentence.
 *
 * @title %s
 * @config {boolean} [strict=true] - turn people away whose address is not verified
 * @port unverified - the address is not verified, and strict is off
 * @output {string} domain - the domain of the address
 */
`

const firstActionTS = `export default async function (event: Authflow.Event, step: Authflow.Step, api: Authflow.Api) {
  if (!event.user) return api.deny('no_user')
  api.state.set('domain', event.user.email.split('@').pop() ?? '')
  if (event.user.email_verified) return
  if (api.config.strict) return api.deny('unverified', { user_message: 'Please verify your address first.' })
  api.leave('unverified')
}
`

const firstActionJS = `export default async function (event, step, api) {
  if (!event.user) return api.deny('no_user')
  api.state.set('domain', event.user.email.split('@').pop() ?? '')
  if (event.user.email_verified) return
  if (api.config.strict) return api.deny('unverified', { user_message: 'Please verify your address first.' })
  api.leave('unverified')
}
`

const firstModule = `// What Actions share: import it by its path, such as './lib/%s'.
export {}
`

const firstWorld = `# Who and what there is while the project runs on this machine: docs/scenarios.md.
people:
  - id: usr_ada
    name: Ada Lovelace
    email: ada@example.com
    password: analytical-engine
`

const firstPage = `{{define "content"}}
<h1>{{.Title}}</h1>
{{with .Intro}}<p class="intro">{{.}}</p>{{end}}
{{template "form" .}}
{{end}}{{template "layout" .}}
`

// firstText is what a new file begins with.
func firstText(name string) string {
	switch {
	case strings.HasPrefix(name, flow.ActionsDir+"/"):
		return firstAction(strings.TrimPrefix(name, flow.ActionsDir+"/"))
	case path.Ext(name) == ".html":
		if text, ok := web.BuiltinPage(strings.TrimPrefix(name, flow.PagesDir+"/")); ok {
			return text
		}
		return firstPage
	case path.Ext(name) == ".json":
		return "{}\n"
	case name == flow.WorldFile:
		return firstWorld
	}
	return ""
}

// firstAction is one that runs, and shows what a header can say.
func firstAction(name string) string {
	base := strings.TrimSuffix(path.Base(name), path.Ext(name))
	switch {
	case path.Ext(name) == ".json":
		return "{}\n"
	case !script.Readable(name):
		return ""
	case script.IsModule(name):
		return fmt.Sprintf(firstModule, base)
	}
	title := strings.ReplaceAll(base, "_", " ")
	if title != "" {
		title = strings.ToUpper(title[:1]) + title[1:]
	}
	if path.Ext(name) == ".ts" || path.Ext(name) == ".mts" {
		return fmt.Sprintf(firstActionHeader, title) + firstActionTS
	}
	return fmt.Sprintf(firstActionHeader, title) + firstActionJS
}
