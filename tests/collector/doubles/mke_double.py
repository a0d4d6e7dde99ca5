#!/usr/bin/env python3
"""A small MKE and a small MSR over TLS: client certificates, login, pages of ten.

mke_double.py CERTS PORTFILE LOG
PORTFILE gets two numbers, the port of MKE and that of MSR. One address is
refused (auth/ldap of MKE), one stalls (imagescan/status of MSR). Words that
begin with CANARY- stand for secrets, except in the support dump, which is
handed out as it is.
"""
import base64
import http.server
import io
import json
import os
import ssl
import sys
import threading
import time
import urllib.parse
import zipfile

CERTS, PORTFILE, LOG = sys.argv[1:4]
LOCK = threading.Lock()
USER, PASSWORD, TOKEN = "assessor", 'CANARY-pass "word" \\ of it', "CANARY-session-token-0123456789abcdef"
READY_TOKEN = "CANARY-file-token-0123456789abcdef"

CONFIG = """[auth]
  backend = "ldap"
  default_new_user_role = "restrictedcontrol"
  samlEnabled = false
  managedPasswordDisabled = false
  managedPasswordFallbackUser = "admin"
  [auth.sessions]
    lifetime_minutes = 10
    renewal_threshold_minutes = 0
    store_token_per_session = false
  [auth.saml]
    idpMetadataURL = ""
    tlsSkipVerify = false
    rootCerts = \"\"\"-----BEGIN CERTIFICATE-----
MIIBpublic
-----END CERTIFICATE-----
\"\"\"
  [auth.samlProxy]
    proxy_url = "http://saml:CANARY-toml-proxy@proxy.example:3128"
    [auth.samlProxy.credentials.basic]
      user = "proxy"
      password = "CANARY-toml-basic"
  [auth.external_identity_provider]
    clientId = "mke"
    clientSecret = "CANARY-toml-client-secret"
  [auth.scim]
    token = "CANARY-toml-scim"

[[registries]]
  host_address = "127.0.0.1:%PORT%"

[audit_log_configuration]
  level = "request"
  support_dump_include_audit_logs = false

[scheduling_configuration]
  enable_admin_ucp_scheduling = false

[tracking_configuration]
  disable_usageinfo = true
  disable_tracking = true

[trust_configuration]
  require_content_trust = true
  require_signature_from = ["sec"]

[log_configuration]
  level = "INFO"

[backup_schedule_config]
  enabled = true
  passphrase = "CANARY-toml-passphrase"
  no_passphrase = false

[cluster_config]
  secure_overlay = true
  kube_protect_kernel_defaults = true
  priv_attributes_allowed_for_user_accounts = []
  custom_kube_api_server_flags = ["--v=2", "--oidc-client-secret=CANARY-toml-flag"]
  pre_logon_message = "You are accessing a U.S. Government (USG) Information System (IS); password = what you typed"
  kms_private_key = \"\"\"
-----BEGIN PRIVATE KEY-----
CANARY-toml-pem
-----END PRIVATE KEY-----
\"\"\"

[license_configuration]
  auto_refresh = true
"""


def account(i):
    org = i % 9 == 4
    return {"name": f"org{i:02d}" if org else f"user{i:02d}", "id": f"id-{i:04d}", "fullName": 'Quote " and \\ back', "isOrg": org, "isAdmin": i == 1, "isActive": not org}


