//! Compares a recorded answer of NetBird with a simulated one.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::conformance::Identities;

/// Drawn by each server for itself: only paired, so that the same one stays the same.
const DRAWN: [&str; 9] = [
    "id",
    "user_id",
    "created_by",
    "idp_id",
    "personal_access_token",
    "plain_token",
    "auto_groups",
    "ipv6_enabled_groups",
    "client_id",
];
const TIMES: [&str; 3] = ["created_at", "expiration_date", "last_used"];
/// The addresses that peers get, drawn for each account.
const OPAQUE: [&str; 1] = ["network_range_v6"];

/// What differs, each with where it is.
pub(super) fn problems(
    identities: &mut Identities,
    recorded: &Value,
    simulated: &Value,
) -> Vec<String> {
    let mut found = Vec::new();
    value(identities, &mut found, "", "", recorded, simulated);
    found
}

fn value(
    identities: &mut Identities,
    found: &mut Vec<String>,
    path: &str,
    key: &str,
    recorded: &Value,
    simulated: &Value,
) {
    match (recorded, simulated) {
        (Value::Object(a), Value::Object(b)) => {
            let (wants, has): (BTreeSet<_>, BTreeSet<_>) = (a.keys().collect(), b.keys().collect());
            if wants != has {
                found.push(format!("{path}: keys: recorded {wants:?}, simulated {has:?}"));
            }
            for (name, recorded) in a {
                if let Some(simulated) = b.get(name) {
                    let path = format!("{path}/{name}");
                    value(identities, found, &path, name, recorded, simulated);
                }
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (at, (recorded, simulated)) in a.iter().zip(b).enumerate() {
                value(identities, found, &format!("{path}/{at}"), key, recorded, simulated);
            }
        }
        (Value::String(a), Value::String(b)) => text(identities, found, path, key, a, b),
        (a, b) if a == b => {}
        _ => found.push(format!("{path}: recorded {recorded}, simulated {simulated}")),
    }
}

fn text(
    identities: &mut Identities,
    found: &mut Vec<String>,
    path: &str,
    key: &str,
    recorded: &str,
    simulated: &str,
) {
    let is_time = |text: &str| humantime::parse_rfc3339(text).is_ok();
    if OPAQUE.contains(&key) {
        return;
    }
    if TIMES.contains(&key) {
        if !is_time(simulated) {
            found.push(format!("{path}: {simulated} is not a time"));
        }
        return;
    }
    // Ids that are the same everywhere, such as `local`, and those that the test chose.
    let is_chosen = recorded.len() < 20;
    if DRAWN.contains(&key) && !is_chosen {
        if let Err(problem) = identities.learn(recorded, simulated) {
            found.push(format!("{path}: recorded {recorded}, simulated {simulated}: {problem}"));
        }
        // Messages have them in lower case.
        identities.relearn(&recorded.to_lowercase(), &simulated.to_lowercase());
        identities.relearn(recorded, simulated);
        return;
    }
    let expected = identities.text(recorded);
    if expected != simulated {
        found.push(format!("{path}: recorded {expected:?}, simulated {simulated:?}"));
    }
}
