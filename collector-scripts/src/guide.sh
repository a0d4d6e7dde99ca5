#!/bin/sh
# mke-collect.sh - gathers what an assessment of a Mirantis Kubernetes Engine 3.x
# cluster needs, in one archive (snapshot format 1).
#
#   sh mke-collect.sh cluster --bundle DIR [options]     from a workstation
#   sh mke-collect.sh node [options]                     on a node, as root
#   sh mke-collect.sh all --hosts FILE [options]         cluster, then every node over ssh
#
# It only reads. --dry-run prints every command and URL. --help lists the options.
# Needs a POSIX shell, awk, tar, curl, and kubectl and/or docker.
#
# How to read it: the awk programs come first; they see every answer before the
# disk does, and decide what of it stays. Then come the tools, the manifest, and
# the running of one command (run, judge, settle); then what is asked of docker,
# kubectl, MKE and MSR, of a node, and of nodes over ssh; then the archive, and
# at the end the options and main.

# Filters and traps are called by name:
# shellcheck disable=SC2317

PROGRAM=mke-collect
VERSION=0.1.0
