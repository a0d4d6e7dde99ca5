# Behind redact.awk: the configuration of rsyslog and of journald. Of it stays where
# entries are forwarded to, as a list of JSON objects; of every other line nothing.
# A value that does not look like an address, a number or a selector goes.
BEGIN { nred = 0; bytes = 0; ndrop = 0; n = 0; block = ""; lines = 0; put("[") }
function safe(s, what) {
  if (s == "") return ""
  if (length(s) > 255 || s !~ what) { ndrop++; return LOST }
  return s
}
function forward(program, protocol, target, port, selector) {
  target = safe(target, "^[][A-Za-z0-9._:-]+$")
  put((n++ ? "," : "") "{\"program\":\"" program "\",\"protocol\":\"" safe(protocol, "^[a-z0-9]+$") "\",\"target\":\"" \
    target "\",\"port\":\"" safe(port, "^[A-Za-z0-9-]+$") "\",\"selector\":\"" \
    safe(selector, "^[A-Za-z0-9_.,;*!=-]+$") "\"}")
}
# The value of a key in action(...), without its quotes
function given(s, key,   low, v) {
  low = tolower(s)
  if (!match(low, "[ \t(]" key "[ \t]*=[ \t]*\"[^\"]*\"")) return ""
  v = substr(s, RSTART, RLENGTH)
  sub(/^[^"]*"/, "", v); sub(/"$/, "", v)
  return v
}
# What stands before the action: a selector, or something that is none
function selector(s) { sub(/^[ \t]+/, "", s); sub(/[ \t]+$/, "", s); return s }
function action(s,   p, type, protocol) {
  p = index(s, "action(")
  type = tolower(given(substr(s, p), "type"))
  if (type !~ /^om(fwd|relp|gssapi|kafka|elasticsearch|http|amqp1|rabbitmq|hiredis|mongodb)$/) return
  protocol = type == "omfwd" ? tolower(given(s, "protocol")) : substr(type, 3)
  forward("rsyslog", protocol, given(s, "target"), given(s, "port"), selector(substr(s, 1, p - 1)))
}
# SELECTOR @@host:port, SELECTOR @(z9)host, SELECTOR :omrelp:host:port;template
function legacy(s,   at, protocol, p) {
  sub(/[ \t]+(#.*)?$/, "", s)
  if (!match(s, /(^|[ \t])(@@?(\([^)]*\))?|:omrelp:)[^@ \t(][^ \t]*$/)) return
  at = selector(substr(s, RSTART)); s = selector(substr(s, 1, RSTART - 1))
  if (s !~ /^([A-Za-z0-9*][A-Za-z0-9_.,;*!=-]*\.[A-Za-z0-9_.,;*!=-]+|&|:[a-z].*|if .*then)?$/) { ndrop++; return }
  protocol = at ~ /^@@/ ? "tcp" : at ~ /^@/ ? "udp" : "relp"
  sub(/^(@@?(\([^)]*\))?|:omrelp:)/, "", at); sub(/;.*$/, "", at)
  p = ""
  if (match(at, /:[0-9]+$/) && (at ~ /^\[/ || at !~ /:.*:/)) {
    p = substr(at, RSTART + 1); at = substr(at, 1, RSTART - 1)
  }
  forward("rsyslog", protocol, at, p, s)
}
function rsyslog(s) {
  if (block != "") {
    block = block " " s
    if (++lines > 100 || length(block) > 65536) { block = ""; ndrop++ }
  } else if (tolower(s) ~ /(^|[ \t;{}])action[ \t]*\(/) {
    sub(/[Aa][Cc][Tt][Ii][Oo][Nn][ \t]*\(/, "action(", s); block = s; lines = 0
  } else { legacy(s); return }
  if (block ~ /\)/) { action(block); block = "" }
}
function journal(s,   v, p) {
  v = s; sub(/^[^=]*=[ \t]*/, "", v); sub(/[ \t]+$/, "", v)
  if (s ~ /^ForwardToSyslog[ \t]*=/) {
    if (tolower(v) ~ /^(yes|true|on|1|y|t)$/) forward("journald", "", "syslog", "", "")
  } else if (s ~ /^URL[ \t]*=/ && v != "") {
    p = match(v, /^https?:\/\//) ? substr(v, 1, RLENGTH - 3) : ""
    sub(/^https?:\/\//, "", v); s = ""
    if (v ~ /@/) v = "@"
    sub(/\/.*$/, "", v)
    if (match(v, /:[0-9]+$/)) { s = substr(v, RSTART + 1); v = substr(v, 1, RSTART - 1) }
    forward("journal-upload", p, v, s, "")
  }
}
/^# file / { file = $3; block = ""; next }
{
  sub(/\r$/, "")
  if (length($0) > 65536) { ndrop++; next }
  sub(/^[ \t]+/, "")
  if ($0 == "" || $0 ~ /^[#;]/) next
  if (file ~ /rsyslog/) rsyslog($0)
  else journal($0)
}
END { put("]"); report(1) }
