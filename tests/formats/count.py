"""Counts rules and statuses in every format: as many out as in the assessment. Arguments: the
assessment.json and the folder of the reports."""

import csv
import json
import sys
import xml.etree.ElementTree as xml

source, folder = sys.argv[1:]
rules = json.load(open(source, encoding="utf-8"))["rules"]
of = lambda name: sum(rule["status"] == name for rule in rules)
load = lambda name: json.load(open(f"{folder}/{name}", encoding="utf-8"))

result = load("assessment.oscal.json")["assessment-results"]["results"][0]
assert len(result["observations"]) == len(rules)
assert len(result.get("risks", [])) == of("open")

controls = load("assessment.hdf.json")["profiles"][0]["controls"]
kinds = {control["id"]: {entry["status"] for entry in control["results"]} for control in controls}
assert len(kinds) == len(rules)
assert list(kinds.values()).count({"passed"}) == of("not_a_finding")
assert list(kinds.values()).count({"failed"}) == of("open")
assert sum(control["impact"] == 0 for control in controls) == of("not_applicable")

results = load("assessment.sarif")["runs"][0]["results"]
kinds = {}
for entry in results:
    kinds.setdefault(entry["ruleId"], set()).add(entry["kind"])
assert len(kinds) == len(rules)
assert list(kinds.values()).count({"pass"}) == of("not_a_finding")
assert list(kinds.values()).count({"fail"}) == of("open")
assert all((entry["kind"] == "fail") == (entry["level"] != "none") for entry in results)

cases = xml.parse(f"{folder}/assessment.junit.xml").getroot().findall(".//testcase")
named = lambda tag: sum(case.find(tag) is not None for case in cases)
assert len(cases) == len(rules)
assert named("failure") == of("open")
assert named("system-out") == of("not_a_finding")

csv.field_size_limit(1 << 30)
for name, wanted in (("assessment.csv", len(rules)), ("assessment.poam.csv", of("open"))):
    table = list(csv.reader(open(f"{folder}/{name}", encoding="utf-8-sig", newline=""), strict=True))
    assert len(table) == wanted + 1, (name, len(table))
    assert all(len(row) == len(table[0]) for row in table)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in table for cell in row)

assert len(load("evidence/index.json")["rules"]) == len(rules)
print(f"{len(rules)} rules in, {len(rules)} out, in every format")
