//go:build clustertest

package clustertest

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"testing"

	"github.com/authflow-studio/authflow/app/cli"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/store/postgres"
	"github.com/authflow-studio/authflow/engine/world"
)

// asProgram makes the test binary be authflow itself, for tests that need it as
// a process of its own.
const asProgram = "AUTHFLOW_TEST_AS_PROGRAM"

// database is the one of all tests; each has a schema of its own in it.
var database *Database

func TestMain(m *testing.M) {
	script.ServeWorkerIfAsked()
	if os.Getenv(asProgram) != "" {
		os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(withDatabase(m))
}

func withDatabase(m *testing.M) int {
	var err error
	if database, err = NewDatabase(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() {
		if err := database.Remove(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}()
	return m.Run()
}

var schemas atomic.Int64

// newSchema makes an empty schema and answers its name.
func newSchema(t testing.TB) string {
	t.Helper()
	name := fmt.Sprint("s", schemas.Add(1))
	if err := database.SQL("authflow", "CREATE SCHEMA "+name); err != nil {
		t.Fatal(err)
	}
	return name
}

// open opens the store of a schema.
func open(t testing.TB, schema string, clock world.Clock, o postgres.Options) *postgres.Store {
	t.Helper()
	s, err := postgres.OpenWith(context.Background(), database.Address(schema, true), clock, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
