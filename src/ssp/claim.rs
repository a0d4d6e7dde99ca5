//! What an object does that the SSP must list.

use serde_json::Value;

use crate::facts::is_not_kept;
use crate::model::limits;
use crate::rules::{NOT_CARRIED, NOT_KEPT, REDACTED};
use crate::ssp::entry::{Entry, Given};

/// Claims that one object may make.
const MOST_CLAIMS: usize = limits::CLAIMS;

/// One thing that the SSP must list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Claim {
    /// A published port.
    Port(u16, String),
    /// A capability, without `CAP_`.
    Capability(String),
    /// A namespace's limits; none where the quota does not state one.
    Quota(Option<String>, Option<String>),
    /// A name: of a service, a driver, a signer.
    Name(String),
    /// What several keys of an entry must state; none where an entry must not state the key.
    Facts(Vec<(String, Option<String>)>),
    /// Any use of an exception.
    Use,
}

/// What values claim of a section; each comes with the key that states it, or without one.
///
/// # Errors
/// What cannot be read in them.
pub(crate) fn claims(section: &str, values: &[(&str, &Value)]) -> Result<Vec<Claim>, String> {
    if values.iter().any(|(_, value)| value.as_str() == Some(NOT_CARRIED)) {
        return Err(NOT_CARRIED.to_owned());
    }
    if let Some(hidden) = values.iter().find_map(|(_, value)| hidden(value)) {
        return Err(hidden);
    }
    let value = match values {
        [("", value)] => *value,
        [] => &Value::Null,
        keyed => return facts(section, keyed),
    };
    match section {
        "ports" => ports(value),
        "capabilities" => Ok(names(value)?.iter().map(|name| Claim::Capability(capability(name))).collect()),
        "quotas" => {
            let hard = value.as_object().ok_or("the quota's limits are not an object")?;
            if let Some(hidden) = ["limits.cpu", "limits.memory"].iter().find_map(|key| hidden(hard.get(*key)?)) {
                return Err(hidden);
            }
            let limit = |key: &str| {
                hard.get(key).filter(|value| !value.is_null()).map(|value| match value {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                })
            };
            Ok(vec![Claim::Quota(limit("limits.cpu"), limit("limits.memory"))])
        }
        "exceptions" => Ok(vec![Claim::Use]),
        // Without names MKE takes any signature.
        "signers" if value.as_array().is_none_or(Vec::is_empty) => Ok(vec![Claim::Name("anyone".to_owned())]),
        _ => Ok(names(value)?.into_iter().map(Claim::Name).collect()),
    }
}

/// What stands for a value that is kept back.
fn hidden(value: &Value) -> Option<String> {
    if is_not_kept(value) {
        return Some(NOT_KEPT.to_owned());
    }
    (value.as_str() == Some(REDACTED)).then(|| REDACTED.to_owned())
}

/// One claim, or one for each element where a value is a list.
fn facts(section: &str, values: &[(&str, &Value)]) -> Result<Vec<Claim>, String> {
    let needed = |key: &str| {
        crate::ssp::section::section(section).is_some_and(|s| s.keys.iter().any(|k| k.name == key && k.needed))
    };
    let mut claims = vec![Vec::new()];
    for (key, value) in values {
        let texts: Vec<Option<String>> = match value {
            Value::Null if needed(key) => return Err(format!("`{key}` is absent")),
            Value::Null => vec![None],
            Value::String(text) if text.is_empty() => vec![None],
            Value::Array(list) if list.is_empty() => vec![None],
            Value::Array(list) => list.iter().map(|item| element(item).map(Some)).collect::<Result<_, _>>()?,
            other => vec![Some(element(other)?)],
        };
        claims = claims
            .into_iter()
            .flat_map(|claim: Vec<(String, Option<String>)>| {
                texts.iter().map(move |text| {
                    let mut claim = claim.clone();
                    claim.push(((*key).to_owned(), text.clone()));
                    claim
                })
            })
            .take(MOST_CLAIMS + 1)
            .collect();
        if claims.len() > MOST_CLAIMS {
            return Err(format!("it has more than {MOST_CLAIMS} elements"));
        }
    }
    if claims.iter().any(|claim| claim.iter().all(|(_, text)| text.is_none())) {
        return Err("it has nothing to compare".to_owned());
    }
    Ok(claims.into_iter().map(Claim::Facts).collect())
}

