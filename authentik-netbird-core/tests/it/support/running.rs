//! Running simulators, their client, and their state in a form that two runs can be compared by.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use authentik_netbird_core::client::ClientBuilder;
use authentik_netbird_core::{Client, ConnectionOptions, NetbirdIntegration};
use authentik_simulator::netbird::NetbirdSimulator;
use authentik_simulator::{Fault, LoggedRequest, Release, Simulator};
use serde_json::{Value, json};

pub(crate) struct Running {
    pub(crate) simulator: Simulator,
    /// NetBird's server, in the connector mode.
    pub(crate) netbird: Option<NetbirdSimulator>,
    pub(crate) client: Client,
    pub(crate) wanted: NetbirdIntegration,
}

/// Long enough that requests which are sent side by side overlap on a busy machine, too: round trips are counted.
pub(crate) const LATENCY: std::time::Duration = std::time::Duration::from_millis(200);

/// A simulator and a client of it with these settings.
pub(crate) fn start_with(release: Release, options: ConnectionOptions) -> Running {
    let simulator = Simulator::builder().release(release).start().unwrap();
    let builder = Client::builder(simulator.url()).token(simulator.token());
    let client = builder.options(options).build().unwrap();
    let wanted = crate::support::as_in_guide(simulator.url(), "netbird.company").build().unwrap();
    Running { simulator, netbird: None, client, wanted }
}

/// How long NetBird waits for authentik: longer than the latest answer of a fault that passes.
const ISSUER_TIMEOUT: Duration = Duration::from_secs(2);

pub(crate) fn start(release: Release) -> Running {
    start_with(release, ConnectionOptions::new())
}

/// Waits until this many connections are open: when the clients of the others are gone, what they sent is answered.
pub(crate) async fn until_connections(simulator: &Simulator, number: usize) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while simulator.open_connections() > number {
        assert!(Instant::now() < deadline, "connections: {}", simulator.open_connections());
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

impl Running {
    /// How many connections each server has.
    pub(crate) fn connections(&self) -> (usize, usize) {
        let netbird = self.netbird.as_ref().map(NetbirdSimulator::open_connections);
        (self.simulator.open_connections(), netbird.unwrap_or_default())
    }

    /// The same with NetBird's server.
    pub(crate) fn with_netbird(self) -> Self {
        let netbird = NetbirdSimulator::builder().issuer_timeout(ISSUER_TIMEOUT).start().unwrap();
        let mut running = Self { netbird: Some(netbird), ..self };
        running.client = running.builder().build().unwrap();
        running
    }

    /// A client of all servers.
    pub(crate) fn builder(&self) -> ClientBuilder {
        let builder = Client::builder(self.simulator.url()).token(self.simulator.token());
        match &self.netbird {
            Some(netbird) => builder.netbird(netbird.url(), netbird.token()),
            None => builder,
        }
    }

    /// The requests to all servers: authentik's first, each in their order.
    pub(crate) fn requests(&self) -> Vec<LoggedRequest> {
        let netbird = self.netbird.as_ref().map(NetbirdSimulator::requests).unwrap_or_default();
        [self.simulator.requests(), netbird].concat()
    }

    /// The requests to one of the servers.
    pub(crate) fn requests_to(&self, is_netbirds: bool) -> Vec<LoggedRequest> {
        match self.netbird.as_ref().filter(|_| is_netbirds) {
            Some(netbird) => netbird.requests(),
            None => self.simulator.requests(),
        }
    }

    /// Adds a fault to one of the servers.
    pub(crate) fn add_fault(&self, fault: Fault, is_netbirds: bool) {
        match self.netbird.as_ref().filter(|_| is_netbirds) {
            Some(netbird) => netbird.add_fault(fault),
            None => self.simulator.add_fault(fault),
        }
    }

    pub(crate) fn clear_requests(&self) {
        self.simulator.clear_requests();
        self.netbird.as_ref().map(NetbirdSimulator::clear_requests).unwrap_or_default();
    }

    pub(crate) fn clear_faults(&self) {
        self.simulator.clear_faults();
        self.netbird.as_ref().map(NetbirdSimulator::clear_faults).unwrap_or_default();
    }

    pub(crate) fn set_jitter(&self, max_wait: Duration, seed: u64) {
        self.simulator.set_jitter(max_wait, seed);
        if let Some(netbird) = &self.netbird {
            netbird.set_jitter(max_wait, seed);
        }
    }

    /// The state of all servers, as [`comparable`].
    pub(crate) fn comparable(&self) -> Value {
        let mut state = comparable(&self.simulator);
        if let Some(netbird) = &self.netbird {
            state["netbird"] = self.comparable_netbird(netbird);
        }
        state
    }

    /// What NetBird has: its connectors beside authentik's client, and the account's settings.
    fn comparable_netbird(&self, netbird: &NetbirdSimulator) -> Value {
        let client = self.simulator.edit(|state| {
            let provider = state.providers.iter().find(|provider| provider.name == "NetBird");
            provider.map(|one| (one.client_id.clone(), one.client_secret.to_string()))
        });
        let issuer = format!("{}/application/o/netbird/", self.simulator.url());
        netbird.edit(|state| {
            let connectors = state.connectors.iter().map(|one| {
                let has = Some((one.client_id.clone(), one.client_secret.to_string()));
                json!({
                    "name": one.name,
                    "type": one.kind,
                    "has_the_issuer": one.issuer == issuer,
                    "has_the_client": has == client,
                })
            });
            let connectors: Vec<Value> = connectors.collect();
            let accounts = state.accounts.iter().map(|account| json!(account.settings));
            connectors.into_iter().chain(accounts).collect()
        })
    }

    /// Whether NetBird's connector has the secret of authentik's client.
    pub(crate) fn netbird_has_the_secret(&self) -> bool {
        let state = self.comparable();
        let entries = state["netbird"].as_array().into_iter().flatten();
        entries.filter_map(|one| one["has_the_client"].as_bool()).all(|has| has)
    }

    /// Compares the state of all servers with one in that form.
    #[track_caller]
    pub(crate) fn is_as_undisturbed(&self, undisturbed: &Value, when: &str) {
        compare(&self.comparable(), undisturbed, when);
    }

    /// Requests that ask for a change.
    pub(crate) fn writes(&self) -> usize {
        self.requests().iter().filter(|request| request.is_write()).count()
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
    compare(&comparable(simulator), undisturbed, when);
}

#[track_caller]
fn compare(state: &Value, undisturbed: &Value, when: &str) {
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
