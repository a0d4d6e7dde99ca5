# Looking into a snapshot. Sourced by the suites.

statuses() { python3 -c '
import json,sys
for line in open(sys.argv[1]+"/manifest.jsonl"):
    d=json.loads(line)
    if d["record"]=="item":
        note="" if d["status"]=="timed_out" else d["note"]
        print(d["path"],d["status"],d["http"],note)' "$1"; }
whats() { python3 -c '
import json,sys
for line in open(sys.argv[1]+"/manifest.jsonl"):
    d=json.loads(line)
    if d["record"]=="item": print(d["what"])' "$1"; }
# what the rules will look for is there, secrets are not
engine_facts() { python3 -c '
import json,os,sys
t=sys.argv[1]+"/"
j=lambda p: json.load(open(t+p))
cs={c["Name"]:c for c in j("containers.json")}
p=cs["/legacy-priv"]
assert p["HostConfig"]["Privileged"] and p["HostConfig"]["PidMode"]=="host" and p["HostConfig"]["NetworkMode"]=="host" and "seccomp=unconfined" in p["HostConfig"]["SecurityOpt"]
assert any(m["Source"]=="/var/run/docker.sock" for m in p["Mounts"])
assert p["Config"]["Env"]==p["Path"]=="(present)" and p["Args"]==["(present)"], p
assert cs["/ucp-controller"]["Config"]["Labels"]["com.docker.ucp.version"]=="3.7.7"
assert cs["/capped"]["HostConfig"]["CapAdd"] in (["NET_ADMIN"],["CAP_NET_ADMIN"])
l=cs["/hostile"]["Config"]["Labels"]
assert l=={"evil":"(present)","lines":"(present)","note.password":"(present)"}, l
assert cs["/good"]["HostConfig"]["ReadonlyRootfs"] is True
assert len(cs)>=10
assert j("info.json")["Swarm"]["Cluster"]["ID"]
nets={n["Name"]:n for n in j("networks.json")}
assert "encrypted" in nets["sealed"]["Options"] and "encrypted" not in nets["plain"]["Options"]
assert any(json.loads(x)["Repository"]=="mirantis/ucp-agent" and json.loads(x)["Tag"]=="3.7.1" for x in open(t+"images.json"))
if os.path.exists(t+"services.json"):
    s=j("services.json")[0]["Spec"]["TaskTemplate"]["ContainerSpec"]
    assert s["Env"]==s["Args"]=="(present)" and s["Secrets"][0]["SecretName"]=="db_password", s
    assert j("secrets.json")[0]["Spec"]["Name"]=="db_password"
    assert not os.path.exists(t+"configs.json")
    assert j("nodes.json")[0]["Spec"]["Role"]=="manager"
' "$1"; }
kube_facts() { python3 -c '
import json,os,sys
def walk(a,b,p):
    if b=="(present)": assert a not in (None,"",[],{}),(p,a)
    elif isinstance(a,dict):
        assert set(a)==set(b),(p,set(a)^set(b))
        for k in a: walk(a[k],b[k],p+"/"+k)
    elif isinstance(a,list):
        assert len(a)==len(b),p
        for i,(x,y) in enumerate(zip(a,b)): walk(x,y,p+"/%d"%i)
    else: assert a==b,(p,a,b)
n=0
for f in sorted(os.listdir(sys.argv[1])):
    if not f.endswith(".json") or f=="version.json": continue
    got=json.load(open(os.path.join(sys.argv[1],f)))["items"]; want=json.load(open(os.path.join(sys.argv[2],f)))["items"]
    walk(want,got,f); n+=1
assert n==23,n
refs=[e for p in json.load(open(sys.argv[1]+"/pods.json"))["items"] for c in p["spec"]["containers"] for e in c.get("env",[]) if "valueFrom" in e]
assert any(e["valueFrom"].get("secretKeyRef",{}).get("key")=="token" for e in refs)
s=json.load(open(sys.argv[1]+"/secrets.json"))["items"]
assert all(x["data"]=="(present)" for x in s) and s[1]["type"]
' "$1" "$2"; }
