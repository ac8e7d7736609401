package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/world"
)

func (e *env) auditCommand() *cobra.Command {
	c := &cobra.Command{Use: "audit", Short: "the audit record of a server"}
	c.AddCommand(e.auditVerifyCommand(), e.auditExportCommand())
	return c
}

// verifiedChain is what `audit verify --json` prints.
type verifiedChain struct {
	Records uint64 `json:"records"`
	Head    string `json:"head"`
	Intact  bool   `json:"intact"`
	Problem string `json:"problem,omitempty"`
}

func (e *env) auditVerifyCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{Use: "verify STORE", Short: "is every record of the chain there, and as it was written?", Args: cobra.ExactArgs(1),
		Long: "Goes through the hash chain of the audit record in a server's store.\nThe head that is printed covers all records: note it down elsewhere, and a record\nthat is cut off at the end later is found, too.",
		RunE: func(c *cobra.Command, args []string) error {
			st, err := openStore(c.Context(), args[0])
			if err != nil {
				return err
			}
			defer st.Close()
			count, head, verr := audit.Verify(c.Context(), st)
			v := verifiedChain{Records: count, Head: head, Intact: verr == nil}
			if verr != nil {
				v.Problem = verr.Error()
			}
			if asJSON {
				err = e.printJSON(v)
			} else if verr != nil {
				_, err = fmt.Fprintf(e.err, "authflow: the audit record is broken: %v\n", verr)
			} else {
				_, err = fmt.Fprintf(e.out, "%d records, intact\nHead  %s\n", count, head)
			}
			if err == nil && verr != nil {
				return errFailed
			}
			return err
		}}
	c.Flags().BoolVar(&asJSON, "json", false, "print one line of JSON")
	return c
}

// exportPage is how many records are read at once.
const exportPage = 500

func (e *env) auditExportCommand() *cobra.Command {
	return &cobra.Command{Use: "export STORE", Short: "all records, one line of JSON each", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			st, err := openStore(c.Context(), args[0])
			if err != nil {
				return err
			}
			defer st.Close()
			log := audit.New(store.Begin(st), world.SystemClock{})
			for after := uint64(0); ; {
				entries, err := log.Read(c.Context(), after, exportPage)
				if err != nil || len(entries) == 0 {
					return err
				}
				for _, entry := range entries {
					if err := e.printJSON(entry); err != nil {
						return err
					}
					after = entry.Seq
				}
			}
		}}
}
