package postgres

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
)

// connections is how many a process has at most, unless the address says
// pool_max_conns. Commits take one; the others are for reading.
const connections = 16

// configOf reads an address. Unless it says otherwise, a database on another
// machine must prove who it is: what is stored are people's secrets.
func configOf(address string) (*pgxpool.Config, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return nil, fmt.Errorf("postgres: the address must be a URL such as postgres://user@host/database") // err would show a password
	}
	q := u.Query()
	if !q.Has("sslmode") && os.Getenv("PGSSLMODE") == "" && !local(u.Hostname(), q.Get("host")) {
		q.Set("sslmode", "verify-full")
	}
	limited := q.Has("pool_max_conns")
	u.RawQuery = q.Encode()
	config, err := pgxpool.ParseConfig(u.String())
	if err != nil {
		return nil, fmt.Errorf("postgres: %w", err) // pgx leaves the password out
	}
	if !limited {
		config.MaxConns = connections
	}
	if config.ConnConfig.RuntimeParams["application_name"] == "" {
		config.ConnConfig.RuntimeParams["application_name"] = "authflow"
	}
	return config, nil
}

// local says whether a database is reached without leaving the machine.
func local(host, parameter string) bool {
	if host == "" {
		host = parameter
	}
	if host == "" {
		host = os.Getenv("PGHOST")
	}
	ip := net.ParseIP(host)
	return host == "" || host == "localhost" || strings.HasPrefix(host, "/") || ip != nil && ip.IsLoopback()
}
