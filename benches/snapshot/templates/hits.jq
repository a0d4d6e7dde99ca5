# Hits of the compared rules, over the pods and all containers in one pass.
def user: (.Config.Labels // {}) | (has("io.kubernetes.pod.name") or has("com.docker.ucp.version")) | not;
reduce inputs as $document (
  {user_privileged: 0, user_host_network: 0, user_host_pid: 0, user_pods_host_network: 0};
  if ($document | type) == "array" then
    reduce ($document[] | select(user) | .HostConfig) as $host (.;
      if $host.Privileged then .user_privileged += 1 else . end
      | if $host.NetworkMode == "host" then .user_host_network += 1 else . end
      | if $host.PidMode == "host" then .user_host_pid += 1 else . end)
  else
    reduce ($document.items[] | select(.metadata.namespace != "kube-system")) as $pod (.;
      if $pod.spec.hostNetwork then .user_pods_host_network += 1 else . end)
  end
)
