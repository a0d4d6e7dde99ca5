# The page of --help.

usage() {
  cat <<'EOT'
usage: mke-collect.sh cluster|node|all [options]
       mke-collect.sh select MEMBER <FILE    what would be kept of an output, on standard output

  cluster             through the API: swarm, Kubernetes, MKE, MSR
  node                this node alone; run it as root on the node
  all --hosts FILE    cluster, then `node` over ssh on every host of FILE

where to
  -o, --output DIR    folder for the archive (default: the current one)
  --name WORD         name of the cluster in the archive's name
  --format zst|gz|tar (default: zst where zstd is installed, else gz)
  --tmp DIR           where the private working folder is made
  --split SIZE        several archives, each with the whole manifest and members of at most SIZE before they are
                      packed (500M, 2G; a larger member fills one alone). Assess all of them together
  --stream            the archive goes to standard output as plain tar

which cluster, which credentials
  --bundle DIR        client bundle: ca.pem cert.pem key.pem kube.yml env.sh
  --mke URL           address of MKE (default: from the bundle)
  --msr URL           address of MSR (default: none; `auto`: as MKE's settings name it)
  --user NAME         log in with a password, asked for on the terminal
  --password-file F   or read from a file of mode 0600
  --token-file F      session token in a file of mode 0600 instead of a password
  --ca FILE           CA of MKE (default: the bundle's ca.pem)
  --msr-ca FILE       CA of MSR (default: that of MKE)
  --insecure          do not verify the TLS of MKE, MSR and docker; the manifest says so
  --kubeconfig F      --context NAME  (default: the bundle's kube.yml)
  --docker-host URL   engine to ask (default: the bundle's, or the local one)
  --keep KIND:FIELD   keep this field too, and all below it (docker.container:Config.Cmd); again for more.
                      Rules of your own may need it. Look into the archive for secrets then
  --skip LIST         leave out parts (docker,kubectl,mke,msr,host) or members by name, wherever they
                      are (secrets,images,accounts,kubelet,...; comma list)

how
  --since WHEN        audit records since today, yesterday, this-week, week-ago, this-month, this-year or boot
                      alone. That nothing was recorded is then no proof, and the member counts as cut
  --timeout SECONDS   limit for each command (default 180)
  --support-dump      also ask MKE for its support dump (--support-timeout SECONDS, default 1800)
  --hosts FILE        one [user@]host[:port] per line, # starts a comment
  --ssh-config FILE   --sudo   --node-timeout SECONDS (default 1800)   --jobs N (default 4)
  --node-name NAME    name of this node (default: uname -n)
  --socket PATH       engine socket of this node (default /var/run/docker.sock)
  --dry-run           print every command and URL, and do nothing
  --explain           print for each member which fields are kept and for which rules, and do nothing
  --quiet             no progress, no summary
  --version, --help

exit: 0 everything collected, 3 collected with gaps, 2 nothing collected
EOT
}
