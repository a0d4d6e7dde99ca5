"""Hits of the compared rules as an insights-core plugin."""

import json

from insights import JSONParser, make_info, parser, rule
from insights.core.context import HostArchiveContext
from insights.core.spec_factory import glob_file, simple_file

pods_file = simple_file("cluster/kubectl/pods.json", context=HostArchiveContext)
containers_files = glob_file("nodes/*/docker/containers.json", context=HostArchiveContext)


@parser(pods_file)
class Pods(JSONParser):
    pass


@parser(containers_files)
class Containers(JSONParser):
    pass


@rule(Pods, Containers)
def report(pods, nodes):
    hits = dict.fromkeys(("user_privileged", "user_host_network", "user_host_pid", "user_pods_host_network"), 0)
    for pod in pods.data["items"]:
        if pod["metadata"]["namespace"] != "kube-system" and pod["spec"].get("hostNetwork"):
            hits["user_pods_host_network"] += 1
    for node in nodes:
        for container in node.data:
            labels = container["Config"].get("Labels") or {}
            if "io.kubernetes.pod.name" in labels or "com.docker.ucp.version" in labels:
                continue
            host = container["HostConfig"]
            hits["user_privileged"] += host["Privileged"]
            hits["user_host_network"] += host["NetworkMode"] == "host"
            hits["user_host_pid"] += host["PidMode"] == "host"
    print(json.dumps(hits))
    return make_info("MKE_HITS", **hits)
