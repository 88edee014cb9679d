//! Replays the recordings of a real NetBird server against the simulator.
//!
//! The recordings are a continuous story: a setup, the account's settings, users, connectors.

use std::path::{Path, PathBuf};
use std::time::Duration;

use authentik_simulator::netbird::NetbirdSimulator;
use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::compare::problems;
use super::issuers;
use crate::conformance::{Identities, Recording, load};
use crate::support::client;

/// What the recorded server listened on, and what its issuer is made of.
const RECORDED_URL: &str = "http://127.0.0.1:8080";
const ADMIN: &str = "nbp_ADMINPAT00000000000000000000000000000";
const READER: &str = "nbp_USERPAT000000000000000000000000000000";
const OWNER: &str = "nbp_OWNERPAT00000000000000000000000000000";

/// What differs on purpose: recording, and why.
const ON_PURPOSE: [(u32, &str); 1] =
    [(83, "the address of the recorded server's name server is in the message")];

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/recordings/netbird")
}

/// The full set, beside the repository.
fn shared() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/recordings-netbird")
}

struct Stage {
    simulator: NetbirdSimulator,
    identities: Identities,
    client: Client,
    problems: Vec<String>,
}

impl Stage {
    fn new(is_set_up: bool, may_create_token: bool) -> Self {
        let simulator = NetbirdSimulator::builder()
            .public_url(RECORDED_URL)
            .token(OWNER)
            .set_up(is_set_up)
            .setup_pat_enabled(may_create_token)
            .issuer_timeout(Duration::from_secs(2))
            .route(issuers::RECORDED, &issuers::start())
            .start()
            .unwrap();
        Self {
            simulator,
            identities: Identities::default(),
            client: client(),
            problems: Vec::new(),
        }
    }

    async fn play(&mut self, recording: &Recording) {
        let request = &recording.request;
        let url = format!("{}{}", self.simulator.url(), self.identities.text(&request.path));
        let method = Method::from_bytes(request.method.as_bytes()).unwrap();
        let mut sent = self.client.request(method, url);
        for (name, value) in &request.headers {
            sent = sent.header(name, self.identities.text(value));
        }
        sent = match self.identities.body(&request.body) {
            Value::Null => sent,
            Value::String(text) => sent.body(text),
            other => sent.body(other.to_string()),
        };
        let response = sent.send().await.unwrap();
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));

        let mut found = Vec::new();
        if status != recording.response.status {
            found.push(format!("status: recorded {}, got {status}", recording.response.status));
        }
        for (name, value) in &recording.response.headers {
            let has = headers.get(name).and_then(|has| has.to_str().ok()).unwrap_or_default();
            if has != value {
                found.push(format!("header {name}: recorded {value:?}, got {has:?}"));
            }
        }
        found.extend(problems(&mut self.identities, &recording.response.body, &body));
        let is_on_purpose = ON_PURPOSE.iter().any(|(number, _)| *number == recording.number);
        assert!(!is_on_purpose || !found.is_empty(), "{} differs no longer", recording.file);
        if !is_on_purpose {
            let file = &recording.file;
            self.problems.extend(found.iter().map(|problem| format!("{file} {problem}")));
        }
    }

    /// What the recorded server was sent in between.
    async fn before(&mut self, number: u32) {
        match number {
            71 => {
                // Tokens of the service users: not recorded.
                for (name, token) in [("configurator", ADMIN), ("reader", READER)] {
                    self.service_user(name, token);
                }
            }
            93 => self.create("authentik", "ok/netbird/").await,
            105 => self.create("withid", "ok/withid/").await,
            139 => self.people(),
            134 => self.simulator.edit(|state| state.connectors.clear()),
            _ => {}
        }
    }

    fn service_user(&self, name: &str, token: &str) {
        self.simulator.edit(|state| {
            let known = state.users.iter().find(|user| user.name == name);
            let role = if name == "reader" { "user" } else { "admin" };
            let id = known.map(|user| user.id.clone());
            let id = id.unwrap_or_else(|| state.add_service_user(name, role).id.clone());
            state.add_token("token", &id, 30).token = token.into();
        });
    }

    /// Three logins of two people: one came twice, with two subject modes.
    fn people(&mut self) {
        let token = self.simulator.edit(|state| {
            let issuer = "http://127.0.0.1:9001/application/o/netbird-c/";
            let connector = state.add_connector("authentik", "authentik", issuer);
            connector.client_id = "drawn-by-authentik-1234".to_owned();
            let connector = connector.id.clone();
            for name in
                ["netbird users", "netbird admins", "other", "netbird fresh", "netbird fresh"]
            {
                state.add_group(name, "jwt");
            }
            let groups: Vec<String> = state.groups.iter().map(|group| group.id.clone()).collect();
            let groups = |at: [usize; 3]| at.map(|at| groups[at].clone()).to_vec();
            let hashed = "01c0b3a87f1cc126fca8ee5c506b71e8";
            for (subject, name, groups) in [
                ("6", "Alice Doe", groups([5, 2, 1])),
                (hashed, "Alice Doe", groups([2, 5, 1])),
                ("7", "Bob Doe", Vec::new()),
            ] {
                let user = state.add_user(subject, &connector, "user");
                let waits = subject != "6";
                (user.is_blocked, user.pending_approval) = (waits, waits);
                user.name = name.to_owned();
                let first = name.split(' ').next().unwrap().to_lowercase();
                user.email = format!("{first}@netbird.company");
                user.auto_groups = groups;
            }
            let bob = state.users.last().unwrap().id.clone();
            state.log_in(&bob)
        });
        self.identities.relearn("JWT-OF-A-USER", &token);
    }

    async fn create(&self, name: &str, issuer: &str) {
        let body = json!({
            "id": "chosen",
            "type": "authentik",
            "name": name,
            "issuer": format!("{}/{issuer}", issuers::RECORDED),
            "client_id": "netbird-client",
            "client_secret": "CLIENT-SECRET",
        });
        let token = self.identities.text(OWNER);
        let request = self
            .client
            .post(format!("{}/api/identity-providers", self.simulator.url()))
            .header("authorization", format!("Token {token}"))
            .body(body.to_string());
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
    }
}

/// Replays a folder's recordings; returns how many there were, and what differs.
async fn replay(folder: &Path) -> (usize, Vec<String>) {
    let recordings = load(folder);
    let mut problems = Vec::new();
    // A server from its setup on; one with users of a real authentik; one that creates no token in a setup.
    for (numbers, is_set_up, may_create_token) in
        [(1..=138, false, true), (139..=152, true, true), (153..=154, false, false)]
    {
        let mut stage = Stage::new(is_set_up, may_create_token);
        for recording in recordings.iter().filter(|one| numbers.contains(&one.number)) {
            stage.before(recording.number).await;
            stage.play(recording).await;
        }
        problems.extend(stage.problems);
    }
    (recordings.len(), problems)
}

#[tokio::test]
async fn the_recordings_in_the_repository() {
    let (count, problems) = replay(&fixtures()).await;
    assert!(count > 0 && problems.is_empty(), "of {count}:\n{}", problems.join("\n"));
}

#[tokio::test]
async fn everything_recorded() {
    let folder = shared();
    if !folder.is_dir() {
        println!("no recordings in {}: only the fixtures were replayed", folder.display());
        return;
    }
    let (count, problems) = replay(&folder).await;
    println!("{count} recordings of NetBird compared");
    assert!(problems.is_empty(), "of {count}:\n{}", problems.join("\n"));
}
