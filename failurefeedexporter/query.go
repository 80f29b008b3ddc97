package failurefeedexporter

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/failuredetector/failuredetector/failure"
)

const (
	defaultPage = 100
	maxPage     = 500
	// maxParameter bounds one query parameter, in bytes: more is nothing that an answer could contain.
	maxParameter = 1024
	// maxAlternatives bounds what each failure is compared with.
	maxAlternatives = 100
)

// filter says which failures a client wants. The values of one parameter are alternatives.
type filter struct {
	statuses, severities, types, categories, services []string
	since                                             time.Time
	// seen is what the client may see.
	seen scope
}

// query is a filter with the part of the answer that is wanted.
type query struct {
	filter
	limit int
	after *position
}

// filterKeys are the parameters of a filter.
var filterKeys = []string{"status", "severity", "type", "category", "service", "since"}

var (
	statuses   = []string{failure.StatusActive, failure.StatusResolved, failure.StatusStale, failure.StatusPredicted}
	severities = []string{failure.Low.String(), failure.Medium.String(), failure.High.String(), failure.Critical.String()}
)

func readFilter(query string, now time.Time, further ...string) (filter, url.Values, error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		// What cannot be read must not look like a filter that lets all through.
		return filter{}, nil, fmt.Errorf("query: %w", err)
	}
	if err := checkKeys(values, further); err != nil {
		return filter{}, nil, err
	}
	f, err := newFilter(values, now)
	return f, values, err
}

func newFilter(values url.Values, now time.Time) (filter, error) {
	f := filter{
		statuses: alternatives(values["status"]), severities: alternatives(values["severity"]), types: alternatives(values["type"]),
		categories: alternatives(values["category"]), services: alternatives(values["service"]),
	}
	if len(f.statuses)+len(f.severities)+len(f.types)+len(f.categories)+len(f.services) > maxAlternatives {
		return filter{}, fmt.Errorf("more than %d values are asked for: leave a parameter out to get all", maxAlternatives)
	}
	if err := errors.Join(oneOf("status", f.statuses, statuses), oneOf("severity", f.severities, severities)); err != nil {
		return filter{}, err
	}
	since, err := readSince(values.Get("since"), now)
	f.since = since
	return f, err
}

// checkKeys refuses what is no parameter, so that a typing error does not look like an empty answer.
func checkKeys(values url.Values, further []string) error {
	for key, list := range values {
		if !slices.Contains(filterKeys, key) && !slices.Contains(further, key) {
			return fmt.Errorf("%s: is no parameter: use %s", strconv.Quote(clip(key, maxName)), strings.Join(slices.Concat(filterKeys, further), ", "))
		}
		for _, value := range list {
			if len(value) > maxParameter {
				return fmt.Errorf("%s: is longer than %d bytes", key, maxParameter)
			}
		}
	}
	return nil
}

// alternatives takes a parameter that is repeated, or a list with commas.
func alternatives(values []string) []string {
	var list []string
	for _, value := range values {
		for entry := range strings.SplitSeq(value, ",") {
			if entry = strings.TrimSpace(entry); entry != "" {
				list = append(list, entry)
			}
		}
	}
	return list
}

func oneOf(name string, values, allowed []string) error {
	for _, value := range values {
		if !slices.Contains(allowed, value) {
			return fmt.Errorf("%s: %q is none: use %s", name, value, strings.Join(allowed, ", "))
		}
	}
	return nil
}

// readSince takes a time, or how long ago.
func readSince(value string, now time.Time) (time.Time, error) {
	if value == "" {
		return time.Time{}, nil
	}
	if ago, err := time.ParseDuration(value); err == nil {
		if ago < 0 {
			return time.Time{}, fmt.Errorf("since: %q would be a time to come: leave the sign out", value)
		}
		return now.Add(-ago), nil
	}
	t, err := time.Parse(time.RFC3339Nano, value)
	if err != nil {
		return time.Time{}, fmt.Errorf("since: %q is neither a time such as 2026-01-31T12:00:00Z nor a duration such as 2h", value)
	}
	return t, nil
}

