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
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"

	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/run"
)

// qrSize is the side of a QR code in pixels.
const qrSize = 220

// reveal puts what only this page shows into its model: the secret of an
// authenticator app that is being enrolled, or new recovery codes. It is read
// when the page is rendered and is no part of the run's state (rule T3).
func (h *Handler) reveal(ctx context.Context, s *run.State, d *pageData) error {
	if s.Page.Reveal == "" {
		return nil
	}
	shown, err := h.revealed(ctx, s.Page.Reveal)
	if errors.Is(err, directory.ErrNotFound) {
		return run.ErrExpired
	}
	if err != nil {
		return err
	}
	d.Model = maps.Clone(d.Model)
	maps.Copy(d.Model, shown)
	return nil
}

func (h *Handler) revealed(ctx context.Context, id string) (map[string]any, error) {
	if strings.HasPrefix(id, directory.RecoveryPrefix) {
		codes, err := directory.ReadRecoveryCodes(ctx, h.Engine.Store, id)
		return map[string]any{"codes": codes}, err
	}
	p, err := directory.ReadPendingTOTP(ctx, h.Engine.Store, id)
	if err != nil {
		return nil, err
	}
	image, err := qrCode(p.URI)
	return map[string]any{"secret": p.Secret, "otpauth": p.URI, "qr": template.URL(image)}, err
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
