package desktop

import (
	"testing"

	"github.com/wailsapp/wails/v2/pkg/menu"
	"github.com/wailsapp/wails/v2/pkg/menu/keys"

	"github.com/authflow-studio/authflow/app/studio"
)

func TestTheSystemsMenusAreTheCommands(t *testing.T) {
	var ran string
	menus := []studio.Menu{
		{Title: "File", Items: []studio.MenuItem{{ID: "file.open", Title: "Open…", Keys: "Mod+O", Enabled: true}, {Line: true}, {ID: "file.export", Title: "Export…"}}},
		{ID: "Edit", Title: "Bearbeiten", Items: []studio.MenuItem{{ID: "edit.undo", Title: "Undo", Keys: "Mod+Z", Enabled: true}}},
		{Title: "Run", Items: []studio.MenuItem{{ID: "run.out", Title: "Step out", Keys: "Shift+F11", Enabled: true}, {ID: "x", Title: "X", Keys: "Mod+?!", Enabled: true}}},
	}
	bar := menuBar(menus, "linux", func(id string) { ran = id })
	if len(bar.Items) != 3 || bar.Items[0].Label != "File" {
		t.Fatalf("menus %+v", bar.Items)
	}
	file := bar.Items[0].SubMenu.Items
	if file[1].Type != menu.SeparatorType || !file[2].Disabled || file[0].Disabled {
		t.Errorf("File %+v", file)
	}
	if a := file[0].Accelerator; a.Key != "o" || len(a.Modifiers) != 1 || a.Modifiers[0] != keys.CmdOrCtrlKey {
		t.Errorf("the key of Open is %+v", a)
	}
	run := bar.Items[2].SubMenu.Items
	if a := run[0].Accelerator; a.Key != "f11" || a.Modifiers[0] != keys.ShiftKey || run[1].Accelerator != nil {
		t.Errorf("the keys of Run are %+v, %+v", a, run[1].Accelerator)
	}
	run[0].Click(nil)
	if ran != "run.out" {
		t.Errorf("it ran %q", ran)
	}
	if mac := menuBar(menus, "darwin", nil); len(mac.Items) != 5 || mac.Items[0].Role != menu.AppMenuRole || mac.Items[3].Role != menu.EditMenuRole {
		t.Errorf("on a Mac: %+v", mac.Items)
	}
}
