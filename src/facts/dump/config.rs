//! MKE's configuration as a dump and the configuration API print it, under the names of the TOML.
//!
//! Rules name settings as the TOML does. The JSON groups them otherwise, renames them between versions, and
//! leaves many out, so a table maps what it has, and remembers what it speaks of: a setting that it does not
//! carry is unknown, never absent, or a default would be taken for it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// The JSON's group and field (`a.b` for one inside an object), and the path of the same setting in the TOML. A setting that has had
/// several names stands here under each.
const NAMES: &[(&str, &str, &str)] = &[
    ("analytics", "disableUsageInfo", "tracking_configuration.disable_usageinfo"),
    ("analytics", "disableTracking", "tracking_configuration.disable_tracking"),
    ("analytics", "clusterLabel", "tracking_configuration.cluster_label"),
    ("analytics", "opsCare", "tracking_configuration.ops_care"),
    ("connectivity", "controllerPort", "cluster_config.controller_port"),
    ("connectivity", "kubeAPIServerPort", "cluster_config.kube_apiserver_port"),
    ("connectivity", "swarmPort", "cluster_config.swarm_port"),
    ("dockerContentTrust", "requireContentTrust", "trust_configuration.require_content_trust"),
    ("dockerContentTrust", "requireSignatureFrom", "trust_configuration.require_signature_from"),
    ("dockerContentTrust", "allowRepos", "trust_configuration.allow_repos"),
    ("externalIdentityProvider", "wellKnownConfigUrl", "auth.external_identity_provider.wellKnownConfigUrl"),
    ("externalIdentityProvider", "issuer", "auth.external_identity_provider.issuer"),
    ("externalIdentityProvider", "clientId", "auth.external_identity_provider.clientId"),
    ("httpServer", "excludeServerIdentityHeaders", "cluster_config.exclude_server_identity_headers"),
    ("httpServer", "preLogonMessage", "cluster_config.pre_logon_message"),
    ("kubernetes", "secureOverlay", "cluster_config.secure_overlay"),
    ("kubernetes", "privAttributesAllowedForUserAccounts", "cluster_config.priv_attributes_allowed_for_user_accounts"),
    ("kubernetes", "privAttributesUserAccounts", "cluster_config.priv_attributes_user_accounts"),
    (
        "kubernetes",
        "privAttributesAllowedForServiceAccounts",
        "cluster_config.priv_attributes_allowed_for_service_accounts",
    ),
    ("kubernetes", "privAttributesServiceAccounts", "cluster_config.priv_attributes_service_accounts"),
    ("kubernetes", "ingressController.enabled", "cluster_config.ingress_controller.enabled"),
    ("kubernetes", "customKubeletFlags", "cluster_config.custom_kubelet_flags"),
    ("kubernetes", "KMSEnabled", "cluster_config.kms_enabled"),
    ("kubernetes", "KMSName", "cluster_config.kms_name"),
    ("kubernetes", "KMSEndpoint", "cluster_config.kms_endpoint"),
    ("kubernetes", "KMSCachesize", "cluster_config.kms_cachesize"),
    ("kubernetes", "kubeletMaxPods", "cluster_config.kubelet_max_pods"),
    ("kubernetes", "kubeProtectKernelDefaults", "cluster_config.kube_protect_kernel_defaults"),
    ("kubernetes", "protectKernelDefaults", "cluster_config.kube_protect_kernel_defaults"),
    ("licenseConfig", "autoRefresh", "license_configuration.auto_refresh"),
    ("logging", "auditLevel", "audit_log_configuration.level"),
    ("logging", "logLevel", "log_configuration.level"),
    ("logging", "level", "log_configuration.level"),
    ("logging", "supportDumpIncludeAuditLogs", "audit_log_configuration.support_dump_include_audit_logs"),
    ("logging", "supportBundleIncludeAuditLogs", "audit_log_configuration.support_dump_include_audit_logs"),
    ("orchestration", "enableAdminSystemScheduling", "scheduling_configuration.enable_admin_ucp_scheduling"),
    ("orchestration", "enableAdminUCPScheduling", "scheduling_configuration.enable_admin_ucp_scheduling"),
    ("orchestration", "defaultNodeOrchestrator", "scheduling_configuration.default_node_orchestrator"),
    ("tuning", "profilingEnabled", "cluster_config.profiling_enabled"),
    ("tuning", "swarmOnly", "cluster_config.swarm_only"),
    ("tuning", "hideSwarmUI", "cluster_config.hide_swarm_ui"),
];

/// The pointer into the JSON form of the configuration, of a pointer into the TOML's form.
#[must_use]
pub fn pointer_in_configuration(pointer: &str) -> String {
    let dotted = pointer.trim_start_matches('/').replace('/', ".");
    let inside = |path: &str| dotted.strip_prefix(path).filter(|rest| rest.is_empty() || rest.starts_with('.'));
    for (group, field, path) in NAMES {
        if let Some(rest) = inside(path) {
            return format!("/{group}/{}{}", field.replace('.', "/"), rest.replace('.', "/"));
        }
    }
    if let Some(rest) = inside("registries") {
        return format!("/dockerTrustedRegistries{}", rest.replace('.', "/"));
    }
    String::new()
}

/// Fields of a registry.
const REGISTRY: &[(&str, &str)] =
    &[("hostAddress", "host_address"), ("serviceID", "service_id"), ("caBundle", "ca_bundle")];

/// An object without any group that MKE's configuration has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it is not an MKE configuration: it has none of its groups")]
pub(crate) struct ConfigError;

/// A configuration under the names of the TOML.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Configuration {
    /// Its settings.
    pub(crate) value: Value,
    /// The TOML's paths of all settings that the JSON speaks of, those that are not set among them.
    pub(crate) carried: BTreeSet<String>,
}

