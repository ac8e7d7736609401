package desktop

import (
	"runtime"
	"strings"

	"github.com/wailsapp/wails/v2/pkg/menu"
	"github.com/wailsapp/wails/v2/pkg/menu/keys"

	"github.com/authflow-studio/authflow/app/studio"
)

// NativeMenus says whether the menus are the system's: see docs/decisions/0015.
func NativeMenus() bool { return runtime.GOOS == "darwin" }

// menuBar makes the system's menus; run is told the command that was chosen.
func menuBar(menus []studio.Menu, goos string, run func(id string)) *menu.Menu {
	bar := menu.NewMenu()
	if goos == "darwin" {
		bar.Append(menu.AppMenu())
	}
	for _, m := range menus {
		sub := bar.AddSubmenu(m.Title)
		for _, item := range m.Items {
			if item.Line {
				sub.AddSeparator()
				continue
			}
			id := item.ID
			entry := sub.AddText(item.Title, accelerator(item.Keys), func(*menu.CallbackData) { run(id) })
			entry.Disabled = !item.Enabled
		}
		if goos == "darwin" && m.ID == "Edit" {
			// Cut, copy and paste in texts come from this one.
			bar.Append(menu.EditMenu())
		}
	}
	return bar
}

// accelerator reads a chord; nil for one that menus cannot show.
func accelerator(chord string) *keys.Accelerator {
	if chord == "" {
		return nil
	}
	spoken := strings.NewReplacer("Mod", "cmdorctrl", "Alt", "optionoralt", "ArrowUp", "up", "ArrowDown", "down", "ArrowLeft", "left", "ArrowRight", "right").Replace(chord)
	a, err := keys.Parse(strings.ToLower(spoken))
	if err != nil {
		return nil
	}
	return a
}
