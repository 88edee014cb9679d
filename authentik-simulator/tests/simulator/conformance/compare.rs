//! Compares a recorded answer with a simulated one, value by value.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use regex_lite::Regex;
use serde_json::Value;

use super::identities::{Identities, Kind};

/// Random by nature: only paired, so that the same one stays the same.
const RANDOM: [&str; 15] = [
    "client_id",
    "client_secret",
    "token",
    "key",
    "refresh_token",
    "device_code",
    "user_code",
    "uid",
    "user_uid",
    "uuid",
    "pk",
    "brand_uuid",
    "policybindingmodel_ptr_id",
    "group_pk",
    "kid",
];
/// Compared by type only: what is in them is drawn, hashed or numbered by each server for itself.
const OPAQUE: [&str; 13] = [
    "avatar",
    "fingerprint_sha256",
    "fingerprint_sha1",
    "num_pk",
    "request_id",
    "jti",
    "sid",
    "n",
    "x5c",
    "x5t",
    "x5t#S256",
    "last_applied_hash",
    "id",
];
const TIMES: [&str; 7] = [
    "expires",
    "date_joined",
    "last_updated",
    "last_login",
    "password_change_date",
    "last_applied",
    "cert_expiry",
];
/// Lists and texts without an order of their own.
const UNORDERED: [&str; 5] =
    ["system_permissions", "stages", "policies", "property_mappings", "users"];
/// How far two distances from now may be apart: longer than a replay, shorter than any lifetime.
const TOLERANCE: Duration = Duration::from_secs(300);

/// What a comparison needs to know.
pub(crate) struct Comparison<'a> {
    pub(crate) identities: &'a mut Identities,
    /// When the recordings of this scene were made, if they tell.
    pub(crate) recorded_at: Option<SystemTime>,
    pub(crate) now: SystemTime,
    /// Path to a value, and what is wrong there.
    pub(crate) problems: Vec<(String, String)>,
}

