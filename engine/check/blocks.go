package check

import "fmt"

// checkBlocks: every block has a type that the catalogue knows.
func checkBlocks(x *inspection) {
	for i, id := range x.g.IDs {
		b := x.f.Blocks[id]
		if x.desc[i] != nil {
			continue
		}
		msg := fmt.Sprintf("There is no block type %q.", b.Type)
		if near := nearest(b.Type, x.Catalogue.IDs()); near != "" {
			msg += fmt.Sprintf(" Did you mean %q?", near)
		}
		x.add(Problem{Code: "unknown_block", Severity: Error, Block: id, Message: msg, Why: "A run that comes here ends denied."})
	}
}

// nearest answers the known name with the smallest edit distance, when it is
// near enough to be a slip.
func nearest(name string, known []string) string {
	best, dist := "", len(name)/2+1
	for _, k := range known {
		if d := editDistance(name, k); d < dist {
			best, dist = k, d
		}
	}
	return best
}

func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := diagonal
			if a[i-1] != b[j-1] {
				change++
			}
			diagonal = row[j]
			row[j] = min(change, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
