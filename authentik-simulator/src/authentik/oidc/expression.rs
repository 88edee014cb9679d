//! Evaluates scope mappings: the built-in ones, and expressions that return a dictionary of what a
//! user has. Other Python is not run, and gives nothing.

use serde_json::{Map, Value, json};

use crate::authentik::objects::{ScopeMapping, User};
use crate::authentik::rights::groups_of;
use crate::authentik::{Release, State};

const BUILT_IN: &str = "goauthentik.io/providers/oauth2/scope-";
/// Groups as a user has them directly, by the names that releases have for them.
const DIRECT: [&str; 2] = ["request.user.ak_groups.all()", "request.user.groups.all()"];
/// Groups with those that they are in.
const ALL: &str = "request.user.all_groups()";

/// The claims of one mapping.
pub(super) fn claims(state: &State, mapping: &ScopeMapping, user: &User) -> Map<String, Value> {
    let managed = mapping.managed.as_deref().unwrap_or_default();
    if managed.starts_with(BUILT_IN) {
        return built_in(state, &mapping.scope_name, user);
    }
    evaluate(state, &mapping.expression, user).unwrap_or_default()
}

fn built_in(state: &State, scope: &str, user: &User) -> Map<String, Value> {
    let claims = match scope {
        "email" => json!({
            "email": user.email,
            "email_verified": state.release() < Release::V2025_10,
        }),
        "profile" => json!({
            "name": user.name,
            "given_name": user.name,
            "preferred_username": user.username,
            "nickname": user.username,
            "groups": direct_groups(state, user),
        }),
        "entitlements" => json!({ "entitlements": [], "roles": [] }),
        _ => json!({}),
    };
    claims.as_object().cloned().unwrap_or_default()
}

/// Adds the claims of a further mapping: lists are joined, and dictionaries merged.
pub(super) fn merge(into: &mut Map<String, Value>, more: Map<String, Value>) {
    for (name, value) in more {
        match (into.get_mut(&name), value) {
            (Some(Value::Array(has)), Value::Array(more)) => has.extend(more),
            (Some(Value::Object(has)), Value::Object(more)) => merge(has, more),
            (_, value) => {
                into.insert(name, value);
            }
        }
    }
}

fn direct_groups(state: &State, user: &User) -> Vec<String> {
    let groups = state.groups.iter().filter(|group| group.users.contains(&user.pk));
    groups.map(|group| group.name.clone()).collect()
}

fn evaluate(state: &State, expression: &str, user: &User) -> Option<Map<String, Value>> {
    let inside = expression.trim().strip_prefix("return")?.trim().strip_prefix('{')?;
    let inside = inside.strip_suffix('}')?;
    let mut claims = Map::new();
    for entry in entries(inside) {
        let (name, value) = entry.split_once(':')?;
        let name: String = serde_json::from_str(name.trim()).ok()?;
        claims.insert(name, term(state, value.trim(), user)?);
    }
    Some(claims)
}

/// The parts between commas that are outside of brackets and texts.
fn entries(inside: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth, mut quoted, mut escaped) =
        (Vec::new(), 0, 0_i32, false, false);
    for (at, c) in inside.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '[' | '(' | '{' if !quoted => depth += 1,
            ']' | ')' | '}' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                parts.push(&inside[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&inside[start..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

fn term(state: &State, text: &str, user: &User) -> Option<Value> {
    match text {
        "request.user.name" => Some(json!(user.name)),
        "request.user.username" => Some(json!(user.username)),
        "request.user.email" => Some(json!(user.email)),
        "True" => Some(json!(true)),
        "False" => Some(json!(false)),
        _ => list(state, text, user).or_else(|| serde_json::from_str(text).ok()),
    }
}

/// `[group.name for group in … if …]`; nobody has an entitlement.
fn list(state: &State, text: &str, user: &User) -> Option<Value> {
    let inside = text.strip_prefix('[')?.strip_suffix(']')?;
    if inside.starts_with("entitlement.name for entitlement in request.user.app_entitlements(") {
        return Some(json!([]));
    }
    let inside = inside.strip_prefix("group.name for group in ")?;
    let (source, condition) =
        inside.split_once(" if ").map_or((inside, None), |(s, c)| (s, Some(c)));
    let mut names = if source == ALL {
        groups_of(state, user.pk).into_iter().map(|group| group.name.clone()).collect()
    } else if DIRECT.contains(&source) {
        direct_groups(state, user)
    } else {
        return None;
    };
    match condition {
        None => {}
        Some(condition) => {
            if let Some(prefix) = condition.strip_prefix("group.name.startswith(") {
                let prefix: String = serde_json::from_str(prefix.strip_suffix(')')?).ok()?;
                names.retain(|name| name.starts_with(&prefix));
            } else {
                let allowed = condition.strip_prefix("group.name in ")?;
                let allowed: Vec<String> = serde_json::from_str(allowed).ok()?;
                names.retain(|name| allowed.contains(name));
            }
        }
    }
    Some(json!(names))
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    fn given(expression: &str) -> Map<String, Value> {
        let mut state = State::empty(Release::V2026_5, SystemTime::UNIX_EPOCH);
        let user = state.add_user("alice").clone();
        let parent = state.add_group("nb-all").pk.clone();
        let child = state.add_group("nb users, \"all\"");
        child.users.push(user.pk);
        child.parents.push(parent);
        state.add_group("other").users.push(user.pk);
        evaluate(&state, expression, &user).unwrap_or_default()
    }

    #[test]
    fn groups_are_chosen_by_name_and_by_prefix() {
        let all = "return {\"groups\": [group.name for group in request.user.all_groups()";
        let of = |condition: &str| given(&format!("{all}{condition}]}}"))["groups"].clone();
        assert_eq!(of(" if group.name.startswith(\"nb-\")"), json!(["nb-all"]));
        let named = of(" if group.name in [\"nb users, \\\"all\\\"\", \"unknown\"]");
        assert_eq!(named, json!(["nb users, \"all\""]));
        assert_eq!(of("").as_array().unwrap().len(), 3);
    }

    #[test]
    fn what_is_not_known_gives_nothing() {
        let claims = given("return {\n    \"name\": request.user.name,\n    \"yes\": True,\n}");
        assert_eq!(Value::Object(claims), json!({ "name": "alice", "yes": true }));
        assert!(given("return {\"name\": request.user.name.upper()}").is_empty());
        assert!(given("import os\nreturn {}").is_empty());
    }

    #[test]
    fn lists_of_two_mappings_are_joined() {
        let mut claims = Map::from_iter([("groups".to_owned(), json!(["a"]))]);
        merge(&mut claims, Map::from_iter([("groups".to_owned(), json!(["a"]))]));
        assert_eq!(claims["groups"], json!(["a", "a"]));
    }
}
