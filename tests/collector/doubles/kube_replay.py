#!/usr/bin/env python3
"""An API server that answers out of recorded lists, over TLS with client certificates.

kube_replay.py DATA CERTS PORTFILE LOG [--forbid RESOURCE] [--hang RESOURCE] [--many N]
Every list is cut at the `limit` that was asked for, with a `continue` token.
"""
import http.server
import json
import os
import ssl
import sys
import threading
import time
import urllib.parse

DATA, CERTS, PORTFILE, LOG = sys.argv[1:5]
OPTS = {}
rest = sys.argv[5:]
for name, value in zip(rest[::2], rest[1::2]):
    OPTS.setdefault(name, set()).add(value)

# resource -> (group/version, kind, namespaced)
APIS = {
    "v1": [("nodes", "Node", False), ("namespaces", "Namespace", False), ("pods", "Pod", True), ("services", "Service", True),
           ("serviceaccounts", "ServiceAccount", True), ("resourcequotas", "ResourceQuota", True), ("limitranges", "LimitRange", True),
           ("persistentvolumes", "PersistentVolume", False), ("persistentvolumeclaims", "PersistentVolumeClaim", True),
           ("configmaps", "ConfigMap", True), ("secrets", "Secret", True)],
    "apps/v1": [("deployments", "Deployment", True), ("daemonsets", "DaemonSet", True), ("statefulsets", "StatefulSet", True), ("replicasets", "ReplicaSet", True)],
    "batch/v1": [("jobs", "Job", True), ("cronjobs", "CronJob", True)],
    "networking.k8s.io/v1": [("ingresses", "Ingress", True), ("networkpolicies", "NetworkPolicy", True)],
    "rbac.authorization.k8s.io/v1": [("roles", "Role", True), ("rolebindings", "RoleBinding", True), ("clusterroles", "ClusterRole", False), ("clusterrolebindings", "ClusterRoleBinding", False)],
    "storage.k8s.io/v1": [("storageclasses", "StorageClass", False)],
    "admissionregistration.k8s.io/v1": [("validatingwebhookconfigurations", "ValidatingWebhookConfiguration", False), ("mutatingwebhookconfigurations", "MutatingWebhookConfiguration", False)],
}
# priorityclasses are left out on purpose: a resource that this server does not have


def items_of(resource):
    with open(os.path.join(DATA, resource + ".json"), encoding="utf-8") as f:
        items = json.load(f)["items"]
    many = int(next(iter(OPTS.get("--many", {"0"}))))
    if many and resource == "pods":
        base = items
        items = []
        for i in range(many):
            pod = json.loads(json.dumps(base[i % len(base)]))
            pod["metadata"]["name"] = f"pod-{i:06d}"
            items.append(pod)
    return items


CACHE = {}
LOCK = threading.Lock()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, code, doc):
        body = json.dumps(doc, separators=(",", ":")).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, code, reason, message):
        self.answer(code, {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message, "reason": reason, "code": code})

    def other(self):
        with LOCK, open(LOG, "a", encoding="utf-8") as f:
            f.write(f"{self.command} {self.path}\n")
        self.refuse(405, "MethodNotAllowed", "this server only reads")

    do_POST = do_PUT = do_PATCH = do_DELETE = other

    def do_GET(self):
        with LOCK, open(LOG, "a", encoding="utf-8") as f:
            f.write(f"GET {self.path}\n")
        url = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(url.query)
        path = url.path.rstrip("/")
        if path == "/version":
            return self.answer(200, {"major": "1", "minor": "27", "gitVersion": "v1.27.7-mirantis-1", "gitCommit": "1", "gitTreeState": "clean", "buildDate": "2024-01-01T00:00:00Z", "goVersion": "go1.20", "compiler": "gc", "platform": "linux/amd64"})
        if path == "/api":
            return self.answer(200, {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []})
        if path == "/apis":
            groups = [{"name": g.split("/")[0], "versions": [{"groupVersion": g, "version": "v1"}], "preferredVersion": {"groupVersion": g, "version": "v1"}} for g in APIS if "/" in g]
            return self.answer(200, {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups})
        for group, resources in APIS.items():
            base = "/api/v1" if group == "v1" else "/apis/" + group
            if path == base:
                return self.answer(200, {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group,
                                         "resources": [{"name": r, "singularName": k.lower(), "namespaced": n, "kind": k, "verbs": ["get", "list", "watch", "create", "delete"]} for r, k, n in resources]})
            for resource, kind, _ in resources:
                if path == f"{base}/{resource}":
                    return self.items(group, resource, kind, query)
        return self.refuse(404, "NotFound", "the server could not find the requested resource")

    def items(self, group, resource, kind, query):
        if resource in OPTS.get("--forbid", ()):
            return self.refuse(403, "Forbidden", f'{resource} is forbidden: User "assessor" cannot list resource "{resource}" in API group "" at the cluster scope')
        if resource in OPTS.get("--hang", ()):
            time.sleep(600)
            return None
        with LOCK:
            if resource not in CACHE:
                CACHE[resource] = items_of(resource)
        items = CACHE[resource]
        limit = int(query.get("limit", ["0"])[0]) or len(items)
        start = int(query.get("continue", ["0"])[0])
        meta = {"resourceVersion": "4242"}
        if start + limit < len(items):
            meta["continue"] = str(start + limit)
            meta["remainingItemCount"] = len(items) - start - limit
        return self.answer(200, {"kind": kind + "List", "apiVersion": group, "metadata": meta, "items": items[start:start + limit]})


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(os.path.join(CERTS, "server-chain.pem"), os.path.join(CERTS, "server.key"))
context.load_verify_locations(os.path.join(CERTS, "root.pem"))
context.verify_mode = ssl.CERT_REQUIRED
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
with open(PORTFILE + ".new", "w", encoding="utf-8") as f:
    f.write(str(server.server_address[1]))
os.rename(PORTFILE + ".new", PORTFILE)
server.serve_forever()
