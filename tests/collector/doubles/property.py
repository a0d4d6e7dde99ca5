#!/usr/bin/env python3
"""property.py SHELL SCRIPT ROOT [CAPTURES]: a canary in every string of every recorded object.

Each document goes through `SCRIPT select MEMBER`, once with every string replaced by a canary of its own and once
with the canary behind the string. Out come exactly those whose fields the list names, which is read here a second
time and in another way, and nothing of the others, in whatever spelling.
"""
import base64
import json
import os
import re
import subprocess
import sys
import tomllib

SHELL, SCRIPT, ROOT = sys.argv[1].split(), sys.argv[2], sys.argv[3]
CAPTURES = sys.argv[4] if len(sys.argv) > 4 else ""
TEXT = open(SCRIPT, encoding="utf-8").read()
bad, planted_in_all, kept_in_all = [], 0, 0


def words(name):
    return re.search(rf"^{name}='([^']*)'", TEXT, re.M).group(1)


def keys(path):
    return [quoted or plain for quoted, plain in re.findall(r'\["([^"]*)"\]|([^.\[]+)', path)]


def read_lists():
    sections, members, under, name = {}, {}, {}, ""
    for line in words("LISTS").splitlines():
        part = line.split()
        if part[0] == "=":
            name = part[1]
            sections[name] = []
            if not name.startswith("@"):
                under[name] = [] if part[2] == "-" else [part[2]]
                members.update({member: name for member in part[3:]})
        elif part[0] == "+":
            above = [] if part[1] == "." else keys(part[1])
            sections[name] += [(above, field) for field in part[2:]]
        elif len(part) > 1 and part[1].startswith("@"):
            sections[name].append(([] if part[0] == "." else keys(part[0]), part[1]))
        else:
            sections[name].append(([], part[0]))
    return sections, members, under


SECTIONS, MEMBERS, UNDER = read_lists()


def expand(name, above):
    for before, field in SECTIONS[name]:
        if field.startswith("@"):
            yield from expand(field, above + before)
            continue
        how = re.search(r"=([a-z]+)$", field)
        path = field[: how.start()] if how else field
        of_document = bool(before and before[0].startswith("/"))
        start = [before[0][1:]] + before[1:] if of_document else above + before
        yield start + keys(path), how.group(1) if how else "value"


def fields(member):
    kind = MEMBERS[re.sub(r"^nodes/[^/]*/", "nodes/<node>/", member)]
    found = list(expand(kind, UNDER[kind]))
    if UNDER[kind]:
        found += [(path.split("."), "value") for path in ("apiVersion", "kind", "metadata.resourceVersion", "metadata.continue")]
    if kind[:4] in ("mke.", "msr."):
        found += [(path.split("."), "value") for path in ("nextPageStart", "errors.code", "errors.message")]
    return found


def how_kept(list_of_fields, path):
    # the field named by most of its own keys decides, as the table of nodes does
    def narrow(fields_left, at):
        if at == len(path):
            return next((how for own, how in fields_left if len(own) == at and how != "name"), "")
        exact = [f for f in fields_left if len(f[0]) > at and f[0][at] == path[at]]
        return narrow(exact or [f for f in fields_left if len(f[0]) > at and f[0][at] == "*"], at + 1)

    return narrow(list_of_fields, 0)


def plant(value, path, places, behind):
    if isinstance(value, dict):
        return {key: plant(inner, path + [key], places, behind) for key, inner in value.items()}
    if isinstance(value, list):
        return [plant(inner, path, places, behind) for inner in value]
    if isinstance(value, str):
        places.append(path)
        return f"{value if behind else ''}{mark(len(places) - 1)}"
    return value


def mark(number):
    return f"KANARIE{number:06d}q"


def select(member, text):
    done = subprocess.run([*SHELL, SCRIPT, "select", member], input=text.encode(), capture_output=True, check=False)
    if done.returncode != 0:
        bad.append(f"{member}: {done.returncode} {done.stderr.decode()[:300]}")
    return done.stdout


def spelled(out):
    """The canaries that a text holds, plain or in another spelling."""
    found = set(re.findall(rb"KANARIE(\d{6})q", out))
    for word in set(re.findall(rb"[A-Za-z0-9+/=_-]{16,}", out)):
        for cut in range(4):
            part = word[cut:].rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
            part = part[: len(part) // 4 * 4]
            try:
                found |= set(re.findall(rb"KANARIE(\d{6})q", base64.b64decode(part)))
            except ValueError:
                continue
        if re.fullmatch(rb"[0-9A-Fa-f]{16,}", word) and len(word) % 2 == 0:
            found |= set(re.findall(rb"KANARIE(\d{6})q", bytes.fromhex(word.decode())))
    if re.search(rb"(?i)4b414e41|%4b%41|\\u004b\\u0041", out):
        bad.append(f"in another spelling: {out[:200]!r}")
    return {int(number) for number in found}


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


def documents(text):
    try:
        return [json.loads(text)]
    except ValueError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]


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


def inputs():
    sample = os.path.join(ROOT, "testdata/sample")
    for folder, _, files in os.walk(sample):
        for name in files:
            path = os.path.join(folder, name)
            member = os.path.relpath(path, sample)
            if re.sub(r"^nodes/[^/]*/", "nodes/<node>/", member) in MEMBERS and name.endswith(".json"):
                yield member, path
    for folder in [os.path.join(ROOT, "testdata/kube-replay"), os.path.join(CAPTURES, "kubectl") if CAPTURES else ""]:
        for name in os.listdir(folder) if folder else []:
            if f"cluster/kubectl/{name}" in MEMBERS:
                yield f"cluster/kubectl/{name}", os.path.join(folder, name)
    for name in ("docker-inspect", "docker-info", "docker-services"):
        member = {"docker-inspect": "containers", "docker-info": "info", "docker-services": "services"}[name]
        yield f"cluster/docker/{member}.json", os.path.join(ROOT, f"testdata/redact/{name}.json")
    for name in ("kube-list", "kube-list-compact"):
        yield "cluster/kubectl/pods.json", os.path.join(ROOT, f"testdata/redact/{name}.json")
    docker = {"inspect.json": "containers", "images.jsonl": "images", "info.json": "info", "networks.json": "networks",
              "nodes.json": "nodes", "services.json": "services", "secrets.json": "secrets", "configs.json": "configs", "version.json": "version"}
    for name, member in docker.items() if CAPTURES else ():
        yield f"cluster/docker/{member}.json", os.path.join(CAPTURES, "docker", name)


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
    try_text("nodes/n/host/sysctl.txt", "kernel.panic = 1\n", r"(= )(1)()")
    if bad:
        print("\n".join(bad[:20]))
        return 1
    print(f"{count} documents, {planted_in_all} canaries planted, {kept_in_all} in fields that are kept")
    return 0 if planted_in_all > 10000 and kept_in_all > 1000 else 1


sys.exit(main())
