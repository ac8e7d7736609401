package web

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"image/png"
	"maps"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"

	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/run"
)

// qrSize is the side of a QR code in pixels.
const qrSize = 220

// reveal puts what only this page shows into its model: the secret of an
// authenticator app that is being enrolled. It is read when the page is
// rendered and is no part of the run's state (rule T3).
func (h *Handler) reveal(ctx context.Context, s *run.State, d *pageData) error {
	if s.Page.Reveal == "" {
		return nil
	}
	p, err := directory.ReadPendingTOTP(ctx, h.Engine.Store, s.Page.Reveal)
	if errors.Is(err, directory.ErrNotFound) {
		return run.ErrExpired
	}
	if err != nil {
		return err
	}
	image, err := qrCode(p.URI)
	if err != nil {
		return err
	}
	d.Model = maps.Clone(d.Model)
	d.Model["secret"], d.Model["otpauth"], d.Model["qr"] = p.Secret, p.URI, template.URL(image)
	return nil
}

func qrCode(text string) (string, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err == nil {
		code, err = barcode.Scale(code, qrSize, qrSize)
	}
	var out bytes.Buffer
	if err == nil {
		err = png.Encode(&out, code)
	}
	if err != nil {
		return "", fmt.Errorf("web: the QR code cannot be drawn: %w", err)
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(out.Bytes()), nil
}
