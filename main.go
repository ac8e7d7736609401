// Command authflow is the flow designer, the local harness and the server of
// Authflow Studio in one binary.
package main

import (
	"os"

	"github.com/authflow-studio/authflow/app/cli"
	"github.com/authflow-studio/authflow/engine/script"
)

func main() {
	// The binary re-executes itself to run Actions; such a process does nothing
	// else and never returns from here.
	script.ServeWorkerIfAsked()
	os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
