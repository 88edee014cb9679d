//! How NetBird takes in people who come with a token of its identity provider.

use serde_json::Value;

use super::objects::{Group, User};
use super::state::{LOCAL, State, connector_of, new_user};

/// The user of a token. New people join the account, where there is one to join.
pub(super) fn admit(state: &mut State, claims: &Value) -> Result<User, String> {
    let id = claims["sub"].as_str().unwrap_or_default().to_owned();
    if !state.users.iter().any(|user| user.id == id) {
        join(state, &id, claims);
    }
    let user = state.users.iter().find(|user| user.id == id).cloned();
    let user = user.ok_or_else(|| format!("user {id} not found"))?;
    if connector_of(&user).as_deref() != Some(LOCAL) {
        groups(state, &user, claims)?;
    }
    state
        .users
        .iter()
        .find(|user| user.id == id)
        .cloned()
        .ok_or_else(|| "user not found".to_owned())
}

/// Single-account mode: everybody joins the account with the domain. Without one everybody gets an account; the
/// first of them is the one to join, unless an account without a domain was there already.
fn join(state: &mut State, id: &str, claims: &Value) {
    let text = |name: &str| claims[name].as_str().unwrap_or_default().to_owned();
    let shared = state.accounts.iter().find(|account| !account.domain.is_empty());
    let mut user = if let Some(account) = shared {
        let extra = account.settings.extra.as_ref();
        let waits = extra.is_some_and(|extra| extra.user_approval_required);
        let mut user = new_user(id, &account.id, "user");
        (user.is_blocked, user.pending_approval) = (waits, waits);
        user
    } else {
        let is_single = state.accounts.is_empty();
        let account = state.add_account(id, is_single).id.clone();
        new_user(id, &account, "owner")
    };
    (user.email, user.name) = (text("email"), text("name"));
    state.users.push(user);
}

/// Lets in those who are in an allowed group, and gives users the groups of their token.
fn groups(state: &mut State, user: &User, claims: &Value) -> Result<(), String> {
    let account = state.accounts.iter().find(|account| account.id == user.account);
    let settings = account.map(|account| account.settings.clone()).unwrap_or_default();
    if !settings.jwt_groups_enabled {
        return Ok(());
    }
    let named = claims[settings.jwt_groups_claim_name.as_str()].as_array();
    let named: Vec<&str> = named.into_iter().flatten().filter_map(Value::as_str).collect();
    let allowed = &settings.jwt_allow_groups;
    if !allowed.is_empty() && !allowed.iter().any(|group| named.contains(&group.as_str())) {
        return Err("user does not belong to any of the allowed JWT groups".to_owned());
    }
    if settings.jwt_groups_claim_name.is_empty() {
        return Ok(());
    }
    let known: Vec<Group> =
        state.groups.iter().filter(|group| group.account == user.account).cloned().collect();
    let is_jwt = |id: &String| known.iter().any(|group| group.id == *id && group.issued == "jwt");
    let (has, mut kept): (Vec<String>, Vec<String>) =
        user.auto_groups.iter().cloned().partition(is_jwt);
    for name in named {
        let group = known.iter().find(|group| group.name == name);
        match group {
            Some(group) if group.issued != "jwt" => {}
            Some(group) if has.contains(&group.id) && kept.contains(&group.id) => {}
            Some(group) => kept.push(group.id.clone()),
            // A name that comes twice is created twice.
            None => {
                let id = state.new_id();
                kept.push(id.clone());
                state.groups.push(Group {
                    id,
                    account: user.account.clone(),
                    name: name.to_owned(),
                    issued: "jwt".to_owned(),
                });
            }
        }
    }
    if let Some(user) = state.users.iter_mut().find(|known| known.id == user.id) {
        user.auto_groups = kept;
    }
    Ok(())
}
