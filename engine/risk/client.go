package risk

import (
	"fmt"
	"strings"

	"github.com/mileusna/useragent"
)

// Client is what a request says of the program behind it.
type Client struct {
	UserAgent string `json:"user_agent"`
	// Languages is the Accept-Language header; every browser of a person sends
	// one.
	Languages string `json:"languages"`
	// Recent counts the runs that came from the same address in the last
	// minute, this one included.
	Recent int `json:"recent"`
}

// automated are parts of user agents that no browser of a person has, besides
// those that the library knows.
var automated = []string{"curl/", "wget/", "python-", "go-http-client", "headlesschrome", "phantomjs", "bot", "spider", "crawler", "okhttp/", "axios/", "node-fetch", "java/"}

// AutomatedAgent answers why a user agent is none of a person's browser, "" for
// none.
func AutomatedAgent(agent string) string {
	if agent == "" {
		return "the client sent no user agent"
	}
	lower := strings.ToLower(agent)
	for _, part := range automated {
		if strings.Contains(lower, part) {
			return fmt.Sprintf("the user agent holds %q", part)
		}
	}
	if useragent.Parse(agent).Bot {
		return "the user agent is one of a known bot"
	}
	return ""
}

// BotSignals answers what speaks for a program instead of a person. many is the
// number of runs a minute from one address above which people are unlikely.
func BotSignals(c Client, many int) []Signal {
	found := []Signal{}
	if why := AutomatedAgent(c.UserAgent); why != "" {
		found = append(found, Signal{ID: "automated_client", Detail: why})
	}
	if c.Languages == "" {
		found = append(found, Signal{ID: "no_language", Detail: "the client sent no Accept-Language, which every browser sends"})
	}
	if many > 0 && c.Recent > many {
		found = append(found, Signal{ID: "many_runs", Detail: fmt.Sprintf("%d sign-ins were begun from this address within a minute", c.Recent)})
	}
	return found
}
