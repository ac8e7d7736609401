// Package frontend holds the built studio (frontend/dist) as files inside the
// binary. It owns nothing else: who serves them, and under which policy, is
// decided in app/browser and app/desktop.
package frontend

import "embed"

// Dist is the built front end under "dist". Without `npm run build` it holds
// one placeholder file, so that the Go code builds on a fresh clone.
//
//go:embed all:dist
var Dist embed.FS
