package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/bundle"
	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/check/contract"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/engine/world"
	"github.com/authflow-studio/authflow/projects"
)

func (e *env) exportCommand() *cobra.Command {
	var out, keyFile string
	var asJSON bool
	var issue issueFlags
	c := &cobra.Command{Use: "export PROJECT -o FILE", Short: "write the bundle that a server loads", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return e.export(c.Context(), args[0], out, keyFile, issue, asJSON)
		}}
	c.Flags().StringVarP(&out, "output", "o", "", "file to write")
	c.Flags().StringVar(&keyFile, "key", "", "private key that signs it; without one the bundle is unsigned")
	c.Flags().BoolVar(&asJSON, "json", false, "print one line of JSON")
	issue.add(c)
	_ = c.MarkFlagRequired("output")
	return c
}

// issueFlags say what a manifest says of its issue.
type issueFlags struct {
	revision                 int
	previous, expires, scope string
}

func (f *issueFlags) add(c *cobra.Command) {
	c.Flags().IntVar(&f.revision, "revision", 0, "number of this bundle; a server takes a lower one than before as a rollback alone")
	c.Flags().StringVar(&f.previous, "previous", "", "bundle that this one is made after: the revision is one more, and its digest is named")
	c.Flags().StringVar(&f.expires, "expires", "", "when servers activate it no longer: 2027-01-31T00:00:00Z, or 720h from now")
	c.Flags().StringVar(&f.scope, "scope", "", "environment that it is meant for, as in serve --scope")
}

func (f issueFlags) issue() (bundle.Issue, error) {
	i := bundle.Issue{Revision: f.revision, Expires: f.expires, Scope: f.scope}
	if f.previous != "" {
		b, err := bundle.LoadFile(f.previous, bundle.Policy{AllowUnsigned: true})
		if err != nil {
			return i, err
		}
		i.Previous = b.Manifest.Digest
		if f.revision == 0 {
			i.Revision = b.Manifest.Revision + 1
		}
		if i.Revision <= b.Manifest.Revision {
			return i, fmt.Errorf("--revision %d is not after the %d of %s", i.Revision, b.Manifest.Revision, f.previous)
		}
	}
	if d, err := time.ParseDuration(f.expires); err == nil {
		i.Expires = time.Now().Add(d).UTC().Format(time.RFC3339)
	}
	return i, nil
}

// exported is what `export --json` prints.
type exported struct {
	Path     string              `json:"path"`
	Digest   string              `json:"digest"`
	Size     int                 `json:"size"`
	SignedBy string              `json:"signed_by"`
	Secrets  []bundle.SecretName `json:"secrets"`
	// Env is the file that was made for the secrets' values, "" where there is
	// one already or no secret.
	Env string `json:"env,omitempty"`
}

