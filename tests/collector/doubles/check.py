#!/usr/bin/env python3
"""check.py TOP [CANARY-FREE...]: a snapshot folder is what format 2 says, and holds no canary.

Manifest: one valid JSON object per line, header first, footer last, counts and
digests right, an item for every member. JSON members are valid. No word that
begins with CANARY is anywhere, also not in base64, hexadecimal or inside gzip
or zip (members under cluster/support/ are left as MKE gave them).
"""
import base64
import binascii
import gzip
import hashlib
import io
import json
import os
import re
import sys
import zipfile

top = sys.argv[1]
bad = []
with open(os.path.join(top, "manifest.jsonl"), "rb") as f:
    raw = f.read()
lines = raw.decode("utf-8").split("\n")
if lines[-1] != "":
    bad.append("the manifest does not end with a line break")
records = [json.loads(line) for line in lines[:-1]]
header, items, footer = records[0], records[1:-1], records[-1]
if header["record"] != "header" or header["format"] != 2 or footer["record"] != "footer":
    bad.append("header or footer is missing")
for key in ("collector", "cluster_id", "host", "user", "started", "mode", "keep"):
    if key not in header:
        bad.append(f"header without {key}")
if footer["items"] != len(items) or footer["bytes"] != sum(i["bytes"] for i in items):
    bad.append("the footer counts wrongly")
seen = set()
for i in items:
    if set(i) - {"part"} != {"record", "path", "what", "started", "ms", "exit", "http", "bytes", "sha256", "status", "note", "redacted", "dropped"}:
        bad.append(f"fields of {i['path']}: {sorted(i)}")
    if i["path"] in seen:
        bad.append(f"twice: {i['path']}")
    seen.add(i["path"])
    path = os.path.join(top, i["path"])
    if ".." in i["path"].split("/") or i["path"].startswith("/"):
        bad.append(f"path {i['path']}")
    if i["sha256"] is None:
        if os.path.exists(path) or i["bytes"]:
            bad.append(f"no digest: {i['path']}")
        if i["status"] in ("collected", "truncated"):
            bad.append(f"{i['status']} without a member: {i['path']}")
    else:
        data = open(path, "rb").read()
        if len(data) != i["bytes"] or hashlib.sha256(data).hexdigest() != i["sha256"]:
            bad.append(f"digest of {i['path']}")
        if path.endswith(".json") and i["status"] == "collected":
            try:
                if path.endswith("images.json"):
                    [json.loads(line) for line in data.decode().splitlines()]
                else:
                    json.loads(data)
            except ValueError as e:
                bad.append(f"{i['path']}: {e}")
for folder, _, files in os.walk(top):
    for name in files:
        path = os.path.relpath(os.path.join(folder, name), top)
        if path != "manifest.jsonl" and path not in seen:
            bad.append(f"no item: {path}")
        if os.path.islink(os.path.join(folder, name)):
            bad.append(f"link: {path}")


def hunt(data, where, depth=0):
    if b"CANARY" in data:
        at = data.index(b"CANARY")
        bad.append(f"canary in {where}: {data[max(0, at - 30):at + 40]!r}")
    if depth > 3:
        return
    for m in set(re.findall(rb"[A-Za-z0-9+/_-]{12,}", data)):
        for cut in range(4):
            part = m[cut:].replace(b"-", b"+").replace(b"_", b"/")
            part = part[: len(part) // 4 * 4]
            try:
                got = base64.b64decode(part)
            except (ValueError, binascii.Error):
                continue
            if b"CANARY" in got:
                bad.append(f"canary in base64 in {where}")
            if got[:2] == b"\x1f\x8b":
                try:
                    hunt(gzip.decompress(got), where + " (base64, gzip)", depth + 1)
                except (OSError, EOFError):
                    pass
    if re.search(rb"(?i)43414e415259", data):
        bad.append(f"canary in hexadecimal in {where}")
    if data[:2] == b"\x1f\x8b":
        hunt(gzip.decompress(data), where + " (gzip)", depth + 1)
    if data[:2] == b"PK":
        for n in zipfile.ZipFile(io.BytesIO(data)).namelist():
            hunt(zipfile.ZipFile(io.BytesIO(data)).read(n), f"{where} ({n})", depth + 1)


for folder, _, files in os.walk(top):
    for name in files:
        with open(os.path.join(folder, name), "rb") as f:
            hunt(f.read(), os.path.relpath(os.path.join(folder, name), top))
for word in sys.argv[2:]:
    if word.encode() in raw:
        bad.append(f"in the manifest: {word}")
if bad:
    print("\n".join(bad[:20]))
    sys.exit(1)
