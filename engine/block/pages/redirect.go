package pages

import (
	"net/url"

	"github.com/authflow-studio/authflow/engine/block"
)

// Redirect sends the person to another site and waits at the callback.
type Redirect struct{}

// Describe answers the descriptor.
func (Redirect) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "redirect", Family: "pages", Title: "Redirect", Icon: "external-link",
		Summary:  "Sends the person away and waits at the callback",
		Help:     "The other site gets a parameter state and must give it back at /fl/callback, by GET or POST. What it sends along are the outputs.",
		Synonyms: []string{"external", "leave", "callback", "third party"},
		Asks:     true, OpenOutputs: true,
		Fields:  []block.Field{{Name: "url", Title: "Address", Kind: block.Template, Required: true, Placeholder: "https://idv.example.com/start?user={{ event.user.id }}"}},
		Outputs: []block.Output{{Name: "params", Type: "object", Help: "What came back, by name, as texts"}},
		Ports:   []block.Port{{ID: "returned", Title: "returned", Tone: "good"}},
	}
}

// Run sends the person away, and takes what they bring back.
func (Redirect) Run(c *block.Call) (block.Result, error) {
	if c.Resumed() {
		params := map[string]any{}
		for k, v := range c.Submit {
			params[k] = v
		}
		return block.Go("returned", map[string]any{"params": params}), nil
	}
	to, err := c.Text("url")
	if err != nil {
		return block.Result{}, err
	}
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return block.Result{}, block.Fail("bad_address", "%q is no http or https address", to).In("url")
	}
	return block.SendAway(u.String()), nil
}