func (e *env) export(ctx context.Context, dir, out, keyFile string, issue issueFlags, asJSON bool) error {
	p, err := projects.Open(dir)
	if err != nil {
		return err
	}
	defer p.Close()
	pool := script.NewPool(script.Options{Workers: 1})
	defer pool.Close()
	project, unreadable := p.Load()
	j := withContracts(project, (&check.Checker{Catalogue: catalogue.All(), Scripts: pool}).Findings(ctx, project, unreadable))
	if !j.sound() {
		if err := (&env{out: e.err}).printJudged(j, "text"); err != nil {
			return err
		}
		fmt.Fprintln(e.err, "Nothing was exported: a project with errors or refuted contracts has no bundle.")
		return errFailed
	}
	var key *bundle.PrivateKey
	if keyFile != "" {
		if key, err = bundle.ReadPrivateKey(keyFile); err != nil {
			return err
		}
	}
	release := j.verdicts()
	if release.Scenarios, err = server.Smoke(ctx, project, pool); err != nil {
		return e.refused(err)
	}
	if release.Issue, err = issue.issue(); err != nil {
		return err
	}
	built, err := bundle.Build(p.FS(), key, release)
	if err != nil {
		return e.refused(err)
	}
	if err := writeFile(out, built.Bytes); err != nil {
		return err
	}
	r := exported{Path: out, Digest: built.Manifest.Digest, Size: len(built.Bytes), SignedBy: built.Manifest.SignedBy, Secrets: built.Manifest.Secrets}
	if r.Env, err = bundle.WriteEnv(out, built.Manifest.Secrets); err != nil {
		return err
	}
	if asJSON {
		return e.printJSON(r)
	}
	signed := "signed by " + r.SignedBy
	if key == nil {
		signed = "UNSIGNED: a server refuses it unless it is told --allow-unsigned; sign it with --key"
	}
	fmt.Fprintf(e.out, "Wrote %s (%d bytes)\nDigest  %s\n%s\n", out, r.Size, r.Digest, signed)
	for _, s := range r.Secrets {
		fmt.Fprintf(e.out, "The server must supply the secret %s  %s\n", s.Name, s.Purpose)
	}
	if r.Env != "" {
		fmt.Fprintf(e.out, "Their names stand in %s; fill in the values on the server.\n", r.Env)
	}
	return nil
}

// refused prints a refusal of the bundle package; other errors are the caller's.
func (e *env) refused(err error) error {
	var be *bundle.Error
	if !errors.As(err, &be) {
		return err
	}
	fmt.Fprintf(e.err, "authflow: %s [%s]\n", be.Error(), be.Code)
	return errFailed
}

// writeFile writes whole or not at all.
func writeFile(name string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(name), ".authflow-*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(data)
	err = errors.Join(err, tmp.Chmod(0o644), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return nil
}

func (e *env) verifyCommand() *cobra.Command {
	var keys []string
	var asJSON bool
	c := &cobra.Command{Use: "verify BUNDLE", Short: "digest, signature and content of a bundle", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return e.verify(c.Context(), args[0], keys, asJSON) }}
	c.Flags().StringArrayVar(&keys, "key", nil, "public key that must have signed it; may be given several times")
	c.Flags().BoolVar(&asJSON, "json", false, "print one line of JSON")
	return c
}

// verified is what `verify --json` prints.
type verified struct {
	Digest  string `json:"digest"`
	Name    string `json:"name"`
	Version string `json:"version"`
	bundle.Issue
	SignedBy string              `json:"signed_by"`
	Trusted  bool                `json:"trusted"`
	Flows    []bundle.Flow       `json:"flows"`
	Parts    int                 `json:"parts"`
	Secrets  []bundle.SecretName `json:"secrets"`
	Hosts    []string            `json:"hosts"`
	Error    *bundle.Error       `json:"error,omitempty"`
	Problems []check.Problem     `json:"problems,omitempty"`
	// Suppressed are findings that the project lets be, and why.
	Suppressed []check.Suppressed `json:"suppressed,omitempty"`
	// Contracts as they are proven here, and smoke tests as they end here, whatever
	// the manifest says.
	Contracts []contract.Result `json:"contracts,omitempty"`
	Scenarios []bundle.Scenario `json:"scenarios,omitempty"`
}

// verify says what a bundle is. Without a key the signature is not judged, and
// that is said.
func (e *env) verify(ctx context.Context, name string, keys []string, asJSON bool) error {
	policy, err := policyOf(keys, len(keys) == 0)
	if err != nil {
		return err
	}
	b, err := bundle.LoadFile(name, policy)
	if err != nil {
		var be *bundle.Error
		if asJSON && errors.As(err, &be) {
			return errors.Join(e.printJSON(verified{Error: be}), errFailed)
		}
		return e.refused(err)
	}
	pool := script.NewPool(script.Options{Workers: 1})
	defer pool.Close()
	j := withContracts(b.Project(), (&check.Checker{Catalogue: catalogue.All(), Scripts: pool}).Findings(ctx, b.Project(), nil))
	m := b.Manifest
	v := verified{Digest: m.Digest, Name: m.Name, Version: m.Version, Issue: m.Issue, SignedBy: m.SignedBy, Trusted: b.Verified != "", Flows: m.Flows, Parts: len(m.Parts), Secrets: m.Secrets, Hosts: m.Hosts, Problems: j.problems, Suppressed: j.suppressed, Contracts: j.contracts}
	var smoke error
	if v.Scenarios, smoke = server.Smoke(ctx, b.Project(), pool); smoke != nil {
		_ = errors.As(smoke, &v.Error)
	}
	if asJSON {
		err = e.printJSON(v)
	} else {
		err = e.printVerified(v)
	}
	if err == nil && (smoke != nil || !j.sound()) {
		err = errFailed
	}
	return err
}

