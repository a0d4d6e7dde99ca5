#!/bin/sh
# Puts the parts of the collector together: src/*.sh and src/*.awk become mke-collect.sh, the one
# file that is carried into an enclave and runs alone. Run it after a change of a part.
#
#   sh assemble.sh        writes mke-collect.sh
#   sh assemble.sh -      prints it
#
# A part of the shell is taken as it is; an awk program x.awk becomes the variable AWK_X.
set -eu
cd "$(dirname "$0")"

# In this order: the awk programs, the tools, the running of a command, what is asked, the start.
PARTS="guide.sh lists.sh \
list.awk explain.awk redact.awk select.awk strings.awk keep_json.awk keep_toml.awk keep_lines.awk keep_audit.awk \
keep_rules.awk keep_forward.awk processes.awk cert.awk socket.awk ids.awk flat.awk rows.awk said.awk record.awk \
parts.awk url.awk \
usage.sh tools.sh shells.sh guard.sh work.sh record.sh filters.sh run.sh \
docker.sh kube.sh http.sh pages.sh credentials.sh mke.sh msr.sh node.sh ssh.sh merge.sh pack.sh \
options.sh main.sh"

refuse() { echo "assemble.sh: $*" >&2; exit 1; }

assemble() {
  for part in $PARTS; do
    [ -f "src/$part" ] || refuse "src/$part is not there"
    [ "$part" = guide.sh ] || printf '\n# --------------------------------------------------------------- %s\n' "$part"
    case $part in
      *.sh) cat "src/$part" ;;
      *.awk)
        if grep -n "'" "src/$part" >&2; then refuse "src/$part: an awk program must not contain an apostrophe"; fi
        # shellcheck disable=SC2018,SC2019
        name=$(echo "${part%.awk}" | tr 'a-z' 'A-Z')
        printf "# shellcheck disable=SC2016\nAWK_%s='\n" "$name"
        cat "src/$part"
        printf "'\n" ;;
    esac
  done
}

for file in src/*; do
  case " $PARTS " in *" ${file#src/} "*) ;; *) refuse "the order does not name $file" ;; esac
done
if [ "${1:-}" = - ]; then assemble
else
  assemble >mke-collect.sh.new
  mv mke-collect.sh.new mke-collect.sh
  chmod 644 mke-collect.sh
fi
