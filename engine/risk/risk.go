// Package risk turns what is known of a sign-in into signals, one number and a
// recommendation.
//
// It owns: the signals, their default weights and the thresholds.
// It delegates: facts about addresses to engine/world, history of a user to
// engine/directory; deciding, to the flow. It never decides.
// The law: the same facts give the same assessment; each signal that counted is
// named with its weight and a reason that a person can read.
package risk

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/authflow-studio/authflow/engine/world"
)

// Facts are what is known when the assessment is made. What is not known does
// not count as harmless: see Signal unknown_network.
type Facts struct {
	Now       time.Time     `json:"now"`
	Network   world.Network `json:"network"`
	UserAgent string        `json:"user_agent"`
	// Device is known, unknown, or empty when nobody looked.
	Device string `json:"device"`
	// Failures of this identifier in the last ten minutes.
	Failures int     `json:"failures"`
	Last     *SignIn `json:"last,omitempty"`
	// Given is what a tester has set in place of what would be found.
	Given *Given `json:"set_by_tester,omitempty"`
}

// SignIn is the last successful sign-in.
type SignIn struct {
	At      time.Time `json:"at"`
	Country string    `json:"country,omitempty"`
	Lat     float64   `json:"lat,omitempty"`
	Lon     float64   `json:"lon,omitempty"`
}

// Signal is one finding that counted.
type Signal struct {
	ID     string `json:"id"`
	Weight int    `json:"weight"`
	Detail string `json:"detail"`
}

// Assessment is all findings in one.
type Assessment struct {
	Score          int      `json:"score"`          // 0–100
	Severity       string   `json:"severity"`       // low, medium, high
	Recommendation string   `json:"recommendation"` // allow, challenge, deny
	Signals        []Signal `json:"signals"`
}

// Weights by signal id, in points of the score.
type Weights map[string]int

// DefaultWeights are used where a project sets none.
var DefaultWeights = Weights{
	"tor": 70, "proxy": 40, "vpn": 40, "hosting": 35, "unknown_network": 5,
	"new_device": 15, "new_country": 20, "impossible_travel": 60,
	"recent_failures": 30, "automated_client": 10,
}

// Thresholds are the scores from which the severity is medium and high.
type Thresholds struct{ Medium, High int }

// DefaultThresholds are used where a project sets none.
var DefaultThresholds = Thresholds{Medium: 30, High: 70}

// Assess weighs the facts. A weight of zero turns a signal off. More signals,
// with weights of their own, count beside them.
func Assess(f Facts, w Weights, t Thresholds, more ...Signal) Assessment {
	a := Assessment{Signals: []Signal{}}
	add := func(s Signal) {
		if s.Weight <= 0 {
			return
		}
		a.Score = min(100, a.Score+s.Weight)
		a.Signals = append(a.Signals, s)
	}
	found := slices.DeleteFunc([]Signal{network(f), device(f), country(f), travel(f), failures(f), client(f)}, func(s Signal) bool { return s.ID == "" })
	for _, s := range f.Given.apply(found) {
		weight, set := w[s.ID]
		if !set {
			weight = DefaultWeights[s.ID]
		}
		s.Weight = weight
		add(s)
	}
	for _, s := range more {
		add(s)
	}
	if f.Given != nil && f.Given.Score != nil {
		a.Score = *f.Given.Score
	}
	a.Severity, a.Recommendation = "low", "allow"
	switch {
	case a.Score >= t.High:
		a.Severity, a.Recommendation = "high", "deny"
	case a.Score >= t.Medium:
		a.Severity, a.Recommendation = "medium", "challenge"
	}
	return a
}

func network(f Facts) Signal {
	switch f.Network.Kind {
	case "tor", "proxy", "vpn", "hosting":
		return Signal{ID: f.Network.Kind, Detail: fmt.Sprintf("the address %s belongs to a network of kind %s", f.Network.IP, f.Network.Kind)}
	case "":
		if f.Network.Country == "" {
			return Signal{ID: "unknown_network", Detail: fmt.Sprintf("nothing is known of the address %s", f.Network.IP)}
		}
	}
	return Signal{}
}

func device(f Facts) Signal {
	if f.Device != "unknown" {
		return Signal{}
	}
	return Signal{ID: "new_device", Detail: "this person has not signed in on this device before"}
}

func country(f Facts) Signal {
	if f.Last == nil || f.Last.Country == "" || f.Network.Country == "" || f.Last.Country == f.Network.Country {
		return Signal{}
	}
	return Signal{ID: "new_country", Detail: fmt.Sprintf("the last sign-in came from %s, this one from %s", f.Last.Country, f.Network.Country)}
}

// Fastest is faster than an airliner door to door, in km/h.
const Fastest = 900

// near is a distance that location tables are wrong by, in km.
const near = 150

// Journey is the way from the last sign-in to this one.
type Journey struct {
	KM    float64 `json:"km"`
	Hours float64 `json:"hours"`
	// Impossible at the given speed.
	Impossible bool `json:"impossible"`
}

// Travel answers the journey; ok is false when one of the two places is not
// known.
func Travel(f Facts, maxKMH float64) (j Journey, ok bool) {
	if f.Last == nil || (f.Last.Lat == 0 && f.Last.Lon == 0) || (f.Network.Lat == 0 && f.Network.Lon == 0) {
		return Journey{}, false
	}
	j = Journey{KM: Distance(f.Last.Lat, f.Last.Lon, f.Network.Lat, f.Network.Lon), Hours: f.Now.Sub(f.Last.At).Hours()}
	j.Impossible = j.KM >= near && (j.Hours <= 0 || j.KM/j.Hours > maxKMH)
	return j, true
}

func travel(f Facts) Signal {
	j, ok := Travel(f, Fastest)
	if !ok || !j.Impossible {
		return Signal{}
	}
	return Signal{ID: "impossible_travel", Detail: fmt.Sprintf("%.0f km from the last sign-in, %.1f hours ago", j.KM, j.Hours)}
}

// Distance answers the kilometres between two places on a sphere (haversine).
func Distance(lat1, lon1, lat2, lon2 float64) float64 {
	const earth = 6371
	rad := func(deg float64) float64 { return deg * math.Pi / 180 }
	h := math.Pow(math.Sin(rad(lat2-lat1)/2), 2) +
		math.Cos(rad(lat1))*math.Cos(rad(lat2))*math.Pow(math.Sin(rad(lon2-lon1)/2), 2)
	return 2 * earth * math.Asin(math.Min(1, math.Sqrt(h)))
}

// manyFailures is how many recent failures count as a signal.
const manyFailures = 3

func failures(f Facts) Signal {
	if f.Failures < manyFailures {
		return Signal{}
	}
	return Signal{ID: "recent_failures", Detail: fmt.Sprintf("%d failed attempts on this account in the last ten minutes", f.Failures)}
}

func client(f Facts) Signal {
	if why := AutomatedAgent(f.UserAgent); why != "" {
		return Signal{ID: "automated_client", Detail: why}
	}
	return Signal{}
}
