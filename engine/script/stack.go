package script

// This file writes and reads the lines of a stack trace.

import (
	"fmt"
	"strconv"
	"strings"
)

func stackLine(function, file string, line, column int) string {
	if function == "" {
		function = "<anonymous>"
	}
	if file != "" {
		file += ":"
	}
	return fmt.Sprintf("at %s (%s%d:%d)", clipped(function), file, line, column)
}

// scanPlace reads "3:9(12))", goja's way of writing a place.
func scanPlace(text string, line, column *int) bool {
	row, rest, ok := strings.Cut(text, ":")
	if !ok {
		return false
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(rest)
	}
	var err1, err2 error
	*line, err1 = strconv.Atoi(row)
	*column, err2 = strconv.Atoi(rest[:end])
	return err1 == nil && err2 == nil
}
