#!/usr/bin/env python3
"""How time and memory grow with each count that an input can state: growth.py PROGRAM [WORD…]

Each row makes one input at a size and at ten times that size, runs a command on both, and prints CPU seconds, their ratio and the
peak of memory. A row falls short where ten times the count takes more than 11 times the CPU (and more than a second), where a
run takes over 256 MiB, or where it does not end in 60 CPU seconds. Words choose rows by their names. Exit 1 if a row falls short.
"""
import base64, io, json, os, resource, shutil, subprocess, sys, tarfile, tempfile, zipfile

RATIO, MEMORY, SECONDS = 11, 256, 60
ROWS = []


def row(name, small, line="inspect {}"):
    return lambda make: ROWS.append((name, small, line, make)) or make


def put(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())


def tar(path, members):
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT) as out:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            out.addfile(info, io.BytesIO(content))


INFO = '{"Name":"n%d","ID":"id%d","DockerRootDir":"/var/lib/docker","ServerVersion":"25.0"}'


def container(number):
    return {"Id": f"c{number}", "Name": f"/c{number}", "Image": "sha256:1", "State": {"Status": "running", "Running": True},
            "Config": {"Image": f"registry/app{number % 50}:1", "Labels": {}},
            "HostConfig": {"Privileged": False, "PidMode": "", "CapAdd": ["NET_ADMIN"], "PortBindings": {"80/tcp": [{"HostPort": "80"}]}}}


def pod(number):
    return {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": f"pod-{number}", "namespace": f"team{number}", "uid": f"u{number}"},
            "spec": {"nodeName": f"host{number % 50}", "containers": [{"name": "a", "image": f"registry.example/app{number}:1"}]}}


def items(kind, each, count):
    return json.dumps({"kind": kind + "List", "apiVersion": "v1", "metadata": {}, "items": [each(n) for n in range(count)]})


@row("brackets in brackets of YAML", 25_000)
def _(at, n):
    put(f"{at}/pods.yaml", "[" * n)


@row("nodes with docker info", 1_000, "analyze {} -f json -o {out}")
def _(at, n):
    tar(f"{at}/in.tar", ((f"nodes/n{i}/docker/info.json", (INFO % (i, i)).encode()) for i in range(n)))


@row("nodes with containers", 1_000, "analyze {} -f json -o {out}")
def _(at, n):
    tar(f"{at}/in.tar", ((f"nodes/n{i}/docker/containers.json", json.dumps([container(i)]).encode()) for i in range(n)))


HEADER = '{"record":"header","format":1,"collector":"mke-collect 0.1.0","cluster_id":"c","started":"2026-01-01T00:00:00Z","mode":"all"}\n'
FOOTER = '{"record":"footer","finished":"2026-01-01T00:01:00Z","items":%d,"bytes":0,"complete":true}\n'
ITEM = ('{"record":"item","path":"nodes/n%d/docker/info.json","what":"docker info","started":"2026-01-01T00:00:00Z","ms":1,"exit":0,'
        '"http":null,"bytes":1,"sha256":"' + "0" * 64 + '","status":"collected","note":"","redacted":0}\n')


@row("lines of a manifest without their members", 10_000, "analyze {} -f json -o {out}")
@row("lines of a manifest, verified", 10_000, "verify {}")
def _(at, n):
    put(f"{at}/manifest.jsonl", HEADER + "".join(ITEM % i for i in range(n)) + FOOTER % n)
    put(f"{at}/nodes/n1/docker/info.json", INFO % (1, 1))


@row("folders with a manifest", 1_000, "analyze {} -f json -o {out}")
def _(at, n):
    members = [(f"s{i}/manifest.jsonl", (HEADER + FOOTER % 0).encode()) for i in range(n)]
    tar(f"{at}/in.tar", members + [("s0/nodes/n1/docker/info.json", (INFO % (1, 1)).encode())])


