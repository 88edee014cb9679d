//! `setup.env` as NetBird reads it: sourced by bash under `set -e`, merged into what was there, and
//! written so that nothing can be lost or seen.

mod bash;
#[cfg(unix)]
mod configure_commands;
mod diff;
mod forms;
mod guide;
mod merge;
mod merge_refused;
mod read;
mod secrets;
mod shared_folder;
#[cfg(feature = "client")]
mod states;
#[cfg(unix)]
mod write;

use std::collections::BTreeMap;

use authentik_netbird_core::Secret;

use crate::support::sourced::sourced;
use authentik_netbird_core::outputs::{
    AccountOutputs, NetbirdEnv, Outputs, VariableValue, parse_setup_env,
};

const CANARY: &str = "c4n4ry-9f8e7d6c5b4a";

fn outputs() -> Outputs {
    let url = "https://authentik.company".parse().unwrap();
    let mut outputs = Outputs::new(url, "netbird.company", "netbird".into(), "5JXuw0qD".into());
    outputs.account = Some(account("NetBird", Some(CANARY)));
    outputs
}

fn account(username: &str, password: Option<&str>) -> AccountOutputs {
    let mut account = AccountOutputs::new(username);
    account.app_password = password.map(Into::into);
    account
}

fn env() -> NetbirdEnv {
    outputs().netbird_env()
}

/// The same, as after a run that found everything done.
fn env_without_password() -> NetbirdEnv {
    let mut outputs = outputs();
    outputs.account = Some(account("NetBird", None));
    outputs.netbird_env()
}

fn text(value: &VariableValue) -> String {
    match value {
        VariableValue::Text(text) => text.clone(),
        VariableValue::Boolean(value) => value.to_string(),
        VariableValue::Number(value) => value.to_string(),
        VariableValue::Secret(secret) => secret.expose().to_owned(),
        other => panic!("{other:?} has no text"),
    }
}

/// Names and texts of all variables, in order.
fn pairs(env: &NetbirdEnv) -> Vec<(String, String)> {
    env.variables().iter().map(|found| (found.name.to_owned(), text(&found.value))).collect()
}

/// What the library reads; `?` for a value that bash would have to work out.
fn parsed(setup_env: &str) -> BTreeMap<String, String> {
    let text = |value: Option<Secret>| value.map_or("?".to_owned(), |it| it.expose().to_owned());
    let values = parse_setup_env(setup_env).unwrap_or_else(|error| panic!("{error}\n{setup_env}"));
    values.into_iter().map(|(name, value)| (name, text(value))).collect()
}

/// Asserts that bash gets every variable of `env` from `setup_env`.
fn assert_sourced(setup_env: &str, env: &NetbirdEnv) {
    let names: Vec<&str> = env.variables().iter().map(|variable| variable.name).collect();
    let found = sourced(setup_env, &names).unwrap_or_else(|error| panic!("{error}\n{setup_env}"));
    for (variable, found) in env.variables().iter().zip(found) {
        assert_eq!(found, Some(text(&variable.value)), "{}\n{setup_env}", variable.name);
    }
}
