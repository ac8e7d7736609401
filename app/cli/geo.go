package cli

import (
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/authflow-studio/authflow/engine/world"
)

// geoVariable names database files where no flag does, for the studio too.
const geoVariable = "AUTHFLOW_GEO"

const geoHelp = "database of networks in the format of MaxMind (city, ASN, anonymous addresses); may be given several times; " + geoVariable + " when absent"

func geoFlag(c *cobra.Command, files *[]string) { c.Flags().StringArrayVar(files, "geo", nil, geoHelp) }

// openGeo opens the databases, none when nobody names one.
func openGeo(files []string) (*world.Geo, error) {
	if len(files) == 0 {
		files = filepath.SplitList(os.Getenv(geoVariable))
	}
	return world.OpenGeo(files...)
}
