# Reads what the debug exporter prints at verbosity detailed, and prints one line
# for each failure: time, service, severity, type, what the record says, and the
# rule that recognised it with its confidence. An event of an incident has what
# happened in place of the severity, and the beginning of the incident's id.
#
#   EXPLAIN=1   prints the cause and the actions below each line
#   WIDTH=100   how much of a record's text is shown, else as much as fits
#
# It keeps to what every awk has: no intervals, no gensub, no character classes.
# The exporter does not escape texts, so this is a view for people. Programs
# should read the attributes from a backend.

BEGIN {
  width = ENVIRON["WIDTH"] + 0
  if (width <= 0) width = fitting()
  state = ""
  explain = ENVIRON["EXPLAIN"] + 0
  # Terminals obey control characters, and the invisible ones that turn text
  # around deceive readers. Beyond ASCII their bytes are told, which an awk that
  # counts characters takes for the characters.
  partial = "[\300-\377][\200-\277]*$"
  hidden = "[\001-\037\177]|\302[\200-\237]|\342\200[\213-\217\250-\256]|\342\201[\240-\251]"
  if (length("\303\244") == 1) {
    partial = ""
    hidden = "[\001-\037\177]|[\302\200-\302\237]|[\342\200\213-\342\200\217]|[\342\200\250-\342\200\256]|[\342\201\240-\342\201\251]"
  }
}

# --- where in the output a line stands -------------------------------------

# A record is complete at its flags, a span at the next one or at the empty line
# behind a batch.
state == "flags" && /^Flags: / { show(); state = ""; next }
state != "body" && state != "log" && /^Resource(Log|Spans) #[0-9]+$/ { show(); split("", resource); state = "resource"; next }
state != "body" && state != "log" && /^Scope(Logs|Spans) #[0-9]+$/ { show(); state = "scope"; next }
state != "body" && state != "log" && /^LogRecord #[0-9]+$/ { begin(); state = "head"; next }
state != "body" && state != "log" && /^Span #[0-9]+$/ { show(); begin(); state = "span"; next }

state == "resource" { if (is_attribute(5)) resource[name] = value; next }

state == "head" && /^Timestamp: / { time = $2 " " $3; next }
state == "head" && /^ObservedTimestamp: / { observed = $2 " " $3; next }
state == "head" && /^Body: / { body = substr($0, 7); attribute = ""; state = /Attributes:$/ ? "log" : "body"; next }
state == "head" { next }

# A text may hold any of these lines. The last ones before the flags are true,
# so what a text pretends is overwritten. A mawk that does not wait for a full
# buffer takes a line with a NUL and the next one for one.
(state == "body" || state == "log") && /Attributes:$/ { attribute = ""; state = "log"; next }
(state == "body" || state == "log") && /^Trace ID: / { state = "trace"; next }
state == "body" { body = body "\n" $0; next }
state == "log" { read_attribute(5); next }
state == "trace" && /^Span ID: / { state = "flags"; next }
state == "trace" || state == "flags" { body = body "\n" $0; state = "body"; next }

state ~ /^(span|event)$/ && /^Events:$|^Links:$|^Span(Event|Link) #[0-9]+$/ { state = "event"; attribute = ""; ended = 1; next }
state == "span" && /^    End time       : / { time = $4 " " $5; next }
state == "span" && /^    Name           : / { title = substr($0, 22); next }
state == "span" && /^    Status message : / { status = substr($0, 22); next }
state == "span" && /^Attributes:$/ { attribute = ""; next }
state ~ /^(span|event)$/ && /^$/ && ended { show(); state = ""; next }
state == "span" { ended = 1; read_attribute(5); next }
state == "event" { ended = 1; read_attribute(10); next }

END { show() }

# fitting is the width that lets a line fit the terminal, where there is one and
# that leaves enough to read.
function fitting(    size, parts) {
  "(stty size </dev/tty) 2>/dev/null" | getline size
  split(size, parts, " ")
  if (parts[2] + 0 == 0) return 100
  return parts[2] - 104 < 60 ? 60 : parts[2] - 104
}

# --- reading ----------------------------------------------------------------

function begin() {
  split("", attributes)
  time = observed = body = title = status = attribute = ""
  pending = 1
  ended = 0
}

# is_attribute takes a line like "     -> key: Str(value)" apart. The exporter
# indents by depth, so a span's own attributes are told from its events'.
function is_attribute(depth,    at, kind) {
  if (substr($0, 1, depth + 3) != sprintf("%" depth "s-> ", "")) return 0
  at = index($0, ": ")
  if (!at) return 0
  name = substr($0, depth + 4, at - depth - 4)
  value = substr($0, at + 2)
  kind = index(value, "(")
  if (!kind) return 0
  value = substr(value, kind + 1)
  sub(/\)$/, "", value)
  return 1
}