func (e *env) printVerified(v verified) error {
	signature := "unsigned"
	switch {
	case v.Trusted:
		signature = "signed by " + v.SignedBy + ", which is trusted"
	case v.SignedBy != "":
		signature = "says that " + v.SignedBy + " signed it; give --key to judge that"
	}
	fmt.Fprintf(e.out, "%s %s\nDigest     %s\nSignature  %s\nParts      %d\n", v.Name, v.Version, v.Digest, signature, v.Parts)
	for _, x := range [][2]string{{"Revision", revisionWords(v.Revision)}, {"After", v.Previous}, {"Expires", v.Expires}, {"Meant for", v.Scope}} {
		if x[1] != "" {
			fmt.Fprintf(e.out, "%-10s %s\n", x[0], x[1])
		}
	}
	for _, f := range v.Flows {
		how := "startable"
		if !f.Startable {
			how = "not startable"
		}
		fmt.Fprintf(e.out, "Flow       %s (%s, %d blocks, %s)\n", f.Slug, f.Trigger, f.Blocks, how)
	}
	if err := e.printContracts(v.Contracts); err != nil {
		return err
	}
	if err := e.printSuppressed(v.Suppressed); err != nil {
		return err
	}
	for _, s := range v.Scenarios {
		fmt.Fprintf(e.out, "%-8s smoke test %s\n", s.Result, s.Name)
	}
	if v.Error != nil {
		_, err := fmt.Fprintf(e.out, "%s [%s]\n", v.Error.Error(), v.Error.Code)
		return err
	}
	if len(v.Problems) > 0 {
		return e.printProblems(v.Problems)
	}
	_, err := fmt.Fprintln(e.out, "The content is sound.")
	return err
}

func revisionWords(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func policyOf(keyFiles []string, allowUnsigned bool) (bundle.Policy, error) {
	p := bundle.Policy{AllowUnsigned: allowUnsigned}
	for _, name := range keyFiles {
		k, err := bundle.ReadPublicKey(name)
		if err != nil {
			return p, err
		}
		p.Trusted = append(p.Trusted, k)
	}
	return p, nil
}

func checkBundle(ctx context.Context, checker *check.Checker, name string) (judged, error) {
	b, err := bundle.LoadFile(name, bundle.Policy{AllowUnsigned: true})
	if err != nil {
		return judged{}, err
	}
	return withContracts(b.Project(), checker.Findings(ctx, b.Project(), nil)), nil
}

func (e *env) keysCommand() *cobra.Command {
	c := &cobra.Command{Use: "keys", Short: "keys that sign bundles"}
	c.AddCommand(&cobra.Command{Use: "new FILE", Short: "make a key pair: the private key in FILE, the public one in FILE.pub", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			k := bundle.GenerateKey(world.SystemRandom{})
			if err := bundle.WriteKey(args[0], k); err != nil {
				return err
			}
			_, err := fmt.Fprintf(e.out, "Private key  %s  (keep it secret; it signs with `export --key`)\nPublic key   %s.pub  (give it to servers: `serve --trust`)\nKey id       %s\n", args[0], args[0], k.ID())
			return err
		}})
	return c
}
