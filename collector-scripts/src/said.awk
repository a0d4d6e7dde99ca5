# An error text as its known phrases, a line for a line that says something: of a message that somebody
# else wrote no word reaches the disk but these. Where hdr names a file, the text is what curl says, with
# the headers of the answer before it; of these the status and the next page go to that file.
BEGIN {
  NOTKEPT = "(message not kept)"; said = 0; nphrase = 0
  known("permission denied;access denied;(Forbidden);forbidden;(Unauthorized);unauthorized;not authorized;(NotFound)")
  known("authentication required;authentication failed;must be logged in;a password is required;NOT_AUTHORIZED")
  known("NOT_AUTHENTICATED")
  known("host key verification failed;too many authentication failures;connection refused;was refused;connection reset")
  known("connection timed out;operation timed out;timed out;i/o timeout;Client.Timeout;deadline exceeded")
  known("tls handshake timeout;no route to host;network is unreachable;no such host;could not resolve host")
  known("name or service not known;temporary failure in name resolution;cannot connect to the docker daemon")
  known("error during connect;broken pipe;unexpected eof;empty reply from server;connection closed;failed to connect")
  known("certificate signed by unknown authority;certificate has expired;certificate is not valid;unknown ca")
  known("issuer certificate;self-signed certificate;self signed certificate;certificate problem")
  known("bad certificate;certificate required;handshake failure;wrong version number;no such file or directory")
  known("command not found;is not running;no such container;not a swarm manager;have a resource type")
  known("the server is currently unable;service unavailable;internal server error;bad gateway;gateway timeout")
  known("too many requests;unknown flag;unknown command;unknown shorthand;invalid option;unrecognized option")
  known("no space left on device;file too large;input/output error;read-only file system;cannot allocate memory")
  known("out of memory;operation not permitted;must be root;error opening;unable to open;not supported;is too new")
  known("is too old;unexpected end;invalid character;write error;write failure;is a directory;not found")
}
function known(text,   i, n, a) {
  n = split(text, a, ";")
  for (i = 1; i <= n; i++) { PHRASE[++nphrase] = a[i]; LOW[nphrase] = tolower(a[i]) }
}
function header(s,   v) {
  sub(/\r$/, "", s)
  if (s ~ /^HTTP\/[0-9.]+ [1-5][0-9][0-9]( |$)/) { split(s, v, " "); print "HTTP", v[2] > hdr }
  else if (tolower(s) ~ /^x-next-page-start:/) {
    sub(/^[^:]*:[ \t]*/, "", s)
    if (s !~ /^[A-Za-z0-9._~%+\/=-]*$/ || length(s) > 512) s = "(present)"
    if (s != "") print "X-Next-Page-Start:", s > hdr
  }
}
function phrases(s,   i, n, low, out) {
  low = tolower(s); out = ""; n = 0
  if (match(low, /^curl: \([0-9][0-9]?\)/)) out = substr(low, 1, RLENGTH)
  for (i = 1; i <= nphrase && n < 4; i++)
    if (index(low, LOW[i]) && !index(tolower(out), LOW[i])) { n++; out = out (out == "" ? "" : ", ") PHRASE[i] }
  return out == "" ? NOTKEPT : out
}
# What an engine says of one object that is gone, and nothing besides.
function gone(s) {
  if (length(s) > 300) return 0
  sub(/^(Error: |Error response from daemon: )/, "", s); s = tolower(s)
  if (s ~ /^no such (object|container|network|service|secret|config|node|image|volume)(: ?[a-z0-9]+)?$/) return 1
  return s ~ /^(network|service|secret|config|node) [a-z0-9]+ not found$/
}
{
  s = length($0) > 2000 ? substr($0, 1, 2000) : $0
  if (hdr != "" && s !~ /^curl: /) { header(s); next }
  gsub(/[\001-\037\177]+/, " ", s); sub(/^ +/, "", s); sub(/ +$/, "", s)
  if (s == "" || ++said > 1001) next
  if (said == 1001) print NOTKEPT
  else if (s == "<no matches>") print s
  else if (gone(s)) print "no such object"
  else print phrases(s)
}
