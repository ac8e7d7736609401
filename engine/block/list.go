package block

// List answers a list of the project by its name below lists/.
func (c *Call) List(field, name string) (string, error) {
	text, ok := c.env.Project.Lists[name]
	if !ok {
		return "", Fail("no_list", "the project has no file lists/%s", name).In(field).Hinted("create it, one entry a line, or choose another")
	}
	return text, nil
}

// OwnList answers a list of the project if it is there: one that takes the
// place of a list that comes with the program.
func (c *Call) OwnList(name string) (string, bool) {
	text, ok := c.env.Project.Lists[name]
	return text, ok
}