impl Comparison<'_> {
    pub(crate) fn body(&mut self, recorded: &Value, simulated: &Value) {
        self.value("", "", recorded, simulated);
    }

    fn problem(&mut self, path: &str, recorded: &Value, simulated: &Value, what: &str) {
        let cut = |value: &Value| value.to_string().chars().take(300).collect::<String>();
        let text = format!("{what}: recorded {}, simulated {}", cut(recorded), cut(simulated));
        self.problems.push((path.to_owned(), text));
    }

    fn value(&mut self, path: &str, key: &str, recorded: &Value, simulated: &Value) {
        match (recorded, simulated) {
            (Value::Object(a), Value::Object(b)) => {
                let (has, wants): (BTreeSet<_>, BTreeSet<_>) =
                    (b.keys().collect(), a.keys().collect());
                if has != wants {
                    let missing: Vec<_> = wants.difference(&has).collect();
                    let extra: Vec<_> = has.difference(&wants).collect();
                    let text = format!("keys: missing {missing:?}, too many {extra:?}");
                    self.problems.push((path.to_owned(), text));
                }
                self.object_key(path, a, b);
                // Ids first: the other fields may contain them.
                let (ids, rest): (Vec<_>, Vec<_>) =
                    a.iter().partition(|(field, _)| RANDOM.contains(&field.as_str()));
                for (field, recorded) in ids.into_iter().chain(rest) {
                    if let Some(simulated) = b.get(field) {
                        self.value(&format!("{path}/{field}"), field, recorded, simulated);
                    }
                }
            }
            (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
                if UNORDERED.contains(&key) {
                    self.unordered(path, key, recorded, simulated);
                    return;
                }
                for (at, (recorded, simulated)) in a.iter().zip(b).enumerate() {
                    self.value(&format!("{path}/{at}"), key, recorded, simulated);
                }
            }
            (Value::String(a), Value::String(b)) => self.text(path, key, a, b),
            (Value::Number(_), Value::Number(_)) if OPAQUE.contains(&key) => {}
            (Value::Number(a), Value::Number(b)) => {
                let kind = match key {
                    "provider" => Kind::Provider,
                    "user" | "user_pk" => Kind::User,
                    _ => {
                        // Keys were paired by `object_key`.
                        if a != b && key != "pk" {
                            self.problem(path, recorded, simulated, "number");
                        }
                        return;
                    }
                };
                let pair = a.as_u64().zip(b.as_u64());
                let learned = pair.map(|(a, b)| self.identities.learn_number(kind, a, b));
                if let Some(Err(text)) = learned {
                    self.problem(path, recorded, simulated, &text);
                }
            }
            (a, b) if a == b => {}
            _ => self.problem(path, recorded, simulated, "differs"),
        }
    }

    /// Pairs the number of an object with what it is the number of.
    fn object_key(
        &mut self,
        path: &str,
        a: &serde_json::Map<String, Value>,
        b: &serde_json::Map<String, Value>,
    ) {
        let number =
            |fields: &serde_json::Map<String, Value>| fields.get("pk").and_then(Value::as_u64);
        let (Some(recorded), Some(simulated)) = (number(a), number(b)) else { return };
        let kind = if a.contains_key("username") { Kind::User } else { Kind::Provider };
        if let Err(text) = self.identities.learn_number(kind, recorded, simulated) {
            self.problem(path, &recorded.into(), &simulated.into(), &text);
        }
    }

    /// Lists whose order is the database's: the same ones, in any order.
    fn unordered(&mut self, path: &str, key: &str, recorded: &Value, simulated: &Value) {
        // Stages and policies exist by their UUIDs only.
        if key == "stages" || key == "policies" {
            return;
        }
        let sorted = |value: &Value| {
            let items = value.as_array().into_iter().flatten().map(Value::to_string);
            items.collect::<BTreeSet<_>>()
        };
        let expected = match key {
            "users" => recorded
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_u64)
                .map(|n| Value::from(self.identities.number(Kind::User, n)))
                .collect(),
            _ => self.identities.body(recorded),
        };
        if sorted(&expected) != sorted(simulated) {
            self.problem(path, &expected, simulated, "not the same ones");
        }
    }

    fn text(&mut self, path: &str, key: &str, recorded: &str, simulated: &str) {
        let (a, b) = (Value::from(recorded), Value::from(simulated));
        if OPAQUE.contains(&key) {
            return;
        }
        if key == "scope" {
            let words = |text: &str| text.split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
            if words(recorded) != words(simulated) {
                self.problem(path, &a, &b, "other scopes");
            }
            return;
        }
        if TIMES.contains(&key) && is_time(recorded) {
            self.time(path, key, recorded, simulated);
            return;
        }
        if recorded.matches('.').count() == 2 && recorded.starts_with("eyJ") {
            self.token(path, recorded, simulated);
            return;
        }
        let drawn = RANDOM.contains(&key) && !recorded.contains("netbird");
        // The embedded outpost's account is named after a UUID.
        let outpost = key == "username" && recorded.starts_with("ak-outpost-");
        if drawn || outpost || is_uuid(recorded) {
            if is_uuid(recorded) != is_uuid(simulated) {
                self.problem(path, &a, &b, "UUID");
            } else if key == "key" {
                self.identities.relearn(recorded, simulated);
            } else if let Err(text) = self.identities.learn(recorded, simulated) {
                self.problem(path, &a, &b, &text);
            }
            return;
        }
        let (expected, has) = (timeless(&self.identities.text(recorded)), timeless(simulated));
        if expected != has {
            self.problem(path, &Value::from(expected), &b, "text");
        }
    }

    /// Times themselves differ; how far away they are must not.
    fn time(&mut self, path: &str, key: &str, recorded: &str, simulated: &str) {
        let (a, b) = (Value::from(recorded), Value::from(simulated));
        let parse = |text: &str| humantime::parse_rfc3339(text).ok();
        let (Some(then), Some(now)) = (parse(recorded), parse(simulated)) else {
            self.problem(path, &a, &b, "no time");
            return;
        };
        let Some(recorded_at) = self.recorded_at.filter(|_| key == "expires") else { return };
        let distance = |time: SystemTime, from: SystemTime| match time.duration_since(from) {
            Ok(ahead) => ahead.as_secs_f64(),
            Err(behind) => -behind.duration().as_secs_f64(),
        };
        let off = distance(then, recorded_at) - distance(now, self.now);
        if off.abs() > TOLERANCE.as_secs_f64() {
            self.problem(path, &a, &b, &format!("{off} seconds off"));
        }
    }

    /// JSON web tokens: the claims are compared like any other object.
    fn token(&mut self, path: &str, recorded: &str, simulated: &str) {
        if path.ends_with("/id_token") {
            // Two of one second are alike before 2026.2, and the replay may be slower.
            self.identities.relearn(recorded, simulated);
        } else if let Err(text) = self.identities.learn(recorded, simulated) {
            self.problem(path, &Value::from(recorded), &Value::from(simulated), &text);
        }
        let part = |token: &str, at: usize| -> Option<Value> {
            let part = URL_SAFE_NO_PAD.decode(token.split('.').nth(at)?).ok()?;
            serde_json::from_slice(&part).ok()
        };
        for (at, name) in ["header", "claims"].into_iter().enumerate() {
            let (a, b) = (part(recorded, at), part(simulated, at));
            let (Some(mut a), Some(mut b)) = (a, b) else {
                self.problem(path, &recorded.into(), &simulated.into(), "unreadable token");
                return;
            };
            let lifetime = |claims: &Value| Some(claims["exp"].as_u64()? - claims["iat"].as_u64()?);
            if lifetime(&a) != lifetime(&b) {
                self.problem(path, &a, &b, "lifetime");
            }
            let sub = |claims: &Value| claims["sub"].as_str().and_then(|sub| sub.parse().ok());
            let expected = sub(&a).map(|sub| self.identities.number(Kind::User, sub));
            if expected != sub(&b) {
                self.problem(path, &a["sub"], &b["sub"], "subject");
            }
            for claims in [&mut a, &mut b] {
                for time in ["exp", "iat", "auth_time", "sub"] {
                    if claims[time].is_null() {
                        claims.as_object_mut().unwrap().remove(time);
                    } else {
                        claims[time] = Value::Bool(true);
                    }
                }
            }
            self.value(&format!("{path}/{name}"), "", &a, &b);
        }
    }
}

