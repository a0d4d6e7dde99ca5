#!/bin/sh
# certs.sh DIR - a CA, a server certificate for 127.0.0.1 signed through an
# intermediate, and a client bundle: ca.pem cert.pem key.pem. Made anew for each run.
set -e
d=$1
mkdir -p "$d/bundle" "$d/other"
cd "$d"
key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1" 2>/dev/null; }
ca() { # ca NAME SUBJECT [ISSUER]
  key "$1.key"
  openssl req -new -key "$1.key" -subj "/CN=$2" -out "$1.csr" 2>/dev/null
  printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n' >"$1.ext"
  if [ -n "$3" ]; then
    openssl x509 -req -in "$1.csr" -CA "$3.pem" -CAkey "$3.key" -CAcreateserial -days 30 -extfile "$1.ext" -out "$1.pem" 2>/dev/null
  else
    openssl x509 -req -in "$1.csr" -signkey "$1.key" -days 30 -extfile "$1.ext" -out "$1.pem" 2>/dev/null
  fi
}
leaf() { # leaf NAME SUBJECT ISSUER USAGE
  key "$1.key"
  openssl req -new -key "$1.key" -subj "$2" -out "$1.csr" 2>/dev/null
  printf 'subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=%s\n' "$4" >"$1.ext"
  openssl x509 -req -in "$1.csr" -CA "$3.pem" -CAkey "$3.key" -CAcreateserial -days 30 -extfile "$1.ext" -out "$1.pem" 2>/dev/null
}
ca root 'Test Root CA'
ca inter 'Test Issuing CA' root
ca stranger 'Nobody Knows Me CA'
leaf server '/CN=mke.test' inter serverAuth
leaf client '/O=docker-datacenter/CN=assessor' root clientAuth
leaf wrong '/CN=intruder' stranger clientAuth
cat server.pem inter.pem >server-chain.pem
cp root.pem bundle/ca.pem; cp client.pem bundle/cert.pem; cp client.key bundle/key.pem
cp stranger.pem other/ca.pem; cp client.pem other/cert.pem; cp client.key other/key.pem
chmod 600 ./*.key bundle/*.pem other/*.pem