function read_attribute(depth) {
  if (is_attribute(depth)) {
    attribute = name
    # An exception seen first is the one that the span is about; of the
    # failure's own attributes those of the span count, not its events'.
    if (depth == 10 && (name ~ /^failure_/ || name in attributes)) { attribute = ""; return }
    attributes[name] = value
    ended = ($0 ~ /\)$/)
  } else if (attribute != "") {
    attributes[attribute] = attributes[attribute] "\n" $0
    ended = ($0 ~ /\)$/)
  }
}

# --- showing ----------------------------------------------------------------

function show(    service, line) {
  if (!pending) return
  pending = 0
  if (!("failure_type" in attributes)) return
  if (time == "" || time ~ /^1970-01-01 00:00:00$/) time = observed
  service = resource["service.name"]
  if (service == "") service = resource["host.name"]
  if (service == "") service = attributes["log.file.name"]
  if (service == "") service = "-"
  if ("failure_incident_id" in attributes) { incident(service); return }
  line = substr(time, 12, 8) "  " pad(clean(service), 13) "  " pad(toupper(clean(attributes["failure_severity"])), 8)
  line = line "  " pad(clean(attributes["failure_type"]), 29) "  " clip(clean(headline()), width)
  print line "  [" clean(attributes["failure_rule"]) " " clean(attributes["failure_confidence"]) "]"
  if (explain) {
    if (attributes["failure_cause"] != "") print "          cause:  " clean(attributes["failure_cause"])
    actions(attributes["failure_actions"])
    print ""
  }
  fflush()
}

# incident shows an event: what happened to which incident, in the sentence that
# the connector wrote.
function incident(service,    event, type, text, line) {
  event = toupper(substr(clean(attributes["failure_event"]), 9))
  type = clean(attributes["failure_type"])
  text = clean(sentence())
  # The line has type and service already.
  if (index(text, type " in " clean(service) " ") == 1) text = substr(text, length(type " in " clean(service) " ") + 1)
  if (index(text, type ": ") == 1) text = substr(text, length(type ": ") + 1)
  line = substr(time, 12, 8) "  " pad(clean(service), 13) "  " pad(pad(event, 8) "  " type, 39)
  print line "  " clip(text, width) "  [incident " substr(clean(attributes["failure_incident_id"]), 1, 8) "]"
  fflush()
}

# sentence is the body of an event.
function sentence(    text) {
  text = body
  sub(/^Str\(/, "", text)
  sub(/\)$/, "", text)
  return text
}

# actions shows a list like ["safe: Do this.","risky: Do that."].
function actions(list,    entry) {
  while ((entry = next_string(list)) != "") {
    print "          action: " clean(entry)
    list = rest
  }
}

