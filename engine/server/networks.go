package server

import (
	"fmt"
	"sync/atomic"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/world"
)

// NetworksList is the project's own table of networks, below lists/; it goes
// into the bundle and stands before the databases of the machine.
const NetworksList = "networks.yaml"

// networks answers what is known of an address: from the table of the project
// in service, then from the databases of this machine.
type networks struct {
	project atomic.Pointer[world.NetworkTable]
	geo     world.Networks // nil for none
}

// use takes the table of a project over.
func (n *networks) use(p *flow.Project) error {
	text, ok := p.Lists[NetworksList]
	if !ok {
		n.project.Store(nil)
		return nil
	}
	var content struct {
		Networks []world.NetworkEntry `yaml:"networks"`
	}
	if err := flow.DecodeYAML(flow.ListsDir+"/"+NetworksList, []byte(text), &content); err != nil {
		return err
	}
	table, err := world.NewNetworkTable(content.Networks)
	if err != nil {
		return fmt.Errorf("%s/%s: %w", flow.ListsDir, NetworksList, err)
	}
	n.project.Store(table)
	return nil
}

// Lookup answers what is known.
func (n *networks) Lookup(ip string) world.Network {
	var layers world.Layers
	if t := n.project.Load(); t != nil {
		layers = append(layers, t)
	}
	if n.geo != nil {
		layers = append(layers, n.geo)
	}
	return layers.Lookup(ip)
}
