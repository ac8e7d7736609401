package block

import (
	"maps"

	"github.com/authflow-studio/authflow/engine/directory"
)

// SetMetadata merges values into a user's metadata and answers event.user as it
// is then.
func SetMetadata(c *Call, userID string, app, user map[string]any) (map[string]any, error) {
	if userID == "" {
		return nil, Fail("no_user", "metadata was to be written before anybody was found").Hinted("put it after an identity lookup")
	}
	return Effect(c, "directory.set_metadata", map[string]any{"user_id": userID, "app": app, "user": user}, func(env *Env) (map[string]any, error) {
		u, err := env.Directory.Update(c.Ctx, userID, func(u *directory.User) error {
			u.AppMetadata, u.UserMetadata = merged(u.AppMetadata, app), merged(u.UserMetadata, user)
			return nil
		})
		if err != nil {
			return nil, err
		}
		return UserEvent(u), nil
	})
}

func merged(have, set map[string]any) map[string]any {
	if len(set) == 0 {
		return have
	}
	out := maps.Clone(have)
	if out == nil {
		out = map[string]any{}
	}
	for k, v := range set {
		if v == nil {
			delete(out, k) // null takes a value away
			continue
		}
		out[k] = v
	}
	return out
}