ACCOUNTS = [account(i) for i in range(1, 36)]
ACCOUNTS[30] = {"name": "../../nodes", "id": "id-evil", "fullName": "$(touch /tmp/owned)", "isOrg": True, "isAdmin": False, "isActive": False}
COLLECTIONS = [{"id": f"c{i}", "name": f"C{i}", "path": f"/Shared/C{i}", "parent_ids": ["shared"]} for i in range(23)]
GRANTS = [{"subjectID": f"id-{i:04d}", "objectID": f"c{i % 23}", "roleID": "viewonly", "collectionPath": f"/Shared/C{i % 23}"} for i in range(20)]
SUBJECTS = [{"id": f"id-{i:04d}", "subject_type": "user", "account": {"name": f"user{i:02d}"}} for i in range(20)]
ROLES = [{"id": r, "name": r, "system_role": True, "operations": {"Secret": {"Secret View": ["all"]}}} for r in ("none", "viewonly", "scheduler", "restrictedcontrol", "fullcontrol")]
REPOS = [{"id": f"r{i}", "namespace": "org04", "namespaceType": "organization", "name": f"repo{i}", "visibility": "private", "scanOnPush": i % 2 == 0} for i in range(25)]
SETTINGS = {"dtrHost": "msr.example", "createRepositoryOnPush": False, "reportAnalytics": False, "scanningEnabled": True, "scanningSyncOnline": True,
            "webTLSCert": "-----BEGIN CERTIFICATE-----\nMIIBpublic\n-----END CERTIFICATE-----\n", "webTLSKey": "-----BEGIN PRIVATE KEY-----\nCANARY-msr-key\n-----END PRIVATE KEY-----\n",
            "httpProxy": "http://u:CANARY-msr-proxy@proxy.example:3128", "storage": {"s3": {"accesskey": "CANARY-msr-access", "secretkey": "CANARY-msr-secret"}}}


