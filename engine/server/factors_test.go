package server_test

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

// graceSecret is that of Grace's authenticator app in the starter.
const graceSecret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

func appCode(d *device, secret string) string {
	d.t.Helper()
	d.r.Clock.Advance(time.Minute) // past the step of the last code
	code, err := totp.GenerateCode(secret, d.r.Clock.Now())
	if err != nil {
		d.t.Fatal(err)
	}
	return code
}

func (d *device) grace(flow string) {
	d.t.Helper()
	d.open(flow)
	d.password("grace@acme.example", "nanosecond-wire")
}

// codesShown answers the recovery codes of the page.
func (d *device) codesShown() []string {
	d.t.Helper()
	d.on("mfa/recovery_codes")
	model, _ := d.at["model"].(map[string]any)
	list, _ := model["codes"].([]any)
	var codes []string
	for _, c := range list {
		codes = append(codes, c.(string))
	}
	return codes
}

// people answers the directory as it is.
func (d *device) people() *directory.Directory {
	return directory.New(store.Begin(d.r.Store()), d.r.Clock, d.r.Engine().World.Random, nil)
}

// Scenario 18: who has no factor is held until they have one; recovery codes are
// shown once, one works once, new ones end the old; they are kept as hashes.
func TestRecoveryCodes(t *testing.T) {
	d := newDevice(newRig(t, nil, factorFlows))
	d.open("step")
	d.password("alan@example.com", "enigma-machine")
	d.on("mfa/enroll_choose")
	d.send("enroll_totp", nil)
	d.on("mfa/enroll_totp")
	model, _ := d.at["model"].(map[string]any)
	secret, _ := model["secret"].(string)
	d.send("", map[string]any{"code": appCode(d, secret)})
	codes := d.codesShown()
	if len(codes) != directory.RecoveryCodes || !regexp.MustCompile(`^[a-z0-9]{5}-[a-z0-9]{5}$`).MatchString(codes[0]) {
		t.Fatalf("codes %v", codes)
	}
	d.send("", nil)
	d.ended(true)
	for _, bucket := range d.buckets() {
		for id, text := range bucket {
			if strings.Contains(text, codes[0]) {
				t.Errorf("%s holds a recovery code", id)
			}
		}
	}

	use := func(code, page string) {
		t.Helper()
		d.open("step")
		d.password("alan@example.com", "enigma-machine")
		d.on("mfa/choose")
		d.send("recovery_code", nil)
		d.send("", map[string]any{"code": code})
		if page == "" {
			d.ended(true)
			return
		}
		d.on(page)
	}
	use(strings.ToUpper(strings.ReplaceAll(codes[3], "-", " ")), "")
	use(codes[3], "mfa/recovery_code")
	if left, err := d.people().RecoveryCodesLeft(context.Background(), "usr_alan"); left != 9 || err != nil {
		t.Errorf("%d are left, %v", left, err)
	}

	d.open("fresh_codes")
	d.password("alan@example.com", "enigma-machine")
	renewed := d.codesShown()
	d.send("", nil)
	d.ended(true)
	use(codes[4], "mfa/recovery_code")
	use(renewed[0], "")
}

// buckets answers all that is stored, as text.
func (d *device) buckets() map[string]map[string]string {
	d.t.Helper()
	out := map[string]map[string]string{}
	for _, bucket := range []string{"run", "runs", "journal", "audit", "user", "user_recovery", "recovery_pending", "outbox"} {
		entries, err := d.r.Store().List(context.Background(), bucket, "", "", 0)
		if err != nil {
			d.t.Fatal(err)
		}
		out[bucket] = map[string]string{}
		for _, e := range entries {
			out[bucket][bucket+"/"+e.ID] = string(e.Value)
		}
	}
	return out
}

