#!/usr/bin/env python3
"""property.py SHELL SCRIPT ROOT [CAPTURES]: a canary in every string of every recorded object.

Each document goes through `SCRIPT select MEMBER`, once with every string replaced by a canary of its own and once
with the canary behind the string. Out come exactly those whose fields the list names, which is read here a second
time and in another way, and nothing of the others, in whatever spelling.
"""
import json
import os
import re
import subprocess
import sys
import tomllib

from planting import ROOT, SCRIPT, disguised, documents, fields, how_kept, inputs, mark, plain, plant

SHELL = sys.argv[1].split()
bad, planted_in_all, kept_in_all = [], 0, 0


def select(member, text):
    done = subprocess.run([*SHELL, SCRIPT, "select", member], input=text.encode(), capture_output=True, check=False)
    if done.returncode != 0:
        bad.append(f"{member}: {done.returncode} {done.stderr.decode()[:300]}")
    return done.stdout


def spelled(out):
    """The canaries that a text holds; in another spelling it may hold none."""
    if disguised(out):
        bad.append(f"in another spelling: {disguised(out)[:3]}")
    return plain(out)


def compare(member, places, out, behind):
    global planted_in_all, kept_in_all
    listed = fields(member)
    wanted = {n for n, path in enumerate(places) if how_kept(listed, path) in ("value", "text")}
    maybe = {n for n, path in enumerate(places) if how_kept(listed, path) in ("flags", "path", "words")} if behind else set()
    got = spelled(out)
    # of TOML, quoted keys are planted too, and keys stay
    names = {n for n, path in enumerate(places) if not path}
    for number in sorted(got - wanted - maybe - names)[:5]:
        bad.append(f"{member}: kept though no list names it: {'.'.join(places[number])}")
    # a pattern may take what the list would keep; nothing else may
    lost = [n for n in wanted - got if not behind]
    for number in lost[:5]:
        bad.append(f"{member}: lost though the list names it: {'.'.join(places[number])}")
    planted_in_all += len(places)
    kept_in_all += len(got)


def try_json(member, path):
    whole = documents(open(path, encoding="utf-8").read())
    for behind in (False, True):
        places = []
        planted = [plant(document, [], places, behind) for document in whole]
        indent = 4 if behind else None
        out = select(member, "\n".join(json.dumps(document, indent=indent) for document in planted) + "\n")
        documents(out.decode())
        compare(member, places, out, behind)


def try_toml(member, text):
    count = 0

    def canary(_):
        nonlocal count
        count += 1
        return f'"{mark(count - 1)}"'

    planted = re.sub(r'"""(?:[^\\]|\\.)*?"""|"(?:[^"\\\n]|\\.)*"', canary, text)
    places = [[] for _ in range(count)]

    def walk(value, path):
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(inner, path + [key])
        elif isinstance(value, list):
            for inner in value:
                walk(inner, path)
        elif isinstance(value, str):
            for number in re.findall(r"KANARIE(\d{6})q", value):
                places[int(number)] = path

    walk(tomllib.loads(planted), [])
    out = select(member, planted)
    tomllib.loads(out.decode())
    compare(member, places, out, False)


def try_text(member, text, pattern, allowed=()):
    """A canary for every match of a pattern, whose first group stays."""
    count = 0

    def canary(found):
        nonlocal count
        count += 1
        return found.group(1) + mark(count - 1) + (found.group(3) if found.re.groups > 2 else "")

    planted = re.sub(pattern, canary, text)
    got = spelled(select(member, planted)) - set(allowed)
    if got or count == 0:
        bad.append(f"{member}: {count} planted, kept {sorted(got)[:5]}")
    global planted_in_all
    planted_in_all += count


def main():
    count = 0
    for member, path in inputs():
        try_json(member, path)
        count += 1
    read = lambda name: open(os.path.join(ROOT, "testdata", name), encoding="utf-8").read()
    try_toml("cluster/mke/config.toml", read("sample/cluster/mke/config.toml"))
    try_toml("cluster/mke/config.toml", read("redact/mke.toml"))
    audit = read("redact/audit.txt") + 'type=CWD msg=audit(1.5:1): cwd="/root"\ntype=PATH msg=audit(1.5:1): item=0 name="/x"\n'
    audit += "type=EXECVE msg=audit(1.5:2): argc=6 a0=\"docker\" a1=\"exec\" a2=\"-u\" a3=\"root\" a4=\"web\" a5=\"id\"\n"
    try_text("nodes/n/host/audit-docker.txt", audit, r'( (?:a[2-9]|cwd|name|acct|cmd)=")([^"-][^"]*)(")')
    try_text("nodes/n/docker/processes.txt", "== a1\nPID USER COMMAND\n1 root app x y --z=q\n2 root b --password w\n", r"((?:app|b) (?:\S+ )*?)(\S+)(?=$)()")
    try_text("nodes/n/host/os-release", read("sample/nodes/wrk-1/host/os-release") + 'HOME_URL="x"\nX="y"\n', r'((?:HOME_URL|X)=")([^"]*)(")')
    try_text("nodes/n/host/docker-group.txt", "docker:x:983:a,b\n", r"(docker:)(x)(:)")
    try_text("nodes/n/host/kubelet.txt", "# arguments of the running kubelet\nkubelet\n--token=q\n--bootstrap\nw\n# /etc/default/kubelet\nK=--x=e\n", r"()([qwe])$()")
    try_text("nodes/n/host/sysctl.txt", "kernel.panic = 1\nvm.panic_on_oom = 0\n", r"(= )(1)()")
    if bad:
        print("\n".join(bad[:20]))
        return 1
    print(f"{count} documents, {planted_in_all} canaries planted, {kept_in_all} in fields that are kept")
    return 0 if planted_in_all > 10000 and kept_in_all > 1000 else 1


sys.exit(main())