def support_dump():
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w") as z:
        z.writestr("ucp-nodes.txt", "[]")
    return b.getvalue()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def note(self):
        with LOCK, open(LOG, "a", encoding="utf-8") as f:
            f.write(f"{self.server.name} {self.command} {self.path}\n")

    def answer(self, doc, code=200, kind="application/json", headers=()):
        body = doc if isinstance(doc, bytes) else (doc if isinstance(doc, str) else json.dumps(doc, separators=(",", ":"))).encode()
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for k, v in headers:
            self.send_header(k, v)
        self.end_headers()
        self.wfile.write(body)

    def known(self):
        if self.connection.getpeercert():
            return True
        a = self.headers.get("Authorization", "")
        if a in ("Bearer " + TOKEN, "Bearer " + READY_TOKEN):
            return True
        if self.server.name == "msr":
            return a == "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        return False

    def page(self, query, rows, word):
        start = int(query.get(word, ["0"])[0] or 0)
        return rows[start:start + 10], (str(start + 10) if start + 10 < len(rows) else "")

    def do_POST(self):
        self.note()
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/auth/login":
            try:
                d = json.loads(body)
            except ValueError:
                return self.answer({"errors": [{"message": "not JSON"}]}, 400)
            if d == {"username": USER, "password": PASSWORD}:
                return self.answer({"auth_token": TOKEN, "token_id": "t1"})
            return self.answer({"errors": [{"message": "invalid credentials"}]}, 401)
        if self.path == "/api/support" and self.known():
            return self.answer(support_dump(), kind="application/zip")
        return self.answer({"errors": [{"message": "not here"}]}, 405)

    def other(self):
        self.note()
        self.answer({}, 405)

    do_PUT = do_PATCH = do_DELETE = other

    def do_GET(self):
        self.note()
        url = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(url.query)
        path = url.path
        if path == "/_ping":
            return self.answer("OK", kind="text/plain")
        if path == "/ca":
            with open(os.path.join(CERTS, "root.pem"), encoding="utf-8") as f:
                return self.answer(f.read(), kind="text/plain")
        if not self.known():
            return self.answer({"errors": [{"code": "NOT_AUTHENTICATED", "message": "unauthorized"}]}, 401)
        return (self.mke if self.server.name == "mke" else self.msr)(path, query)

    def mke(self, path, query):
        if path == "/version":
            return self.answer({"Version": "ucp/3.7.7", "ApiVersion": "1.41", "Components": [{"Name": "Kubernetes", "Version": "v1.27.7-mirantis-1"}]})
        if path == "/api/ucp/config-toml":
            return self.answer(CONFIG.replace("%PORT%", str(self.server.msr_port)), kind="application/toml")
        if path == "/api/ucp/config/kubernetes":
            return self.answer({"secureOverlay": True, "KMSEnabled": False, "KMSName": "", "clientSecret": "CANARY-json-secret"})
        if path == "/enzi/v0/config/auth":
            return self.answer({"backend": "ldap", "samlEnabled": False})
        if path == "/enzi/v0/config/auth/ldap":
            return self.answer({"errors": [{"code": "NOT_AUTHORIZED", "message": "only administrators may read this"}]}, 403)
        if path == "/accounts/":
            rows, nxt = self.page(query, ACCOUNTS, "start")
            return self.answer({"usersCount": 30, "orgsCount": 5, "resourceCount": len(rows), "nextPageStart": nxt, "accounts": rows})
        if path.startswith("/accounts/") and path.endswith("/teams"):
            org = urllib.parse.unquote(path[len("/accounts/"):-len("/teams")])
            teams = [{"id": f"t-{org}-{i}", "name": f"team{i}", "orgID": org} for i in range(12)] if org == "org04" else [{"id": "t-" + org, "name": "a", "orgID": org}]
            rows, nxt = self.page(query, teams, "start")
            return self.answer({"nextPageStart": nxt, "resourceCount": len(teams), "teams": rows})
        if path == "/roles":
            return self.answer(ROLES)
        if path == "/collections":
            rows, nxt = self.page(query, COLLECTIONS, "start")
            return self.answer(rows, headers=[("X-Next-Page-Start", nxt)] if nxt else ())
        if path == "/collectionGrants":
            # no word of a next page: only asking again tells
            rows, _ = self.page(query, GRANTS, "start")
            ids = {g["subjectID"] for g in rows}
            return self.answer({"grants": rows, "subjects": [s for s in SUBJECTS if s["id"] in ids]})
        return self.answer({"errors": [{"message": "no such thing"}]}, 404)

    def msr(self, path, query):
        if path == "/api/v0/meta/settings":
            return self.answer(SETTINGS)
        if path == "/api/v0/repositories":
            rows, nxt = self.page(query, REPOS, "pageStart")
            return self.answer({"repositories": rows}, headers=[("X-Next-Page-Start", nxt)] if nxt else ())
        if path == "/api/v0/imagescan/status":
            time.sleep(600)
            return None
        if path == "/enzi/v0/accounts":
            rows, nxt = self.page(query, [a for a in ACCOUNTS if a["name"] in ("org04", "user01", "user02")], "start")
            return self.answer({"accounts": rows, "nextPageStart": nxt})
        if path == "/enzi/v0/accounts/org04/teams":
            return self.answer({"teams": [{"id": "t1", "name": "dev ops"}, {"id": "t2", "name": "qa"}], "nextPageStart": ""})
        if path.startswith("/enzi/v0/accounts/org04/") and path.endswith("/members"):
            rows = [{"member": {"name": f"user{i:02}", "fullName": "CANARY-member"}, "isAdmin": i == 0} for i in range(12)]
            rows, nxt = self.page(query, rows[:1] if "/teams/" in path else rows, "start")
            return self.answer({"members": rows}, headers=[("X-Next-Page-Start", nxt)] if nxt else ())
        if path.startswith("/api/v0/accounts/org04/teams/"):
            return self.answer({"repositoryAccessList": [{"accessLevel": "read-write", "repository": REPOS[0]}]})
        return self.answer({"errors": [{"message": "no such thing"}]}, 404)


def serve(name):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.name = name
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(CERTS, "server-chain.pem"), os.path.join(CERTS, "server.key"))
    context.load_verify_locations(os.path.join(CERTS, "root.pem"))
    context.verify_mode = ssl.CERT_OPTIONAL
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    return server


mke, msr = serve("mke"), serve("msr")
mke.msr_port = msr.server_address[1]
threading.Thread(target=msr.serve_forever, daemon=True).start()
with open(PORTFILE + ".new", "w", encoding="utf-8") as f:
    f.write(f"{mke.server_address[1]} {msr.server_address[1]}\n")
os.rename(PORTFILE + ".new", PORTFILE)
mke.serve_forever()