@row("answers", 440, "analyze {sample} --answers {}/answers.yaml -f json -o {out}")
def _(at, n):
    rules = [r for r in sorted(os.listdir(f"{REPOSITORY}/rules/mke-stig-v2r1")) if r.startswith("V-")]
    one = "  - rule: {}\n    node: n{}\n    status: not_a_finding\n    comment: seen\n    reviewer: A\n    date: 2026-01-01\n    expires: 2027-01-01\n    evidence_digest: v3:" + "0" * 64 + "\n"
    put(f"{at}/answers.yaml", "cluster: k7w2liv4prjytrze4vqqshn3b\nanswers:\n" + "".join(one.format(rules[i % len(rules)][:8], i // len(rules)) for i in range(n)))


@row("nodes, each with its checklist and all evidence", 50, "analyze {} -f ckl,json --per-node --evidence-limit 0 -o {out}")
def _(at, n):
    tar(f"{at}/in.tar", ((f"nodes/n{i}/docker/{f}", c.encode()) for i in range(n)
                         for f, c in (("info.json", INFO % (i, i)), ("containers.json", json.dumps([container(i)])))))


@row("configurations of MKE in a dump", 800, "analyze {} -f json -o {out}")
def _(at, n):
    text = json.dumps({"auth": {"sessions": {"lifetimeMinutes": 60}}}).encode()
    tar(f"{at}/in.tar", [(f"d{i}/ucp-controller-config.json", text) for i in range(n)] + [("w/dsinfo/dsinfo.json", b"{}")])


@row("reports of nodes in one zip", 2_000, "analyze {}/in.zip -f json -o {out}")
def _(at, n):
    text = json.dumps({"docker_info": json.loads(INFO % (1, 1))})
    with zipfile.ZipFile(f"{at}/in.zip", "w", zipfile.ZIP_DEFLATED) as out:
        for i in range(n):
            out.writestr(f"n{i}/dsinfo/dsinfo.json", text)


@row("entries of a zip", 10_000, "inspect {}/in.zip")
def _(at, n):
    with zipfile.ZipFile(f"{at}/in.zip", "w") as out:
        out.writestr("nodes/n1/docker/info.json", INFO % (1, 1))
        for i in range(n):
            out.writestr(f"x/{i}", "x")


@row("members of a tar", 20_000)
def _(at, n):
    tar(f"{at}/in.tar", [("nodes/n1/docker/info.json", (INFO % (1, 1)).encode())] + [(f"x/{i}", b"x") for i in range(n)])


@row("certificates of one name", 40, "analyze {} -f json -o {out}")
def _(at, n):
    pem = open(f"{REPOSITORY}/testdata/sample/cluster/mke/ca.pem").read().strip().splitlines()
    der = bytearray(base64.b64decode("".join(pem[1:pem.index("-----END CERTIFICATE-----")])))
    text = ""
    for i in range(n):
        der[-2:] = i.to_bytes(2, "big")
        text += "-----BEGIN CERTIFICATE-----\n" + base64.b64encode(der).decode() + "\n-----END CERTIFICATE-----\n"
    for name in ("ca.pem", "tls-chain.pem"):
        put(f"{at}/cluster/mke/{name}", text)


@row("bytes of one line of docker-group.txt", 4_000_000)
def _(at, n):
    put(f"{at}/nodes/n1/host/docker-group.txt", "docker:x:999:" + ",".join(f"u{i}" for i in range(n // 8)))


@row("bytes of audit rules", 4_000_000)
def _(at, n):
    put(f"{at}/nodes/n1/host/audit-rules.txt", "".join(f"-w /etc/f{i} -p wa -k docker\n" for i in range(n // 32)))


@row("bytes of config.toml", 1_600_000)
def _(at, n):
    put(f"{at}/cluster/mke/config.toml", "[auth]\n" + "".join(f'k{i} = "v"\n' for i in range(n // 13)))


@row("bytes of os-release", 4_900_000)
def _(at, n):
    put(f"{at}/nodes/n1/host/os-release", "".join(f'K{i}="v"\n' for i in range(n // 12)))


@row("bytes of YAML", 660_000)
def _(at, n):
    put(f"{at}/pods.yaml", "apiVersion: v1\nkind: List\nitems:\n" + "".join(f"- {{kind: Pod, metadata: {{name: p{i}}}}}\n" for i in range(n // 40)))


@row("bytes of one string", 5_000_000)
def _(at, n):
    put(f"{at}/nodes/n1/docker/containers.json", json.dumps([{**container(1), "Pad": "x" * n}]))


@row("bytes of one object", 6_000_000)
def _(at, n):
    put(f"{at}/nodes/n1/docker/containers.json", json.dumps([{**container(1), "Config": {"Image": "a", "Labels": {f"k{i}": "v" for i in range(n // 16)}}}]))


@row("lists in documents of one file", 40_000)
def _(at, n):
    put(f"{at}/pods.json", (items("Pod", pod, 1) + "\n") * n)


ENTRY = "  - ports: 80/tcp\n    image: 'x*%d*:*'\n    reason: r\n    approver: A\n    expires: 2027-01-01\n    approved: true\n"


@row("globs of the SSP, for 3,000 containers", 400, "analyze {}/in --ssp {}/ssp.yaml -f json -o {out}")
def _(at, n):
    put(f"{at}/in/nodes/n1/docker/containers.json", json.dumps([container(i) for i in range(3000)]))
    put(f"{at}/ssp.yaml", "ports:\n" + "".join(ENTRY % i for i in range(n)))


@row("containers, for 300 globs of the SSP", 2_000, "analyze {}/in --ssp {}/ssp.yaml -f json -o {out}")
def _(at, n):
    put(f"{at}/in/nodes/n1/docker/containers.json", json.dumps([container(i) for i in range(n)]))
    put(f"{at}/ssp.yaml", "ports:\n" + "".join(ENTRY % i for i in range(300)))


@row("error files of a dump", 10_000, "analyze {} -f json -o {out}")
def _(at, n):
    tar(f"{at}/in.tar", [(f"namespaces/n{i}/core/pods.yaml.error", b"forbidden") for i in range(n)] + [("w/dsinfo/dsinfo.json", b"{}")])


@row("containers", 10_000, "analyze {} -f json -o {out}")
def _(at, n):
    put(f"{at}/nodes/n1/docker/containers.json", json.dumps([container(i) for i in range(n)]))


@row("pods", 10_000, "analyze {} -f json -o {out}")
def _(at, n):
    put(f"{at}/cluster/kubectl/pods.json", items("Pod", pod, n))


@row("pods, redacted", 6_000, "redact {} -o {out}.tar --map {out}.yaml")
def _(at, n):
    put(f"{at}/cluster/kubectl/pods.json", items("Pod", pod, n))


@row("bytes of text, redacted", 2_000_000, "redact {} -o {out}.tar --map {out}.yaml")
def _(at, n):
    put(f"{at}/nodes/n1/docker/info.json", INFO % (1, 1))
    put(f"{at}/nodes/n1/host/audit-rules.txt", "".join(f"-w /etc/f{i} -p wa -k docker\n" for i in range(n // 32)))


@row("members, redacted", 2_000, "redact {} -o {out}.tar --map {out}.yaml")
def _(at, n):
    tar(f"{at}/in.tar", ((f"nodes/host{i}/docker/info.json", (INFO % (i, i)).encode()) for i in range(n)))


@row("files, drafted into an SSP", 2_000, "ssp draft {}")
def _(at, n):
    put(f"{at}/nodes/n1/docker/containers.json", json.dumps([{**container(i), "Config": {"Image": f"r/app{i}:1"}} for i in range(n)]))


@row("reviews of a checklist", 4_000, "answers import {}/in.ckl")
def _(at, n):
    one = "<VULN><STIG_DATA><VULN_ATTRIBUTE>Vuln_Num</VULN_ATTRIBUTE><ATTRIBUTE_DATA>V-260903</ATTRIBUTE_DATA></STIG_DATA><STATUS>Open</STATUS></VULN>"
    put(f"{at}/in.ckl", "<CHECKLIST><STIGS><iSTIG>" + one * n + "</iSTIG></STIGS></CHECKLIST>")


def run(program, line, at, out):
    words = [w.replace("{out}", out).replace("{sample}", f"{REPOSITORY}/testdata/sample") for w in line.split()]
    # An input of one file is that file; else it is the folder.
    one = os.path.join(at, "in.tar")
    words = [w.replace("{}", one if w == "{}" and os.path.exists(one) else at) for w in words]
    process = subprocess.Popen([program, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                               preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS)))
    said = process.stderr.read().decode(errors="replace").strip().splitlines()
    _, status, used = os.wait4(process.pid, 0)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, os.waitstatus_to_exitcode(status), said[:1]


def main():
    program, words = os.path.abspath(sys.argv[1]), sys.argv[2:]
    short = 0
    print("| what | count | CPU s | ten times | CPU s | times | MiB | input MB | |\n|---|--:|--:|--:|--:|--:|--:|--:|---|", flush=True)
    for name, small, line, make in ROWS:
        if words and not any(word in name for word in words):
            continue
        figures = []
        for count in (small, 10 * small):
            at = tempfile.mkdtemp()
            make(at, count)
            size = sum(os.path.getsize(os.path.join(f, x)) for f, _, files in os.walk(at) for x in files) / 1e6
            figures.append((*run(program, line, at, f"{at}.out"), size))
            shutil.rmtree(at)
            for left in (f"{at}.out", f"{at}.out.tar", f"{at}.out.yaml"):
                shutil.rmtree(left) if os.path.isdir(left) else os.path.exists(left) and os.remove(left)
        (before, _, _, _, _), (after, peak, code, said, size) = figures
        times = after / max(before, 0.02)
        problems = [p for p, is_so in (("does not end", code < 0), ("grows faster", times > RATIO and after > 1), ("too much memory", peak > MEMORY)) if is_so]
        short += bool(problems)
        told = ", ".join(problems) or (f"exit {code}: {said[0][:60]}" if code > 1 and said else "")
        print(f"| {name} | {small:,} | {before:.2f} | {10 * small:,} | {after:.2f} | {times:.1f} | {peak:.0f} | {size:.1f} | {told} |", flush=True)
    return 1 if short else 0


REPOSITORY = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
if __name__ == "__main__":
    sys.exit(main())