// Wrong answers are counted together: another factor brings no new attempts, and
// another run few.
func TestAnotherFactorBringsNoNewAttempts(t *testing.T) {
	d := newDevice(newRig(t, nil, factorFlows))
	d.grace("any")
	d.on("mfa/choose")
	d.send("totp", nil)
	d.send("", map[string]any{"code": "000000"})
	d.send("other", nil)
	d.on("mfa/choose")
	d.send("email_otp", nil)
	d.send("", map[string]any{"code": "000000"})
	d.send("other", nil)
	d.send("totp", nil)
	d.send("", map[string]any{"code": "000000"})
	d.ended(false)
	for range 3 {
		d.grace("any")
		d.send("totp", nil)
		for range 3 {
			if d.at["status"] == "waiting" {
				d.send("", map[string]any{"code": "000000"})
			}
		}
		d.ended(false)
	}
	d.grace("any")
	d.ended(false) // not even asked, though the code would be right
	if len(d.audited("second_factor.locked")) == 0 {
		t.Error("nothing tells of it")
	}
	d.r.Clock.Advance(15 * time.Minute)
	d.grace("any")
	d.send("totp", nil)
	d.send("", map[string]any{"code": appCode(d, graceSecret)})
	d.ended(true)
}

// A device may spare the second factor, to its person only, for so long, after a
// first, and until a factor changes.
func TestS3_ARememberedDeviceSparesTheSecondFactor(t *testing.T) {
	r := newRig(t, nil, factorFlows)
	d := newDevice(r)
	d.grace("any")
	d.send("totp", nil)
	d.send("", map[string]any{"code": appCode(d, graceSecret), "remember": true})
	d.ended(true)
	asked := func(who *device, want bool) {
		t.Helper()
		who.grace("any")
		if got := who.at["status"] == "waiting"; got != want {
			t.Fatalf("asked %v, want %v: %v", got, want, who.at)
		}
	}
	asked(d, false)
	d.grace("named_factor") // a factor that is required is asked for all the same
	d.on("mfa/totp")
	asked(newDevice(r), true)
	d.open("any")
	d.password("ada@example.com", "analytical-engine")
	d.on("mfa/email_otp") // somebody else on this device
	d.open("no_first")
	d.on("mfa/choose") // it replaces no authentication
	r.Clock.Advance(29 * 24 * time.Hour)
	asked(d, false)
	r.Clock.Advance(2 * 24 * time.Hour)
	asked(d, true)
	d.send("totp", nil)
	d.send("", map[string]any{"code": appCode(d, graceSecret), "remember": true})
	asked(d, false)
	d.grace("fresh_codes")
	d.send("", nil)
	asked(d, true) // a factor has changed
}

// A phone is enrolled by a code to it; then codes go there, and pages show it
// masked.
func TestAPhoneIsEnrolled(t *testing.T) {
	d := newDevice(newRig(t, nil, factorFlows))
	d.open("phone")
	d.password("ada@example.com", "analytical-engine")
	d.on("mfa/enroll_phone")
	d.send("", map[string]any{"phone": "12"})
	d.on("mfa/enroll_phone")
	d.send("", map[string]any{"phone": "+49 30 1234567"})
	d.on("mfa/sms_otp")
	if model, _ := d.at["model"].(map[string]any); strings.Contains(model["to"].(string), "30123") {
		t.Errorf("the page shows %v", model["to"])
	}
	d.send("", map[string]any{"code": "000000"})
	d.on("mfa/sms_otp")
	d.send("", map[string]any{"code": d.r.code("+49301234567")})
	d.codesShown()
	d.send("", nil)
	d.ended(true)
	u, err := d.people().Get(context.Background(), "usr_ada")
	if err != nil || u.Phone != "+49301234567" || !u.PhoneVerified {
		t.Errorf("%+v %v", u, err)
	}
	d.open("any")
	d.password("ada@example.com", "analytical-engine")
	d.on("mfa/choose")
	d.send("sms_otp", nil)
	d.send("", map[string]any{"code": d.r.code("+49301234567")})
	d.ended(true)
	if s := d.sessions()[0]; strings.Join(s.AMR, " ") != "pwd sms mfa" {
		t.Errorf("%v", s.AMR)
	}
	// Another account cannot take the number, and only who reads it gets to know.
	d.open("phone")
	d.password("grace@acme.example", "nanosecond-wire")
	d.send("", map[string]any{"phone": "+49301234567"})
	d.on("mfa/sms_otp")
	d.send("", map[string]any{"code": d.r.code("+49301234567")})
	d.on("mfa/enroll_phone")
}

