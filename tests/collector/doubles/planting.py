"""What the tests of the collector plant, and where its lists let it stand. The lists are read here a second time, in another way."""
import base64
import json
import os
import re
import sys

SCRIPT, ROOT = sys.argv[2], sys.argv[3]
CAPTURES = sys.argv[4] if len(sys.argv) > 4 else ""
TEXT = open(SCRIPT, encoding="utf-8").read()


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


def kind_of(member):
    return MEMBERS.get(re.sub(r"^nodes/[^/]*/", "nodes/<node>/", member))


def fields(member):
    kind = kind_of(member)
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


def mark(number):
    return f"KANARIE{number:06d}q"


def plant(value, path, places, behind, spare=()):
    """The value with a canary of its own in (or behind) every string; places gets the path of each."""
    if isinstance(value, dict):
        return {key: inner if key in spare else plant(inner, path + [key], places, behind, spare) for key, inner in value.items()}
    if isinstance(value, list):
        return [plant(inner, path, places, behind, spare) for inner in value]
    if isinstance(value, str):
        places.append(path)
        return f"{value if behind else ''}{mark(len(places) - 1)}"
    return value


def plain(data):
    """The numbers of the canaries that stand in it as they are."""
    return {int(number) for number in re.findall(rb"KANARIE(\d{6})q", data)}


def disguises():
    """What a canary looks like in another spelling, wherever it begins."""
    word = b"KANARIE"
    found = [rb"(?i)" + word.hex().encode(), rb"(?i)4b4e4152|eiranak"]
    for before in range(3):
        text = base64.b64encode(b"\0" * before + word)
        # without the letters to which neighbors add bits
        found.append(re.escape(text[(0, 2, 3)[before] : (8 * (before + len(word))) // 6]))
    # percent signs and escapes of JSON, of any of its letters
    either = [rb"(?:%c|%%%02x|%%%02X|\\u00%02x|\\u00%02X|\\x%02x)" % (c, c, c, c, c, c) for c in word]
    found.append(b"".join(either))
    return [re.compile(pattern) for pattern in found]


DISGUISES = disguises()


def disguised(data):
    """Canaries in base64 at each offset, in hexadecimal digits, percent-encoded, escaped as in JSON, or backwards."""
    hits = [m.group(0) for pattern in DISGUISES for m in pattern.finditer(data)]
    return [hit for hit in hits if hit != b"KANARIE"]


def documents(text):
    try:
        return [json.loads(text)]
    except ValueError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]


def inputs():
    """Every recorded document, with the member that it belongs to."""
    sample = os.path.join(ROOT, "testdata/sample")
    for folder, _, files in os.walk(sample):
        for name in sorted(files):
            path = os.path.join(folder, name)
            member = os.path.relpath(path, sample)
            if kind_of(member) and name.endswith(".json"):
                yield member, path
    for folder in [os.path.join(ROOT, "testdata/kube-replay"), os.path.join(CAPTURES, "kubectl") if CAPTURES else ""]:
        for name in sorted(os.listdir(folder)) if folder else []:
            if f"cluster/kubectl/{name}" in MEMBERS:
                yield f"cluster/kubectl/{name}", os.path.join(folder, name)
    for name, member in (("inspect", "containers"), ("info", "info"), ("services", "services")):
        yield f"cluster/docker/{member}.json", os.path.join(ROOT, f"testdata/redact/docker-{name}.json")
    for name in ("kube-list", "kube-list-compact"):
        yield "cluster/kubectl/pods.json", os.path.join(ROOT, f"testdata/redact/{name}.json")
    docker = {"inspect.json": "containers", "images.jsonl": "images", "info.json": "info", "networks.json": "networks",
              "nodes.json": "nodes", "services.json": "services", "secrets.json": "secrets", "version.json": "version"}
    for name, member in docker.items() if CAPTURES else ():
        yield f"cluster/docker/{member}.json", os.path.join(CAPTURES, "docker", name)