/// A value as an entry states it: `User s.ortiz` for the subject of a binding, `read-write shop/web`
/// for the right of a team, `member s.ortiz` or `admin s.ortiz` for who belongs to it.
fn element(value: &Value) -> Result<String, String> {
    let text = |value: Option<&Value>| match value.and_then(hidden) {
        Some(hidden) => Err(hidden),
        None => Ok(value.and_then(Value::as_str).map(str::to_owned)),
    };
    let within = |object: &Value| -> Result<Option<String>, String> {
        let name = text(object.get("name"))?;
        let namespace = text(object.get("namespace"))?;
        Ok(name.map(|name| namespace.map_or_else(|| name.clone(), |namespace| format!("{namespace}/{name}"))))
    };
    match value {
        Value::Bool(value) => Ok(value.to_string()),
        Value::Number(value) => Ok(value.to_string()),
        Value::String(_) => Ok(text(Some(value))?.unwrap_or_default()),
        Value::Object(map) => {
            let role = |admin| if admin { "admin" } else { "member" };
            let role = map.get("isAdmin").and_then(Value::as_bool).map(|admin| role(admin).to_owned());
            let what = text(map.get("kind").or_else(|| map.get("accessLevel")))?.or(role);
            let of = within(map.get("repository").or_else(|| map.get("member")).unwrap_or(value))?;
            match (what, of) {
                (Some(what), Some(of)) => Ok(format!("{what} {of}")),
                _ => Err(format!("{value} has nothing to compare")),
            }
        }
        other => Err(format!("{other} is not text")),
    }
}

fn names(value: &Value) -> Result<Vec<String>, String> {
    let text = |value: &Value| match (hidden(value), value.as_str()) {
        (Some(hidden), _) => Err(hidden),
        (None, Some(text)) => Ok(text.to_owned()),
        (None, None) => Err(format!("{value} is not text")),
    };
    match value {
        Value::Array(list) => list.iter().map(text).collect(),
        other => Ok(vec![text(other)?]),
    }
}

/// `{"443/tcp": [{"HostPort": "443"}], "80/tcp": null}` of a container, or
/// `[{"PublishedPort": 443, "Protocol": "tcp"}]` of a service, or
/// `[{"ports": [{"hostPort": 443, "protocol": "TCP"}]}]` of a pod's containers.
fn ports(value: &Value) -> Result<Vec<Claim>, String> {
    let mut claims = Vec::new();
    match value {
        Value::Object(map) => {
            for (inner, bindings) in map {
                let protocol = inner.split_once('/').map_or("tcp", |(_, protocol)| protocol);
                let bindings = match bindings {
                    Value::Null => continue,
                    Value::Array(list) => list,
                    other => return Err(format!("{other} is not a list of bindings")),
                };
                for binding in bindings {
                    if let Some(hidden) = binding.get("HostPort").and_then(hidden) {
                        return Err(hidden);
                    }
                    let port = binding.get("HostPort").and_then(Value::as_str).and_then(|port| port.parse().ok());
                    let port = port.ok_or_else(|| format!("{binding} names no host port"))?;
                    claims.push(Claim::Port(port, protocol.to_owned()));
                }
            }
        }
        Value::Array(list) => {
            let of_container = |item| match Value::get(item, "ports") {
                Some(Value::Array(ports)) => ports.iter().collect(),
                _ => vec![item],
            };
            for port in list.iter().flat_map(of_container) {
                let protocol = port.get("Protocol").or_else(|| port.get("protocol")).and_then(Value::as_str);
                let protocol = protocol.unwrap_or("tcp").to_ascii_lowercase();
                match port.get("PublishedPort").or_else(|| port.get("hostPort")) {
                    None | Some(Value::Null) => {}
                    // Swarm assigns one.
                    Some(number) if number.as_u64() == Some(0) => {}
                    Some(number) => {
                        if let Some(hidden) = hidden(number) {
                            return Err(hidden);
                        }
                        let number = number.as_u64().and_then(|number| u16::try_from(number).ok());
                        let number = number.ok_or_else(|| format!("{port} names no port"))?;
                        claims.push(Claim::Port(number, protocol));
                    }
                }
            }
        }
        other => return Err(format!("{other} does not name ports")),
    }
    // The same port on several addresses is one claim.
    claims.sort_by_key(Claim::words);
    claims.dedup();
    Ok(claims)
}