# headline is the part of a record's text that says most.
function headline(    text, detail) {
  if (title != "") {
    detail = exception()
    if (detail == "") detail = status
    return detail == "" ? title : title ": " detail
  }
  text = body
  sub(/^[A-Za-z]+\(/, "", text)
  sub(/\)$/, "", text)
  if (text == "") return exception()
  if (text ~ /^[ \n]*\{/) return json_headline(text)
  text = without_prefix(text)
  if (text ~ /^(level=|")/) return logfmt_headline(text)
  return trace_headline(text)
}

function exception(    kind, message) {
  kind = unqualified(attributes["exception.type"])
  message = unqualified(attributes["exception.message"])
  if (message ~ /\n/) sub(/\)$/, "", message)
  if (kind == "" || message == "" || index(message, kind ":") == 1) return message == "" ? kind : message
  return kind ": " message
}

# unqualified leaves the packages before the name of an exception out.
function unqualified(text) {
  return match(text, /^([a-z_0-9]+\.)+[A-Z]/) ? substr(text, RLENGTH) : text
}

# without_prefix leaves out what a line begins with before it says something:
# date, level, thread, logger. Most of it stands in the columns before.
function without_prefix(text) {
  sub(/^(time=)?[0-9][0-9][0-9][0-9][-\/][0-9][0-9][-\/][0-9][0-9][T ][0-9:.,]+([-+][0-9:]+|Z| UTC)? */, "", text)
  sub(/^[IWEF][0-9][0-9][0-9][0-9] [0-9:.]+ +[0-9]+ [^ ]+:[0-9]+\] /, "", text)  # klog
  sub(/^[^ ]+ kernel: (\[[ 0-9.]+\] )?/, "", text)                       # rsyslog
  sub(/^\[[a-z]+\] [0-9]+#[0-9]+: (\*[0-9]+ )?/, "", text)               # nginx
  sub(/^\[[0-9]+\] ([^ ]+ )?(ERROR|FATAL|PANIC|WARNING): +/, "", text)   # PostgreSQL
  if (sub(/^(TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|CRITICAL) +(\[[^]]*\] )?/, "", text))
    sub(/^[A-Za-z0-9_.$]+ +- /, "", text)                                # Logback
  return text
}

# trace_headline leaves the frames of a stack trace out. Python tells the
# exception behind them; Java before them, and its root cause last.
function trace_headline(text,    lines, n, i, out, frames, root) {
  n = split(text, lines, "\n")
  for (i = 1; i <= n; i++) {
    if (lines[i] ~ /^Traceback \(most recent call last\)/) { out = ""; frames = 1 }
    else if (lines[i] ~ /^[ \t]+at |^goroutine [0-9]+ \[/) frames = 2
    else if (lines[i] ~ /^Caused by: /) root = unqualified(substr(lines[i], 12))
    else if (lines[i] ~ /^FATAL ERROR: /) return lines[i]                # V8, between two reports
    else if (lines[i] ~ /^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] / && i > 1) break
    else if (frames == 2 || (frames == 1 && lines[i] ~ /^[ \t]/)) continue
    else { frames = 0; out = joined(out, unqualified(lines[i])) }
  }
  if (root == "") return out
  split(out, lines, ": ")
  return joined(lines[1], root)
}

# joined puts an exception behind what the log says about it.
function joined(first, second) {
  if (first == "" || second == "") return first second
  return first (second ~ /^[A-Z][A-Za-z0-9_$]*: / ? ": " : " ") second
}

function logfmt_headline(text,    said, detail) {
  if (text ~ /^"/) said = next_string(text)
  else if (match(text, /msg="?/)) said = logfmt_value(substr(text, RSTART + 4))
  if (match(text, /(err|error)="?/)) detail = logfmt_value(substr(text, RSTART + index(substr(text, RSTART), "=")))
  if (said == "") return text
  return detail == "" ? said : said ": " detail
}

function logfmt_value(text) {
  if (substr(text, 1, 1) == "\"") return next_string(text)
  sub(/ .*/, "", text)
  return text
}

function json_headline(text,    said, detail) {
  said = member(text, "msg")
  if (said == "") said = member(text, "message")
  detail = member(text, "err")
  if (detail == "") detail = member(text, "error")
  if (detail == "" && match(text, /"(err|error|exception)":[ ]*\{/)) {
    text = substr(text, RSTART + RLENGTH - 1)
    detail = member(text, "message")
    if (member(text, "type") != "") detail = member(text, "type") ": " detail
  }
  if (said == "") said = text
  return detail == "" || detail == said ? said : said ": " detail
}

# member gives the text of a key, or "" where it is none.
function member(text, key,    at) {
  if (!match(text, "\"" key "\":[ ]*\"")) return ""
  return next_string(substr(text, RSTART + RLENGTH - 1))
}

# next_string gives the first JSON string in a text and leaves what follows in rest.
function next_string(text,    start, out) {
  start = index(text, "\"")
  rest = ""
  if (!start) return ""
  text = substr(text, start + 1)
  out = ""
  while (match(text, /["\\]/)) {
    out = out substr(text, 1, RSTART - 1)
    if (substr(text, RSTART, 1) == "\"") { rest = substr(text, RSTART + 1); return out }
    out = out unescaped(substr(text, RSTART + 1, 1))
    text = substr(text, RSTART + 2)
  }
  return out text
}

function unescaped(letter) {
  if (letter == "u") return "\\u"
  return letter ~ /[nrtbf]/ ? " " : letter
}

function clean(text) {
  gsub(hidden, " ", text)
  gsub(/  +/, " ", text)
  sub(/^ /, "", text)
  sub(/ $/, "", text)
  return text
}

# clip cuts at a space where there is one near, which also keeps characters whole.
function clip(text, limit,    at) {
  if (length(text) <= limit) return text
  text = substr(text, 1, limit)
  for (at = limit; at > limit - 20; at--)
    if (substr(text, at, 1) == " ") return substr(text, 1, at - 1) " ..."
  if (partial != "") sub(partial, "", text)
  return text " ..."
}

function pad(text, size) {
  while (length(text) < size) text = text " "
  return text
}
