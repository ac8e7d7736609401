package studio

import "context"

// This file is for windows whose menus are the system's: the front end tells what
// stands in them, from its registry of commands.

// Menu is one menu of the menu bar.
type Menu struct {
	// ID is its name in English: File, Edit, View, Run, Help.
	ID    string     `json:"id"`
	Title string     `json:"title"`
	Items []MenuItem `json:"items"`
}

// MenuItem is a command in a menu, or with Line a line between two groups.
type MenuItem struct {
	Line  bool   `json:"line"`
	ID    string `json:"id"`
	Title string `json:"title"`
	// Keys is a chord such as Mod+Shift+P; "" shows none.
	Keys    string `json:"keys"`
	Enabled bool   `json:"enabled"`
}

type menuArg struct{ Menus []Menu }

// setMenus shows the menus, where they are the system's.
func (s *Studio) setMenus(_ context.Context, a menuArg) (any, error) {
	if s.Menus != nil {
		s.Menus(a.Menus)
	}
	return nil, nil
}

type saveAsArg struct{ Title, Dir, Name string }

// saveAs asks where to write a file, with the system's dialog.
func (s *Studio) saveAs(ctx context.Context, a saveAsArg) (map[string]string, error) {
	if s.SaveAs == nil {
		return nil, &Error{Code: "no_dialog", Message: "There is no file dialog here.", Hint: "Type the path."}
	}
	path, err := s.SaveAs(ctx, a.Title, a.Dir, a.Name)
	return map[string]string{"path": path}, err
}
