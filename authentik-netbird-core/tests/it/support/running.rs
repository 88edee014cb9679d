//! A running simulator, its client, and its state in a form that two runs can be compared by.

use std::collections::BTreeMap;

use authentik_netbird_core::{Client, ConnectionOptions, NetbirdIntegration};
use authentik_simulator::{Release, Simulator};
use serde_json::{Value, json};

pub(crate) struct Running {
    pub(crate) simulator: Simulator,
    pub(crate) client: Client,
    pub(crate) wanted: NetbirdIntegration,
}

/// A simulator and a client of it with these settings.
pub(crate) fn start_with(release: Release, options: ConnectionOptions) -> Running {
    let simulator = Simulator::builder().release(release).start().unwrap();
    let builder = Client::builder(simulator.url()).token(simulator.token());
    let client = builder.options(options).build().unwrap();
    let wanted = crate::support::as_in_guide(simulator.url(), "netbird.company").build().unwrap();
    Running { simulator, client, wanted }
}

pub(crate) fn start(release: Release) -> Running {
    start_with(release, ConnectionOptions::new())
}

impl Running {
    /// Requests that ask for a change.
    pub(crate) fn writes(&self) -> usize {
        self.simulator.requests().iter().filter(|request| request.is_write()).count()
    }

    /// How often a request with this method came for a path with this text in it.
    pub(crate) fn count(&self, method: &str, path: &str) -> usize {
        let is_it = |method_of: &str, path_of: &str| method_of == method && path_of.contains(path);
        let requests = self.simulator.requests();
        requests.iter().filter(|request| is_it(&request.method, &request.path)).count()
    }
}

/// Keys, secrets and times: each run has its own.
const OWN: [&str; 14] = [
    "expires",
    "uuid",
    "num_pk",
    "policybindingmodel_ptr_id",
    "key",
    "client_id",
    "client_secret",
    "date_joined",
    "password_change_date",
    "last_updated",
    "last_login",
    "expiry",
    "issued",
    "counters",
];

/// The whole state with names in place of primary keys, and lists in a stable order.
pub(crate) fn comparable(simulator: &Simulator) -> Value {
    let mut dump = simulator.dump();
    let mut names = BTreeMap::new();
    for (list, entries) in dump.as_object().unwrap() {
        for entry in entries.as_array().into_iter().flatten() {
            // Bindings have no name of their own.
            let name = ["slug", "username", "identifier", "name", "domain"]
                .iter()
                .find_map(|field| entry.get(field).and_then(Value::as_str))
                .unwrap_or_default();
            for field in ["pk", "brand_uuid"] {
                if let Some(key) = entry.get(field) {
                    // Numbers of users and of providers are told apart by the field they are in.
                    let kind = if key.is_number() { list.trim_end_matches('s') } else { "" };
                    names.insert(format!("{kind}{key}"), format!("{list} {name}"));
                }
            }
        }
    }
    rename(&mut dump, "", &names);
    dump
}

/// Compares the whole state with one in that form.
#[track_caller]
pub(crate) fn is_as_undisturbed(simulator: &Simulator, undisturbed: &Value, when: &str) {
    let state = comparable(simulator);
    for (list, entries) in state.as_object().unwrap() {
        let undisturbed = &undisturbed[list];
        let only = |some: &Value, others: &Value| {
            let others = others.as_array().cloned().unwrap_or_default();
            let some = some.as_array().into_iter().flatten();
            some.filter(|one| !others.contains(one)).cloned().collect::<Value>()
        };
        assert!(
            entries == undisturbed,
            "{when} {list}\n   has {}\nhas not {}",
            only(entries, undisturbed),
            only(undisturbed, entries),
        );
    }
}

fn rename(value: &mut Value, field: &str, names: &BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            fields.retain(|field, _| !OWN.contains(&field.as_str()));
            for (inner, value) in fields {
                let kind = if inner == "pk" { field } else { inner };
                rename(value, kind, names);
            }
        }
        Value::Array(values) => {
            for value in values.iter_mut() {
                rename(value, field, names);
            }
            values.sort_by_key(Value::to_string);
        }
        other => {
            let kind = if other.is_number() { field.trim_end_matches('s') } else { "" };
            if let Some(name) = names.get(&format!("{kind}{other}")) {
                *other = json!(name);
            }
        }
    }
}
