package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
)

// nowhere looks for texts in all that remains of the scenario.
func (r *runner) nowhere(ctx context.Context, texts []string) ([]miss, error) {
	if len(texts) == 0 {
		return nil, nil
	}
	places, err := r.remains(ctx)
	if err != nil {
		return nil, err
	}
	var failures []miss
	for _, text := range texts {
		if text, err = r.fill(ctx, text); err != nil {
			return nil, err
		}
		if text == "" {
			return nil, fmt.Errorf("an empty text stands everywhere")
		}
		for _, p := range places {
			if bytes.Contains(p.content, []byte(text)) {
				failures = append(failures, forbidden(fmt.Sprintf("%q stands in %s", text, p.name)))
			}
		}
	}
	return failures, nil
}

type remnant struct {
	name    string
	content []byte
}

// remains answers everything that outlives a request.
func (r *runner) remains(ctx context.Context) ([]remnant, error) {
	kept, err := r.bench.Kept(ctx)
	if err != nil {
		return nil, err
	}
	recordings, err := r.bench.Recordings(ctx)
	if err != nil {
		return nil, err
	}
	journals := make([]any, len(recordings))
	for i, rec := range recordings {
		journals[i] = rec.Journal
	}
	entries, err := r.bench.Record(ctx)
	if err != nil {
		return nil, err
	}
	sent, err := r.bench.Sent(ctx)
	if err != nil {
		return nil, err
	}
	out := []remnant{{"the store", kept}}
	for _, p := range []struct {
		name string
		v    any
	}{{"a journal", journals}, {"the trace", r.bench.Trace()}, {"the record", entries}, {"a message", sent}} {
		text, err := json.Marshal(p.v)
		if err != nil {
			return nil, err
		}
		out = append(out, remnant{p.name, text})
	}
	return out, nil
}
