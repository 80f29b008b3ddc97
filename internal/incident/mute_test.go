package incident

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func parse(t *testing.T, content string) *Mutes {
	t.Helper()
	mutes, err := ParseMutes("mutes.yaml", []byte(content))
	require.NoError(t, err)
	return mutes
}

func TestMutedIncidents(t *testing.T) {
	s := newScript(t, testSettings())
	s.send(broken("till", "a"))
	s.state.SetMutes(parse(t, `
silences:
  - {match: {service.name: shop, failure_type: DISK*}, until: 2026-03-04T10:30:00Z, reason: the disk is being moved}
  - {match: {service.name: till}, until: 2026-03-04T10:30:00Z, reason: the same}
`))
	require.Empty(t, s.send(broken("shop", "a")))
	active, muted, _ := s.state.Open()
	require.EqualValues(t, 2, active)
	require.EqualValues(t, 1, muted)
	require.EqualValues(t, 2, value(s.state.Active), "it is counted and visible")
	require.EqualValues(t, 2, value(s.state.Occurrences))
	require.Len(t, s.send(broken("shop", "b", ofType("OTHER", "x", 2))), 1, "what is not matched is announced")

	require.Equal(t, []string{"resolved#2 high"}, names(s.wait(16 * time.Minute))[0:1], "the end of what was announced is told")
	require.Empty(t, s.send(broken("shop", "c")))
	told := s.only(s.wait(14*time.Minute + 10*time.Second))
	require.Equal(t, "no longer muted", told.Reason)
	require.Equal(t, []string{"opened#1 high"}, names([]Event{*told}))
}

func TestMutedMeanwhile(t *testing.T) {
	s := newScript(t, testSettings())
	s.send(broken("shop", "a"))
	s.state.SetMutes(parse(t, `silences: [{match: {service.name: shop}, until: 2026-03-04T10:05:00Z, reason: x}]`))
	require.Empty(t, s.send(broken("shop", "a", ofType("DISK_SPACE_LOW", "resource", 4))))
	require.Equal(t, []string{"ongoing#2 critical"}, names(s.wait(6*time.Minute)), "what was missed is told")
}

func TestMaintenance(t *testing.T) {
	weekend := parse(t, `maintenance: [{match: {service.name: bank}, days: [sat], from: "22:00", to: "02:00", zone: Europe/Berlin, reason: backup}]`).Maintenance[0]
	lunch := parse(t, `maintenance: [{match: {service.name: bank}, days: [mon, tue], from: "12:00", to: "13:30", zone: UTC, reason: lunch}]`).Maintenance[0]
	clocks := parse(t, `maintenance: [{match: {service.name: bank}, days: [sun], from: "01:30", to: "03:30", zone: Europe/Berlin, reason: x}]`).Maintenance[0]
	for _, tc := range []struct {
		name string
		m    Maintenance
		at   string
		want bool
	}{
		{"before midnight", weekend, "2026-03-07T22:30:00+01:00", true},
		{"after midnight it is still that day's", weekend, "2026-03-08T01:59:59+01:00", true},
		{"its end is no part of it", weekend, "2026-03-08T02:00:00+01:00", false},
		{"not the night before", weekend, "2026-03-07T01:00:00+01:00", false},
		{"in its own zone", weekend, "2026-03-07T21:30:00Z", true},
		{"in summer time", weekend, "2026-07-04T20:00:00Z", true},
		{"not an hour before", weekend, "2026-07-04T19:59:59Z", false},
		{"its beginning is part of it", lunch, "2026-03-02T12:00:00Z", true},
		{"a day of the list", lunch, "2026-03-03T13:29:59Z", true},
		{"another day", lunch, "2026-03-04T12:30:00Z", false},
		{"before the clocks go forward", clocks, "2026-03-29T01:45:00+01:00", true},
		{"after they went forward", clocks, "2026-03-29T03:15:00+02:00", true},
		{"over after they went forward", clocks, "2026-03-29T03:30:00+02:00", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			now, err := time.Parse(time.RFC3339, tc.at)
			require.NoError(t, err)
			require.Equal(t, tc.want, tc.m.holds(now))
		})
	}
}

func TestFaultsOfAMuteFile(t *testing.T) {
	for content, want := range map[string]string{
		`silences: [{match: {}, until: 2026-03-04T10:05:00Z, reason: x}]`: "mutes.yaml: silences[0]: match: it is empty",
		`silences: [{match: {a: b}, reason: x}]`:                          "until: a silence needs an end",
		`silences: [{match: {a: b}, until: 2026-03-04T10:05:00Z}]`:        "reason: it is empty",
		`silences: [{match: {a: b}, until: soon, reason: x}]`:             "soon",
		`silence: []`: "silence not found",
		`maintenance: [{match: {a: b}, days: [saturday], from: "22:00", to: "02:00", zone: UTC, reason: x}]`:  `maintenance[0]: days: "saturday" is no day`,
		`maintenance: [{match: {a: b}, from: "22:00", to: "02:00", zone: UTC, reason: x}]`:                    "days: it is empty",
		`maintenance: [{match: {a: b}, days: [sat], from: "10 pm", to: "02:00", zone: UTC, reason: x}]`:       `from: "10 pm" is no time of day`,
		`maintenance: [{match: {a: b}, days: [sat], from: "22:00", to: "24:00", zone: UTC, reason: x}]`:       `to: "24:00" is no time of day`,
		`maintenance: [{match: {a: b}, days: [sat], from: "22:00", to: "02:00", zone: Mars/Base, reason: x}]`: "zone: unknown time zone Mars/Base",
		`maintenance: [{match: {a: b}, days: [sat], from: "22:00", to: "02:00", reason: x}]`:                  "zone: it is empty",
	} {
		_, err := ParseMutes("mutes.yaml", []byte(content))
		require.ErrorContains(t, err, want, content)
	}
	require.Empty(t, parse(t, "").Silences)
}
