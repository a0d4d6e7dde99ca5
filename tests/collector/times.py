#!/usr/bin/env python3
"""Times the collector's filter at two sizes, the second twice the first, with every awk that is installed.
Counted is the time of the processor, which other work on the machine does not change much.

    python3 tests/collector/times.py [awk...]

The last column of each awk is how many times as long the second takes: 2 where time grows with the length alone.
"""
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
QUOTES = '"ab'


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        return json.load(f)


def pods(count):
    items = read("testdata/kube-replay/pods.json")["items"]
    return {"items": [items[i % len(items)] for i in range(count)]}


def containers(count):
    return read("testdata/redact/docker-inspect.json") * count


def data(million):
    text = QUOTES * (million * 250_000)
    return {"items": [{"metadata": {"name": "a"}, "data": {"k": text}}]}


def label(million):
    text = QUOTES * (million * 250_000)
    return {"items": [{"metadata": {"name": "a", "labels": {"l": text}}}]}


CASES = [
    ("inspected containers", "cluster/docker/containers.json", containers, 500, 1000),
    ("pods", "cluster/kubectl/pods.json", pods, 10_000, 20_000),
    ("MB of a Secret's data, full of quotation marks", "cluster/kubectl/secrets.json", data, 1, 2),
    ("MB of a label, full of quotation marks", "cluster/kubectl/pods.json", label, 1, 2),
]
AWKS = {"mawk": "mawk", "gawk": "gawk", "busybox": "busybox awk", "original-awk": "original-awk"}


def seconds(awk, member, file, folder):
    with open(os.path.join(folder, "awk"), "w", encoding="utf-8") as f:
        f.write(f'#!/bin/sh\nexec {AWKS[awk]} "$@"\n')
    os.chmod(f.name, 0o755)
    environment = dict(os.environ, PATH=folder + os.pathsep + os.environ["PATH"])
    script = os.path.join(ROOT, "collector-scripts", "mke-collect.sh")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = used.ru_utime + used.ru_stime
    with open(file, "rb") as source:
        done = subprocess.run(["sh", script, "select", member], stdin=source, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, env=environment, check=False)
    assert done.returncode == 0, (awk, member, done.returncode)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime - start


def main():
    awks = sys.argv[1:] or [awk for awk in AWKS if shutil.which(awk)]
    print("| filtered | size |", " | ".join(f"{awk} | ratio" for awk in awks), "|")
    print("|---|---|" + "---|---|" * len(awks))
    for name, member, make, *sizes in CASES:
        with tempfile.TemporaryDirectory() as folder:
            files = []
            for size in sizes:
                files.append(os.path.join(folder, str(size)))
                with open(files[-1], "w", encoding="utf-8") as f:
                    json.dump(make(size), f)
            columns = []
            for awk in awks:
                one, two = (seconds(awk, member, file, folder) for file in files)
                columns.append(f"{one:.1f} s, {two:.1f} s | {two / one:.1f}")
            megabytes = [f"{os.path.getsize(file) / 1e6:.1f} MB" for file in files]
            counts = " and ".join(f"{size:,}" for size in sizes)
            print(f"| {counts} {name} |", ", ".join(megabytes), "|", " | ".join(columns), "|", flush=True)


main()