// A new factor ends the other sessions of its person, unless the flow leaves
// them; nobody else's.
func TestANewFactorEndsTheOtherSessions(t *testing.T) {
	r := newRig(t, nil, factorFlows)
	elsewhere, d := newDevice(r), newDevice(r)
	for _, who := range []*device{elsewhere, d} {
		who.open("any")
		who.password("ada@example.com", "analytical-engine")
		who.send("", map[string]any{"code": r.code("ada@example.com")})
		who.ended(true)
	}
	if n := len(d.sessions()); n != 2 {
		t.Fatalf("%d sessions", n)
	}
	add := func(flow, number string) []session.Session {
		d.open(flow)
		d.password("ada@example.com", "analytical-engine")
		d.send("", map[string]any{"phone": number})
		d.send("", map[string]any{"code": r.code(number)})
		if d.at["page"] == "mfa/recovery_codes" {
			d.send("", nil)
		}
		d.ended(true)
		return d.sessions()
	}
	if list := add("phone_leaves", "+49301234567"); len(list) != 2 {
		t.Errorf("%d sessions, both were to stay", len(list))
	}
	if list := add("phone", "+49301234568"); len(list) != 1 {
		t.Errorf("%d sessions, the other was to end", len(list))
	}
	ends := d.audited("session.ended")
	if len(ends) == 0 || ends[len(ends)-1].Data["reason"] != session.ReasonFactorChanged {
		t.Errorf("%+v", ends)
	}
}

// What a person has is read without asking them; what they lack is said.
func TestFactorsAreRead(t *testing.T) {
	d := newDevice(newRig(t, nil, factorFlows))
	for name, want := range map[string]bool{"grace@acme.example": true, "alan@example.com": false} {
		d.open("status")
		d.send("", map[string]any{"identifier": name, "password": map[string]string{"grace@acme.example": "nanosecond-wire", "alan@example.com": "enigma-machine"}[name]})
		d.ended(want)
	}
	d.open("named_factor")
	d.password("alan@example.com", "enigma-machine")
	d.ended(false) // not_enrolled
}

// factorFlows are small flows around the blocks of second factors.
func factorFlows(files fstest.MapFS) {
	passkeyFlows(files)
	for name, block := range map[string]string{
		"any":          `"type":"mfa","config":{"max_attempts":3,"remember_device_days":30},"next":{"ok":"done","failed":"no","not_enrolled":"no"}`,
		"named_factor": `"type":"require_mfa","config":{"factor":"totp"},"next":{"ok":"done","failed":"no","not_enrolled":"no"}`,
		"phone":        `"type":"require_mfa_enroll","config":{"factors":["sms_otp"]},"next":{"ok":"done","skipped":"no"}`,
		"phone_leaves": `"type":"require_mfa_enroll","config":{"factors":["sms_otp"],"end_sessions":"none"},"next":{"ok":"done","skipped":"no"}`,
		"fresh_codes":  `"type":"require_mfa_enroll","config":{"factors":["recovery_code"]},"next":{"ok":"done","skipped":"no"}`,
		"status":       `"type":"check_mfa_status","config":{"factors":["totp","webauthn"]},"next":{"next":"which"}`,
	} {
		files["flows/"+name+".json"] = &fstest.MapFile{Data: []byte(`{"format":1,"name":"` + name + `","trigger":"custom","enabled":true,"start":"password","stages":["main"],"blocks":{
 "password":{"type":"password_check","stage":"main","next":{"ok":"factor","failed":"no"}},
 "factor":{"stage":"main",` + block + `},
 "which":{"type":"decision","stage":"main","config":{"rows":[{"when":"step.factor.enrolled && 'totp' in step.factor.factors","port":"yes"}]},"next":{"yes":"done","default":"no"}},
 "done":{"type":"issue_session","stage":"main"},"no":{"type":"deny","stage":"main","config":{"reason":"refused"}}}}`)}
	}
	files["flows/no_first.json"] = &fstest.MapFile{Data: []byte(`{"format":1,"name":"none","trigger":"custom","enabled":true,"start":"find","stages":["main"],"blocks":{
 "find":{"type":"identity_lookup","stage":"main","config":{"identifier":"grace@acme.example"},"next":{"found":"factor","not_found":"no"}},
 "factor":{"stage":"main","type":"mfa","config":{"remember_device_days":30},"next":{"ok":"done","failed":"no","not_enrolled":"no"}},
 "done":{"type":"issue_session","stage":"main"},"no":{"type":"deny","stage":"main","config":{"reason":"refused"}}}}`)}
}
