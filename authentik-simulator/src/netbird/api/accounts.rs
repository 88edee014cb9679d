//! `/api/accounts`

use serde::Deserialize;
use serde_json::{Value, json};

use super::body;
use crate::host::Request;
use crate::netbird::caller::Operation;
use crate::netbird::objects::{Account, User};
use crate::netbird::responses::{Reply, error, ok, unreadable};
use crate::netbird::settings::Settings;
use crate::netbird::state::State;
use crate::netbird::time;

#[derive(Deserialize)]
struct Sent {
    #[serde(default)]
    settings: Value,
    onboarding: Option<Onboarding>,
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Onboarding {
    onboarding_flow_pending: bool,
    signup_form_pending: bool,
}

pub(in crate::netbird) fn list(state: &mut State, _: &Request, caller: &User, _: &str) -> Reply {
    caller.may(Operation::Read)?;
    let account = state.accounts.iter().find(|account| account.id == caller.account);
    let list: Vec<Value> = account
        .iter()
        .map(|account| {
            let mut settings = account.settings.clone();
            settings.embedded_idp_enabled = state.options.is_embedded;
            // An account without a range has one that was drawn for it.
            let drawn = Settings::new("");
            settings.network_range = settings.network_range.or(drawn.network_range);
            settings.network_range_v6 = settings.network_range_v6.or(drawn.network_range_v6);
            show(account, &settings)
        })
        .collect();
    Ok(ok(&Value::Array(list)))
}

/// Replaces all settings. The response says that there is no embedded identity provider, whether
/// there is one or not.
pub(in crate::netbird) fn update(
    state: &mut State,
    request: &Request,
    caller: &User,
    id: &str,
) -> Reply {
    let sent: Sent = body(request)?;
    let sent_settings = if sent.settings.is_null() { json!({}) } else { sent.settings };
    let mut settings = Settings::read(&sent_settings).ok_or_else(unreadable)?;
    if caller.account != id {
        let text =
            "get peer count: failed to validate user permissions: user is not part of this account";
        return Err(error(500, text));
    }
    caller.may(Operation::Write)?;
    let groups = state.groups.iter().filter(|group| group.account == id);
    let groups: Vec<&str> = groups.map(|group| group.id.as_str()).collect();
    if let Some(problem) = settings.problem(&groups) {
        return Err(error(422, &problem));
    }
    let account = state.accounts.iter_mut().find(|account| account.id == id);
    let account = account.ok_or_else(|| error(404, "account not found"))?;
    if let Some(onboarding) = sent.onboarding {
        account.onboarding_flow_pending = onboarding.onboarding_flow_pending;
        account.signup_form_pending = onboarding.signup_form_pending;
    }
    for range in [&mut settings.network_range, &mut settings.network_range_v6] {
        *range = range.take().filter(|range| !range.is_empty());
    }
    settings.extra = settings.extra.or_else(|| account.settings.extra.clone());
    account.settings = settings;
    Ok(ok(&show(account, &account.settings)))
}

fn show(account: &Account, settings: &Settings) -> Value {
    json!({
        "created_at": time(account.created_at),
        "created_by": account.created_by,
        "domain": account.domain,
        "domain_category": account.domain_category,
        "id": account.id,
        "onboarding": {
            "onboarding_flow_pending": account.onboarding_flow_pending,
            "signup_form_pending": account.signup_form_pending,
        },
        "settings": settings,
    })
}