fn is_time(text: &str) -> bool {
    humantime::parse_rfc3339(text).is_ok()
}

pub(crate) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Texts that name the time of day.
fn timeless(text: &str) -> String {
    let time = Regex::new(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?").unwrap();
    time.replace_all(text, "TIME").into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The paths at which two bodies differ.
    fn problems(recorded: &Value, simulated: &Value) -> Vec<String> {
        let at = |text: &str| humantime::parse_rfc3339(text).unwrap();
        let mut identities = Identities::default();
        let mut comparison = Comparison {
            identities: &mut identities,
            recorded_at: Some(at("2026-01-01T00:00:00Z")),
            now: at("2030-01-01T00:00:00Z"),
            problems: Vec::new(),
        };
        comparison.body(recorded, simulated);
        comparison.problems.into_iter().map(|(path, _)| path).collect()
    }

    #[test]
    fn what_is_random_may_differ_and_nothing_else() {
        let recorded = json!({
            "pk": 6,
            "name": "NetBird",
            "client_id": "one",
            "expires": "2026-01-31T00:00:00Z",
            "list": [1, 2],
            "used": "one",
        });
        let mut simulated = json!({
            "pk": 8,
            "name": "NetBird",
            "client_id": "two",
            "expires": "2030-01-31T00:00:10Z",
            "list": [1, 2],
            "used": "two",
        });
        assert_eq!(problems(&recorded, &simulated), Vec::<String>::new());

        simulated["name"] = json!("netbird");
        simulated["expires"] = json!("2030-02-01T00:00:00Z");
        simulated["list"] = json!([1]);
        simulated["used"] = json!("three");
        assert_eq!(problems(&recorded, &simulated), ["/expires", "/list", "/name", "/used"]);
    }

    #[test]
    fn missing_and_additional_fields_are_noticed() {
        let recorded = json!({ "results": [{ "a": null, "b": true }] });
        assert_eq!(problems(&recorded, &json!({ "results": [{ "a": null }] })), ["/results/0"]);
        let other = json!({ "results": [{ "a": 1, "b": true }] });
        assert_eq!(problems(&recorded, &other), ["/results/0/a"]);
    }
}