/// Reads the JSON form of the configuration.
///
/// # Errors
/// An object without any group that MKE has.
pub(crate) fn read(json: &Value) -> Result<Configuration, ConfigError> {
    let mut configuration = Configuration { value: Value::Object(Map::new()), carried: BTreeSet::new() };
    let mut doubtful = BTreeSet::new();
    let mut groups = 0;
    for (group, field, path) in NAMES {
        let Some(fields) = under(json, group).and_then(Value::as_object) else { continue };
        groups += 1;
        let mut keys = field.split('.');
        let first = keys.next().and_then(|key| one(fields, key));
        let Some(value) = keys.fold(first, |value, key| under(value?, key)) else { continue };
        if doubtful.contains(path) {
            continue;
        }
        if configuration.carried.contains(*path) && configuration.at(path) != Some(value) {
            // Two names of one setting that disagree: nobody knows which one MKE goes by.
            configuration.carried.remove(*path);
            configuration.put(path, Value::Null);
            doubtful.insert(path);
            continue;
        }
        configuration.put(path, value.clone());
        configuration.carried.insert((*path).to_owned());
    }
    if let Some(list) = under(json, "dockerTrustedRegistries").or_else(|| under(json, "registries")) {
        groups += 1;
        let registries = match list {
            Value::Null => Some(Vec::new()),
            Value::Array(list) => Some(list.iter().map(registry).collect()),
            _ => None,
        };
        if let Some(registries) = registries {
            configuration.put("registries", Value::Array(registries));
            configuration.carried.insert("registries".to_owned());
        }
    }
    if groups == 0 {
        return Err(ConfigError);
    }
    Ok(configuration)
}

fn registry(json: &Value) -> Value {
    let fields = REGISTRY.iter().filter_map(|(from, to)| Some(((*to).to_owned(), under(json, from)?.clone())));
    Value::Object(fields.collect())
}

fn under<'v>(json: &'v Value, key: &str) -> Option<&'v Value> {
    one(json.as_object()?, key)
}

/// The value of a key in any case; none if two keys differ in nothing but case.
fn one<'v>(fields: &'v Map<String, Value>, key: &str) -> Option<&'v Value> {
    let mut found = fields.iter().filter(|(known, _)| known.eq_ignore_ascii_case(key));
    match (found.next(), found.next()) {
        (Some((_, value)), None) => Some(value),
        _ => None,
    }
}

impl Configuration {
    fn at(&self, path: &str) -> Option<&Value> {
        path.split('.').try_fold(&self.value, |value, key| value.get(key))
    }

    fn put(&mut self, path: &str, value: Value) {
        let mut at = &mut self.value;
        for key in path.split('.') {
            if !at.is_object() {
                *at = Value::Object(Map::new());
            }
            at = &mut at[key];
        }
        *at = value;
    }

    /// Whether the JSON tells what stands at a path of the TOML, or within it.
    pub(crate) fn carries(&self, keys: &[String]) -> bool {
        let path = keys.join(".");
        let parts = |known: &String| {
            *known == path
                || known.strip_prefix(&path).is_some_and(|rest| rest.starts_with('.'))
                || path.strip_prefix(known.as_str()).is_some_and(|rest| rest.starts_with('.'))
        };
        self.carried.iter().any(parts)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn settings_go_by_the_names_of_the_toml() {
        let json = json!({
            "analytics": { "disableUsageInfo": true, "DisableTracking": false },
            "logging": { "auditLevel": "request", "supportBundleIncludeAuditLogs": true },
            "kubernetes": {
                "KMSEnabled": true,
                "privAttributesAllowedForUserAccounts": null,
                "ingressController": { "enabled": true },
            },
            "dockerTrustedRegistries": [{ "hostAddress": "msr.example", "batchScanningDataEnabled": true }],
            "backupSchedule": { "passphrase": "secret" },
        });
        let read = read(&json).unwrap();
        assert_eq!(
            read.value,
            json!({
                "tracking_configuration": { "disable_usageinfo": true, "disable_tracking": false },
                "audit_log_configuration": { "level": "request", "support_dump_include_audit_logs": true },
                "cluster_config": {
                    "kms_enabled": true,
                    "priv_attributes_allowed_for_user_accounts": null,
                    "ingress_controller": { "enabled": true },
                },
                "registries": [{ "host_address": "msr.example" }],
            })
        );
        let carries = |path: &str| read.carries(&path.split('.').map(str::to_owned).collect::<Vec<_>>());
        assert!(carries("cluster_config.priv_attributes_allowed_for_user_accounts"));
        assert!(carries("cluster_config"));
        assert!(carries("registries"));
        assert!(carries("cluster_config.ingress_controller.enabled"));
        assert!(!carries("cluster_config.custom_kubelet_flags"));
        let pointer = pointer_in_configuration("/cluster_config/ingress_controller/enabled");
        assert_eq!(pointer, "/kubernetes/ingressController/enabled");
        assert!(!carries("cluster_config.secure_overlay"));
        assert!(!carries("auth.sessions.lifetime_minutes"));
    }

    #[test]
    fn names_that_disagree_tell_nothing() {
        let json =
            json!({ "orchestration": { "enableAdminSystemScheduling": true, "enableAdminUCPScheduling": false } });
        let read = read(&json).unwrap();
        assert!(read.carried.is_empty());
        let json = json!({ "analytics": { "disableTracking": true, "DISABLETRACKING": false } });
        assert!(super::read(&json).unwrap().carried.is_empty());
        assert!(super::read(&json!({ "errors": [] })).is_err());
    }
}
