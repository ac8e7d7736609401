package scenario

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Token is a JWT that a partner has signed, with HS256.
type Token struct {
	Key    string         `yaml:"key"`
	Claims map[string]any `yaml:"claims"`
	// Expires says how long after the scenario's beginning it ends, such as 1h;
	// -1h has passed. Without it there is no exp.
	Expires string `yaml:"expires,omitempty"`
}

// signed answers a token of the scenario.
func (r *runner) signed(ctx context.Context, name string) (string, error) {
	t, ok := r.given.Tokens[name]
	if !ok {
		return "", r.unknown("token", name, slices.Sorted(maps.Keys(r.given.Tokens)))
	}
	claims := jwt.MapClaims{}
	for k, v := range t.Claims {
		filled, err := r.filledValue(ctx, v)
		if err != nil {
			return "", err
		}
		claims[k] = filled
	}
	if t.Expires != "" {
		d, err := time.ParseDuration(t.Expires)
		if err != nil {
			return "", fmt.Errorf("given.tokens.%s: %q is no length of time such as 1h", name, t.Expires)
		}
		claims["exp"] = r.begin.Add(d).Unix()
	}
	return jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(t.Key))
}