// all says whether nothing is filtered out.
func (f *filter) all() bool {
	return f.seen.key == "" && f.since.IsZero() && len(f.severities)+len(f.types)+len(f.categories)+len(f.services) == 0
}

// matches says whether a failure is wanted.
func (f *filter) matches(candidate *shownFailure) bool {
	return anyOf(f.statuses, candidate.Status) && f.matchesEver(candidate)
}

// matchesEver is matches without the status, which changes while a client listens.
func (f *filter) matchesEver(candidate *shownFailure) bool {
	return f.seen.sees(candidate) && anyOf(f.severities, candidate.Severity) && anyOf(f.types, candidate.FailureType) &&
		anyOf(f.categories, candidate.Category) && anyOf(f.services, candidate.place()) &&
		!candidate.Updated.Before(f.since)
}

func anyOf(wanted []string, value string) bool {
	return len(wanted) == 0 || slices.Contains(wanted, value)
}

func readQuery(text string, now time.Time) (query, error) {
	f, values, err := readFilter(text, now, "limit", "cursor")
	if err != nil {
		return query{}, err
	}
	q := query{filter: f, limit: defaultPage}
	if text := values.Get("limit"); text != "" {
		q.limit, err = strconv.Atoi(text)
		if err != nil || q.limit < 1 || q.limit > maxPage {
			return query{}, fmt.Errorf("limit: %q is no number from 1 to %d", text, maxPage)
		}
	}
	if text := values.Get("cursor"); text != "" {
		if q.after, err = readCursor(text); err != nil {
			return query{}, err
		}
	}
	return q, nil
}

// position is the place of a failure in the order of answers: the youngest first. Neither part of it changes
// while a failure lasts, so a client that pages sees none twice and misses none.
type position struct {
	first int64
	id    string
}

func positionOf(f *shownFailure) position { return position{first: f.FirstSeen.UnixNano(), id: f.ID} }

func (p position) compare(other position) int {
	switch {
	case p.first > other.first:
		return -1
	case p.first < other.first:
		return 1
	default:
		return strings.Compare(p.id, other.id)
	}
}

func (p position) cursor() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(p.first, 10) + "," + p.id))
}

func readCursor(text string) (*position, error) {
	fault := fmt.Errorf("cursor: %q is none of this server", clip(text, maxName))
	content, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, fault
	}
	number, id, found := strings.Cut(string(content), ",")
	first, err := strconv.ParseInt(number, 10, 64)
	if err != nil || !found {
		return nil, fault
	}
	return &position{first: first, id: id}, nil
}

// maxPageBytes bounds an answer, however long the texts of a sender are. It holds 500 usual failures.
const maxPageBytes = 2 << 20

// page is the answer to GET /api/v1/failures.
type page struct {
	Failures []json.RawMessage `json:"failures"`
	// NextCursor is set where there is more.
	NextCursor string `json:"next_cursor,omitempty"`
}

func (s *store) page(q *query) (page, error) {
	found := s.all(func(f *shownFailure) bool {
		return q.matches(f) && (q.after == nil || q.after.compare(positionOf(f)) < 0)
	})
	slices.SortFunc(found, func(a, b *shownFailure) int { return positionOf(a).compare(positionOf(b)) })
	answer := page{Failures: []json.RawMessage{}}
	for i, bytes := 0, 0; i < len(found); i++ {
		if i == q.limit || bytes >= maxPageBytes {
			answer.NextCursor = positionOf(found[i-1]).cursor()
			break
		}
		text, err := json.Marshal(found[i])
		if err != nil {
			return page{}, err
		}
		answer.Failures = append(answer.Failures, text)
		bytes += len(text)
	}
	return answer, nil
}
