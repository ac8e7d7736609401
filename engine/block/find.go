package block

import (
	"errors"

	"github.com/authflow-studio/authflow/engine/directory"
)

// FindUser answers event.user for an identifier, nil when no account has it.
func FindUser(c *Call, identifier string) (map[string]any, error) {
	return Effect(c, "directory.find", map[string]any{"identifier": identifier}, func(env *Env) (map[string]any, error) {
		u, err := env.Directory.FindByIdentifier(c.Ctx, identifier)
		if errors.Is(err, directory.ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return UserEvent(u), nil
	})
}