fn capability(name: &str) -> String {
    let upper = name.to_ascii_uppercase();
    upper.strip_prefix("CAP_").unwrap_or(&upper).to_owned()
}

/// A quantity of Kubernetes in billionths, in any of the ways in which one can be written.
pub(crate) fn quantity(text: &str) -> Option<i128> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let (binary, power) = match unit {
        "n" => (1, -9),
        "u" => (1, -6),
        "m" => (1, -3),
        "" => (1, 0),
        "k" => (1, 3),
        "M" => (1, 6),
        "G" => (1, 9),
        "T" => (1, 12),
        "P" => (1, 15),
        "E" => (1, 18),
        "Ki" => (1 << 10, 0),
        "Mi" => (1 << 20, 0),
        "Gi" => (1 << 30, 0),
        "Ti" => (1 << 40, 0),
        "Pi" => (1 << 50, 0),
        "Ei" => (1 << 60, 0),
        _ => (1, unit.strip_prefix(['e', 'E'])?.parse::<i32>().ok()?),
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let part = part.trim_end_matches('0');
    let digits: i128 = format!("{whole}{part}").parse().ok()?;
    let digits = digits.checked_mul(binary)?;
    let power = power.checked_add(9)?.checked_sub(i32::try_from(part.len()).ok()?)?;
    let ten = 10_i128.checked_pow(power.unsigned_abs())?;
    // What is finer than a billionth is no quantity that anything could limit.
    if power < 0 { (digits % ten == 0).then_some(digits / ten) } else { digits.checked_mul(ten) }
}

impl Claim {
    /// Whether an entry lists it; whether the entry is about the object is its scope.
    pub(crate) fn listed_by(&self, entry: &Entry) -> bool {
        match self {
            Self::Use => true,
            Self::Port(port, protocol) => match entry.given.get("ports") {
                Some(Given::Ports(ranges)) => {
                    ranges.iter().any(|range| range.protocol == *protocol && (range.first..=range.last).contains(port))
                }
                _ => false,
            },
            Self::Capability(name) => match entry.given.get("capabilities") {
                Some(Given::Texts(listed)) => listed.iter().any(|listed| capability(listed) == *name),
                _ => false,
            },
            // Several quotas may each state one limit of a namespace.
            Self::Quota(cpu, memory) => [("cpu", cpu), ("memory", memory)].iter().all(|(key, stated)| {
                stated.as_deref().is_none_or(|stated| {
                    let stated = quantity(stated);
                    stated.is_some() && stated == entry.text(key).and_then(quantity)
                })
            }),
            Self::Facts(facts) => {
                let stated = |key: &str| facts.iter().any(|(known, text)| known == key && text.is_some());
                entry.given.keys().all(|key| stated(key))
                    && facts.iter().all(|(key, text)| match (text, entry.given.get(key.as_str())) {
                        (None, None) => true,
                        (Some(text), Some(Given::Glob(pattern))) => pattern.matches(text),
                        (Some(text), Some(Given::Text(given))) => given == text,
                        _ => false,
                    })
            }
            Self::Name(name) => {
                ["service", "driver", "signer", "member"].iter().any(|key| match entry.given.get(key) {
                    Some(Given::Glob(pattern)) => pattern.matches(name),
                    Some(Given::Text(text)) => text == name,
                    _ => false,
                })
            }
        }
    }

