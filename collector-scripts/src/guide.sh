#!/bin/sh
# mke-collect.sh - gathers what an assessment of a Mirantis Kubernetes Engine 3.x
# cluster needs, in one archive (snapshot format 2).
#
#   sh mke-collect.sh cluster --bundle DIR [options]     from a workstation
#   sh mke-collect.sh node [options]                     on a node, as root
#   sh mke-collect.sh all --hosts FILE [options]         cluster, then every node over ssh
#
# It only reads. --dry-run prints every command and URL. --help lists the options.
# Needs a POSIX shell, awk, tar, curl, and kubectl and/or docker.
#
# What it keeps: the fields that LISTS below names, and nothing else. Every answer
# passes a filter on its way to the disk; of a field that no list names the name
# stays and (present) stands for the value. --explain prints the lists in full.
# What it never does: it changes nothing, runs nothing in a container, reads no
# value of a Secret into a file, sends nothing anywhere but to the addresses given.
# The two exceptions are asked for by name: --user logs in, --support-dump has MKE
# make its own dump, which is stored as it comes.
#
# How to read it: first the lists; then the awk programs, which see every answer
# before the disk does (select.awk reads a list, keep_json.awk and keep_toml.awk
# follow it); then the tools, the manifest, and the running of one command (run,
# judge, settle); then what is asked of docker, kubectl, MKE and MSR, of a node, and
# of nodes over ssh; then the archive, and at the end the options and main.

# Filters and traps are called by name:
# shellcheck disable=SC2317

PROGRAM=mke-collect
VERSION=0.1.0
