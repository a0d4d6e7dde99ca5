#!/usr/bin/env python3
"""compare.py BEFORE AFTER: nothing but secrets changed.

JSON (also one document per line): same keys, same order, same types; every
string that differs has (redacted) in it. Any file: all KEEP- words are still
there, no CANARY- word is, in base64 neither.
"""
import base64
import json
import re
import sys

before, after = (open(p, encoding="utf-8").read() for p in sys.argv[1:3])
bad = []


def pairs(p):
    return [("", k, v) for k, v in p]


def walk(a, b, path):
    if type(a) is not type(b):
        bad.append(f"{path}: type changed")
    elif isinstance(a, list):
        if len(a) != len(b):
            bad.append(f"{path}: length changed")
        for i, (x, y) in enumerate(zip(a, b)):
            walk(x, y, f"{path}/{i}")
    elif isinstance(a, dict):
        if list(a) != list(b):
            bad.append(f"{path}: keys changed")
        for k in a:
            if k in b:
                walk(a[k], b[k], f"{path}/{k}")
    elif a != b and not (isinstance(a, str) and "(redacted)" in b):
        bad.append(f"{path}: {a!r} became {b!r}")


if sys.argv[1].endswith(".json"):
    walk(json.loads(before), json.loads(after), "")
kept = re.findall(r"KEEP[A-Za-z0-9_.-]*", before)
for word in set(kept):
    if word not in after and not any(word in str(x) for x in ()):
        bad.append(f"lost: {word}")
for word in set(re.findall(r"CANARY[-A-Za-z0-9]*", after)):
    bad.append(f"left: {word}")
for blob in set(re.findall(r"[A-Za-z0-9+/]{12,}={0,2}", after)):
    for cut in range(4):
        part = blob[cut:]
        part = part[: len(part) // 4 * 4]
        try:
            if b"CANARY" in base64.b64decode(part):
                bad.append(f"left in base64: {blob[:40]}")
        except ValueError:
            pass
if bad:
    print("\n".join(bad))
    sys.exit(1)