    /// The claim in words.
    pub(crate) fn words(&self) -> String {
        let limit = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
        match self {
            Self::Port(port, protocol) => format!("{port}/{protocol}"),
            Self::Capability(name) | Self::Name(name) => name.clone(),
            Self::Quota(cpu, memory) => format!("limits.cpu {}, limits.memory {}", limit(cpu), limit(memory)),
            Self::Facts(facts) => {
                let parts = facts.iter().filter_map(|(key, text)| Some(format!("{key} {}", text.as_ref()?)));
                parts.collect::<Vec<_>>().join(", ")
            }
            Self::Use => "this use".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_object_asks_for_10000_entries_and_not_for_more() {
        let list = |count: usize| json!((0..count).map(|number| number.to_string()).collect::<Vec<_>>());
        for (a, b, fits) in [(99, 101, true), (100, 100, true), (73, 137, false)] {
            let (a, b) = (list(a), list(b));
            assert_eq!(facts("grants", &[("subject", &a), ("role", &b)]).is_ok(), fits);
        }
    }

    #[test]
    fn ports_are_read_in_both_shapes() {
        let container = json!({"8080/tcp": [{"HostIp": "0.0.0.0", "HostPort": "443"}, {"HostIp": "::", "HostPort": "443"}], "80/tcp": null});
        assert_eq!(claims("ports", &[("", &container)]).unwrap(), [Claim::Port(443, "tcp".into())]);
        let service = json!([{"Protocol": "udp", "TargetPort": 53, "PublishedPort": 53}, {"TargetPort": 1}]);
        assert_eq!(claims("ports", &[("", &service)]).unwrap(), [Claim::Port(53, "udp".into())]);
        let pod =
            json!([{"name": "a"}, {"name": "b", "ports": [{"hostPort": 53, "protocol": "UDP"}, {"containerPort": 1}]}]);
        assert_eq!(claims("ports", &[("", &pod)]).unwrap(), [Claim::Port(53, "udp".into())]);
        assert_eq!(claims("ports", &[("", &json!([{"TargetPort": 1, "PublishedPort": 0}]))]).unwrap(), []);
        assert!(claims("ports", &[("", &json!({"80/tcp": [{"HostPort": "many"}]}))]).is_err());
    }

    #[test]
    fn what_is_redacted_claims_nothing() {
        for (section, value) in [
            ("signers", json!(REDACTED)),
            ("capabilities", json!([REDACTED])),
            ("quotas", json!({ "limits.cpu": REDACTED, "limits.memory": "4Gi" })),
            ("ports", json!({ "80/tcp": [{ "HostPort": REDACTED }] })),
        ] {
            assert_eq!(claims(section, &[("", &value)]), Err(REDACTED.to_owned()), "{section}");
        }
        assert_eq!(claims("grants", &[("role", &json!(REDACTED))]), Err(REDACTED.to_owned()));
    }

    #[test]
    fn quantities_are_compared_by_value() {
        assert_eq!(quantity("2"), quantity("2000m"));
        assert_eq!(quantity("1Gi"), quantity("1024Mi"));
        assert_eq!(quantity("0.5"), quantity("500m"));
        assert_ne!(quantity("1G"), quantity("1Gi"));
        for (one, other) in [
            ("2147483648e0", "2Gi"),
            ("2e3", "2k"),
            ("1E", "1e18"),
            ("1E3", "1000"),
            ("1Pi", "1024Ti"),
            ("5e-1", "500m"),
            ("2000000u", "2"),
            ("2000000000n", "2000m"),
            (".5", "0.500"),
            ("+4.", "4"),
        ] {
            assert!(quantity(one).is_some());
            assert_eq!(quantity(one), quantity(other), "{one}");
        }
        for wrong in ["", "Gi", ".", "e3", "1e", "1e99", "1.2.3", "-1", "4 Gi", "1ei", "0.0000000001"] {
            assert_eq!(quantity(wrong), None, "{wrong}");
        }
    }
}
