//! `/api/groups`

use serde_json::{Value, json};

use crate::host::Request;
use crate::netbird::caller::Operation;
use crate::netbird::objects::User;
use crate::netbird::responses::{Reply, ok};
use crate::netbird::state::State;

pub(in crate::netbird) fn list(state: &mut State, _: &Request, caller: &User, _: &str) -> Reply {
    caller.may(Operation::Read)?;
    let groups = state.groups.iter().filter(|group| group.account == caller.account);
    let list: Vec<Value> = groups
        .map(|group| {
            json!({
                "id": group.id,
                "issued": group.issued,
                "name": group.name,
                "peers": null,
                "peers_count": 0,
                "resources": null,
                "resources_count": 0,
            })
        })
        .collect();
    Ok(ok(&Value::Array(list)))
}
