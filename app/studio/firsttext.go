package studio

import (
	"path"
	"strings"

	"github.com/authflow-studio/authflow/engine/flow"
)

const firstAction = `// event: what is known of the sign-in. step: outputs of the blocks before.
// api: what this Action may do. See docs/actions.md.
export default async function (event, step, api) {
  api.log('info', 'signing in', { user: event.user.id })
}
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
		return firstAction
	case path.Ext(name) == ".html":
		return firstPage
	case path.Ext(name) == ".json":
		return "{}\n"
	}
	return ""
}
