package studio

import "context"

func (s *Studio) bundlePreview(ctx context.Context, _ none) (any, error) { return nil, nil }
func (s *Studio) bundleExport(ctx context.Context, _ none) (any, error)  { return nil, nil }
func (s *Studio) bundleNewKey(ctx context.Context, _ none) (any, error)  { return nil, nil }
