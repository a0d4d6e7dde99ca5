#!/usr/bin/env python3
"""archive.py SHELL SCRIPT ROOT [CAPTURES]: one run of the collector against programs whose every answer is full of canaries.

Behind every string of every recorded object stands a canary of its own, and others stand in the places in which secrets
once left a cluster (testdata/redact/places.*). None may be in the archive, in any spelling, but those whose fields the
lists name; none may be on the terminal; and no file of the run may hold one of the others at any moment.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading

from planting import ROOT, SCRIPT, disguised, documents, fields, how_kept, inputs, kind_of, mark, plain, plant

SHELL = sys.argv[1].split()
LISTS = ("containers", "networks", "nodes", "services", "secrets", "configs")
URLS = {
    "cluster/mke/auth.json": "mke/enzi_v0_config_auth",
    "cluster/mke/ldap.json": "mke/enzi_v0_config_auth_ldap", "cluster/mke/accounts.json": "mke/accounts",
    "cluster/mke/teams.json": "mke/accounts_x_teams", "cluster/mke/roles.json": "mke/roles",
    "cluster/mke/collections.json": "mke/collections", "cluster/mke/grants.json": "mke/collectionGrants",
    "cluster/msr/settings.json": "msr/api_v0_meta_settings", "cluster/msr/repositories.json": "msr/api_v0_repositories",
    "cluster/msr/accounts.json": "msr/enzi_v0_accounts", "cluster/msr/imagescan-status.json": "msr/api_v0_imagescan_status",
}
# Where the collector reads on: a canary there would change what is asked.
SPARE = ("nextPageStart", "ServerErrors", "isOrg", "com.docker.ucp.InstanceID")
bad, places = [], []
secret = set()


def merged(one, other):
    if isinstance(one, dict) and isinstance(other, dict):
        return {key: merged(one[key], other[key]) if key in one and key in other else one.get(key, other.get(key)) for key in {**one, **other}}
    if isinstance(one, list) and isinstance(other, list):
        return one + other
    return one if one else other


def gather():
    """The answers by the name under which the double finds them."""
    found = {}
    for member, path in inputs():
        folder, name = member.split("/")[-2:]
        name = name.removesuffix(".json")
        if name in ("daemon", "team-access") or folder not in ("docker", "kubectl", "mke", "msr"):
            continue
        answer = URLS.get(member) or f"{folder}/{name}"
        for document in documents(open(path, encoding="utf-8").read()):
            if folder == "docker" and name == "images":
                found.setdefault(answer, []).append(document)
            else:
                found[answer] = merged(found[answer], document) if answer in found else document
    return found


def with_marks(text):
    def canary(found):
        places.append(["a place of places.*: " + text[max(0, found.start() - 40) : found.end()]])
        secret.add(len(places) - 1)
        return mark(len(places) - 1)

    return re.sub("@@", canary, text)


def write(folder, answer, text):
    path = os.path.join(folder, answer)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def prepare(folder):
    found = gather()
    found["mke/version"] = found["docker/version"]
    others = json.load(open(os.path.join(ROOT, "testdata/redact/places.json"), encoding="utf-8"))
    for answer, document in sorted(found.items()):
        document = plant(document, [], places, True, SPARE)
        other = json.loads(with_marks(json.dumps(others.pop(answer, None))))
        if other and isinstance(document, dict) and "items" in document:
            document["items"] += other
        elif other:
            document = merged(document, other)
        if answer == "docker/images":
            text = "".join(json.dumps(image) + "\n" for image in document)
        else:
            text = json.dumps(document, indent=4 if answer.startswith("docker") else None) + "\n"
        end = "" if answer.startswith("m") or answer == "kubectl/version" else ".json"
        write(folder, answer + end, text)
    for answer, document in others.items():
        text = with_marks(json.dumps({"kind": "List", "items": document} if answer.startswith("kubectl") else document))
        write(folder, answer + ("" if answer.startswith("m") else ".json"), text)
    text = with_marks(open(os.path.join(ROOT, "testdata/redact/places.txt"), encoding="utf-8").read())
    for part in text.split("## ")[1:]:
        name, content = part.split("\n", 1)
        write(folder, name, content)


def allowed(member):
    """The canaries whose fields the list of a member names."""
    known = "cluster/docker/version.json" if member == "cluster/mke/version.json" else member
    if not kind_of(known):
        return set()
    listed = fields(known)
    hows = {tuple(path): how_kept(listed, path) for path in places}
    return {n for n, path in enumerate(places) if n not in secret and hows[tuple(path)] not in ("", "name")}


class Watch(threading.Thread):
    """Reads what the run writes, while it writes it."""

    def __init__(self, folder, never):
        super().__init__(daemon=True)
        self.folder, self.never, self.on, self.seen, self.looks = folder, never, True, set(), 0

    def run(self):
        while self.on:
            for folder, _, files in os.walk(self.folder):
                for name in files:
                    try:
                        data = open(os.path.join(folder, name), "rb").read()
                    except OSError:
                        continue
                    self.looks += 1
                    if plain(data) & self.never:
                        self.seen.add(name)


def run(work, mode, *words):
    out = os.path.join(work, mode)
    os.makedirs(out)
    never = secret | {n for n in range(len(places)) if n not in kept_somewhere}
    watch = Watch(os.path.join(work, "tmp"), never)
    watch.start()
    env = {**os.environ, "PATH": f"{work}/bin:{os.environ['PATH']}", "PLANTED": f"{work}/planted", "TMPDIR": f"{work}/tmp"}
    done = subprocess.run([*SHELL, SCRIPT, mode, "-o", out, "--format", "tar", "--timeout", "300", *words], env=env, capture_output=True, check=False)
    watch.on = False
    watch.join()
    said = done.stdout + done.stderr
    if done.returncode not in (0, 3):
        bad.append(f"{mode}: exit code {done.returncode}: {said[-300:]!r}")
    if plain(said) or disguised(said):
        bad.append(f"{mode}: on the terminal: {said[:300]!r}")
    if watch.seen:
        bad.append(f"{mode}: for a moment in {sorted(watch.seen)}")
    return out


def look(out):
    """The canaries that an archive holds."""
    kept = set()
    for archive in os.listdir(out):
        with tarfile.open(os.path.join(out, archive)) as tar:
            for entry in tar.getmembers():
                member = entry.name.split("/", 1)[-1]
                data = tar.extractfile(entry).read() if entry.isfile() else b""
                got = plain(data + entry.name.encode())
                kept |= got
                for number in sorted(got - allowed(member))[:5]:
                    bad.append(f"{member}: kept though no list names it: {'.'.join(places[number])}")
                if disguised(data):
                    bad.append(f"{member}: in another spelling: {disguised(data)[:3]}")
    return kept


work = tempfile.mkdtemp(prefix="planted.")
try:
    for folder in ("bin", "tmp", "planted"):
        os.makedirs(os.path.join(work, folder))
    for tool in ("docker", "kubectl", "curl", "ausearch", "auditctl", "getent", "sestatus"):
        os.symlink(os.path.join(os.path.dirname(os.path.abspath(__file__)), "planted-tool"), os.path.join(work, "bin", tool))
    prepare(os.path.join(work, "planted"))
    with open(os.path.join(work, "token"), "w", encoding="ascii") as file:
        file.write("token-of-the-session\n")
    os.chmod(os.path.join(work, "token"), 0o600)
    names = ["docker/" + name for name in (*LISTS, "info", "images", "version")]
    kept_somewhere = set().union(*(allowed(member) for member in [*(f"cluster/{n}.json" for n in names), *(f"nodes/n/{n}.json" for n in names),
        "cluster/mke/version.json", "cluster/kubectl/version.json", *URLS, *(f"cluster/kubectl/{name}" for name in os.listdir(os.path.join(work, "planted/kubectl")) if name.endswith(".json"))]))
    outs = [run(work, "cluster", "--mke", "https://mke.example", "--msr", "https://msr.example", "--token-file", f"{work}/token"),
            run(work, "node", "--node-name", "n", "--socket", "/dev/null")]
    kept = set().union(*(look(out) for out in outs))
    gone = set(range(len(places))) - kept
    count = len({tuple(places[n]) for n in gone - secret}) + len(secret & gone)
    print(f"{len(places)} canaries: {len(kept)} in fields that are kept, {len(gone)} gone, in {count} places")
    if len(gone) < 400 or count < 200 or len(kept) < 1000 or len(secret) < 120:
        bad.append(f"too few: {len(secret)} of places.*")
finally:
    shutil.rmtree(work, ignore_errors=True)
if bad:
    print("\n".join(bad[:20]))
    sys.exit(1)
