# Behind redact.awk: what becomes of a string in JSON, by the key that it stands
# under. This part alone decides; kube=1 is for lists of Kubernetes.
#
# Classes of keys: 1 a secret, 2 a list of NAME=value, 3 a list of pairs of name
# and value, 4 a list of arguments, 5 everything below it is secret, 6 annotations,
# 7 the output of a program.
function class(k,   l) {
  if (k in KC) return KC[k]
  l = tolower(k)
  if (k == "Env") KC[k] = 2
  else if (k == "env") KC[k] = 3
  else if (l ~ /^(args|cmd|entrypoint|command|test|shell|processlabelargs|execids)$/) KC[k] = 4
  else if (k == "JoinTokens" || kube && (k == "data" || k == "stringData" || k == "binaryData")) KC[k] = 5
  else if (k == "annotations") KC[k] = 6
  else if (k == "Output" || k == "output") KC[k] = 7
  else if (l ~ /last-applied-configuration$/ || l ~ /(^|\/)(applied|original|last-applied)$/) KC[k] = 1
  else if (k == "Data" || l == "private_key" || l == "privatekey" || l == "readerpassword") KC[k] = 1
  else if (secretname(l) || secretname(snake(k))) KC[k] = 1
  else KC[k] = 0
  return KC[k]
}
# The value s of the key `key`, or the element s of a list.
function value(s,   cl) {
  if (T[d] == "o") return field(s)
  if (HIDE[d]) return s == "" ? s : veil(s)
  cl = C[d]
  if (cl == 2) {
    if (!index(s, "=") || index(s, "=") == length(s)) return s
    return veilafter(s, "=")
  }
  if (cl == 4) { cl = scrubarg(s, PREV[d]); PREV[d] = s; return cl }
  return scrub(s)
}
function field(s,   cl) {
  cl = class(key)
  if (s == "") return s
  if (cl == 1 || HIDE[d] || cl == 7 && key == "Output") return veil(s)
  if (N[d] == "env[]" && key == "value") return veil(s)
  # a header or option that is written as a pair of name and value
  if (key == "name" || key == "Name") PAIR[d] = tolower(s)
  else if ((key == "value" || key == "Value") && PAIR[d] != "") {
    if (secretname(PAIR[d]) || PAIR[d] ~ /(authorization|cookie|api-?key)/) return veil(s)
  }
  if (ANN[d] && s ~ /^[ \t]*[{]/) { nred++; return HID }
  if (cl == 4) return scrubarg(s, "")
  if (key == "preLogonMessage" || key == "pre_logon_message") return s
  return scrub(s)
}
