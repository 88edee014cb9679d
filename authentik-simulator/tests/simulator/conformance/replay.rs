//! Sends what was recorded, and has the answers compared.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use authentik_simulator::{Release, Simulator};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::compare::Comparison;
use super::differences;
use super::identities::Identities;
use super::recording::Recording;
use super::scenes::{self, Scene};

/// The bootstrap token of the recorded servers.
fn bootstrap_token(release: Release) -> &'static str {
    match release {
        Release::V2026_5 => "ak26-bootstrap-token-0123456789abcdef",
        _ => "ADMIN-TOKEN",
    }
}

#[derive(Default)]
pub(crate) struct Report {
    pub(crate) compared: usize,
    pub(crate) on_purpose: usize,
    pub(crate) problems: Vec<String>,
}

/// Replays all recordings, scene by scene, each on a fresh simulator.
pub(crate) fn all(release: Release, recordings: &[Recording]) -> Report {
    let mut report = Report::default();
    for scene in scenes::scenes(release) {
        let Scene { numbers: (first, last), holds } = scene;
        let of_scene: Vec<&Recording> = recordings
            .iter()
            .filter(|recording| {
                (first..=last).contains(&recording.number)
                    && holds(&recording.file)
                    && differences::is_simulated(&recording.request.path)
            })
            .collect();
        let mut stage = Stage::new(release, recordings, &of_scene);
        for recording in &of_scene {
            scenes::before(&mut stage, recording);
            stage.play(recording, &mut report);
        }
    }
    report
}

/// A fresh simulator, and what is known about the ids on it.
pub(crate) struct Stage<'a> {
    pub(crate) release: Release,
    pub(crate) simulator: Simulator,
    pub(crate) identities: Identities,
    recordings: &'a [Recording],
    recorded_at: Option<SystemTime>,
    /// The recordings of the scene.
    numbers: BTreeSet<u32>,
    done: BTreeSet<u32>,
    runtime: tokio::runtime::Runtime,
    client: Client,
}

struct Response {
    status: u16,
    headers: reqwest::header::HeaderMap,
    text: String,
}

impl<'a> Stage<'a> {
    fn new(release: Release, recordings: &'a [Recording], of_scene: &[&Recording]) -> Self {
        // Without a TLS provider reqwest makes no client, also for plain HTTP.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let simulator =
            Simulator::builder().release(release).token(bootstrap_token(release)).start().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let mut stage = Self {
            release,
            simulator,
            identities: Identities::default(),
            recordings,
            recorded_at: of_scene.iter().filter_map(|r| latest(&r.response.body)).max(),
            numbers: of_scene.iter().map(|recording| recording.number).collect(),
            done: BTreeSet::new(),
            runtime,
            client,
        };
        let port = match release {
            Release::V2024_12 => "127.0.0.1:9455",
            Release::V2025_10 => "127.0.0.1:9454",
            Release::V2025_12 => "127.0.0.1:9453",
            Release::V2026_2 => "127.0.0.1:9452",
            _ => "127.0.0.1:9100",
        };
        let host = stage.simulator.url().trim_start_matches("http://").to_owned();
        stage.identities.relearn(port, &host);
        if release != Release::V2026_5 {
            stage.simulator.edit(|state| {
                let admin = state.users.iter_mut().find(|user| user.username == "akadmin");
                admin.unwrap().email = "admin@netbird.company".to_owned();
            });
        }
        stage.introduce();
        stage
    }

    /// Pairs what a fresh server has: every scene refers to it.
    fn introduce(&mut self) {
        for number in [12, 20, 26, 37, 43] {
            let found = self.recordings.iter().find(|recording| recording.number == number);
            let recording = found.unwrap_or_else(|| panic!("recording {number} is needed"));
            self.play(recording, &mut Report::default());
        }
    }

    fn play(&mut self, recording: &Recording, report: &mut Report) {
        let request = &recording.request;
        let path = self.identities.path(&request.path);
        let mut headers = request.headers.clone();
        if let Some(value) = headers.get_mut("Authorization") {
            *value = self.identities.text(value);
        }
        let body = self.shifted(&self.identities.body(&request.body));
        let response = self.exchange(&request.method, &path, &headers, &body);

        let mut comparison = Comparison {
            identities: &mut self.identities,
            recorded_at: self.recorded_at,
            now: SystemTime::UNIX_EPOCH,
            problems: Vec::new(),
        };
        comparison.now = self.simulator.edit(|state| state.now());
        compare(recording, &response, &mut comparison);
        report.compared += 1;
        for (path, problem) in comparison.problems {
            if differences::reason(self.release, recording.number, &path).is_some() {
                report.on_purpose += 1;
            } else {
                let release = self.release;
                report.problems.push(format!("{release} {} {path}: {problem}", recording.file));
            }
        }
    }

    /// Moves times that were sent: they are as far away as they were.
    fn shifted(&self, body: &Value) -> Value {
        let mut body = body.clone();
        let expires = body["expires"].as_str().map(|text| text.replace("+00:00", "Z"));
        let time = expires.and_then(|text| humantime::parse_rfc3339(&text).ok());
        if let (Some(time), Some(recorded_at)) = (time, self.recorded_at) {
            let now = self.now();
            let moved = match time.duration_since(recorded_at) {
                Ok(ahead) => now + ahead,
                Err(behind) => now - behind.duration(),
            };
            body["expires"] = json!(humantime::format_rfc3339_micros(moved).to_string());
        }
        body
    }

    fn exchange(
        &self,
        method: &str,
        path: &str,
        headers: &std::collections::BTreeMap<String, String>,
        body: &Value,
    ) -> Response {
        let url = format!("{}{path}", self.simulator.url());
        let mut request = self.client.request(Method::from_bytes(method.as_bytes()).unwrap(), url);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let form = headers.get("Content-Type").is_some_and(|kind| kind.contains("form-urlencoded"));
        request = match body {
            Value::Null => request,
            Value::String(text) => request.body(text.clone()),
            Value::Object(fields) if form => {
                let fields = fields.iter().map(|(k, v)| (k, v.as_str().unwrap_or_default()));
                let form = url::form_urlencoded::Serializer::new(String::new())
                    .extend_pairs(fields)
                    .finish();
                request.body(form)
            }
            other => request.body(other.to_string()),
        };
        self.runtime.block_on(async {
            let response = request.send().await.unwrap();
            Response {
                status: response.status().as_u16(),
                headers: response.headers().clone(),
                text: response.text().await.unwrap(),
            }
        })
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.simulator.edit(|state| state.now())
    }

    /// Whether something has to be done in place of a recording that is missing; said once.
    pub(crate) fn stands_in_for(&mut self, missing: u32) -> bool {
        !self.numbers.contains(&missing) && self.done.insert(missing)
    }

    /// A request that was not recorded. It has to succeed.
    pub(crate) fn send(&mut self, method: &str, path: &str, body: &Value) -> Value {
        let (brand, admins, child, device) = self.simulator.edit(|state| {
            let group = |name: &str| {
                let group = state.groups.iter().find(|group| group.name == name);
                group.map_or(String::new(), |group| group.pk.clone())
            };
            let device = state.flows.iter().find(|flow| flow.slug == "default-device-code-flow");
            (
                state.brands[0].brand_uuid.clone(),
                group("authentik Admins"),
                group("nb-child"),
                device.map_or(String::new(), |flow| flow.pk.clone()),
            )
        });
        let path =
            path.replace("BRAND", &brand).replace("ADMINS", &admins).replace("CHILD", &child);
        let body = match body {
            Value::Null => Value::Null,
            body => serde_json::from_str(&body.to_string().replace("DEVICE", &device)).unwrap(),
        };
        let mut headers = std::collections::BTreeMap::new();
        headers.insert(
            "Authorization".to_owned(),
            format!("Bearer {}", bootstrap_token(self.release)),
        );
        headers.insert("Content-Type".to_owned(), "application/json".to_owned());
        let response = self.exchange(method, &path, &headers, &body);
        assert!(response.status < 300, "{method} {path}: {} {}", response.status, response.text);
        serde_json::from_str(&response.text).unwrap_or_default()
    }

    pub(crate) fn post(&mut self, path: &str, body: &Value) {
        self.send("POST", path, body);
    }

    /// The key of a user.
    pub(crate) fn user(&self, username: &str) -> Option<u64> {
        let is_it = |user: &&authentik_simulator::User| user.username == username;
        self.simulator.edit(|state| state.users.iter().find(is_it).map(|user| user.pk))
    }

    pub(crate) fn patch(&mut self, path: &str, body: &Value) {
        self.send("PATCH", path, body);
    }

    pub(crate) fn service_account(&mut self, body: &Value) {
        self.post("/api/v3/core/users/service_account/", body);
    }

    /// A form that was not recorded.
    pub(crate) fn form(&mut self, path: &str, body: &Value) -> Value {
        let kind = "application/x-www-form-urlencoded".to_owned();
        let headers = [("Content-Type".to_owned(), kind)].into_iter().collect();
        let response = self.exchange("POST", path, &headers, body);
        serde_json::from_str(&response.text).unwrap()
    }

    /// The body of a recorded request, with the simulator's ids.
    pub(crate) fn sent_by(&self, number: u32) -> Value {
        let recording = self.recordings.iter().find(|recording| recording.number == number);
        self.identities.body(&recording.expect("a recorded request").request.body)
    }

    pub(crate) fn provider_flows(&self) -> (String, String) {
        let flow = |slug: &str| {
            self.simulator
                .edit(|state| state.flows.iter().find(|flow| flow.slug == slug).unwrap().pk.clone())
        };
        (
            flow("default-provider-authorization-explicit-consent"),
            flow("default-provider-invalidation-flow"),
        )
    }

    pub(crate) fn signing_key(&self) -> String {
        self.simulator.edit(|state| state.certificates[0].pk.clone())
    }

    /// The guide's five.
    pub(crate) fn mappings(&self) -> Vec<String> {
        self.simulator.edit(|state| {
            let wanted = ["openid", "email", "profile", "offline_access", "goauthentik.io/api"];
            let mappings = state.scope_mappings.iter();
            let mappings = mappings.filter(|m| wanted.contains(&m.scope_name.as_str()));
            mappings.map(|mapping| mapping.pk.clone()).collect()
        })
    }

    /// Pairs a recorded key with that of a token.
    pub(crate) fn pair_key(&mut self, recorded: &str, identifier: &str) {
        let key = self.simulator.edit(|state| {
            let token = state.tokens.iter().find(|token| token.identifier == identifier);
            token.map(|token| token.key.to_string())
        });
        // Without one the comparison fails.
        self.identities.relearn(recorded, &key.unwrap_or_default());
    }

    /// Pairs a recorded id with that of an application.
    pub(crate) fn pair_application(&mut self, recorded: &str, slug: &str) {
        let pk = self.simulator.edit(|state| {
            let application = state.applications.iter().find(|app| app.slug == slug);
            application.map(|application| application.pk.clone())
        });
        self.identities.relearn(recorded, &pk.unwrap_or_default());
    }

    /// A person agrees on the `/device` page.
    pub(crate) fn approve(&mut self, exchange: &Value) {
        let recorded = exchange["device_code"].as_str().unwrap_or_default();
        let device_code = self.identities.text(recorded);
        self.simulator.edit(|state| {
            let codes = &state.issued.device_codes;
            let code = codes.iter().find(|code| code.device_code == device_code);
            if let Some(user_code) = code.map(|code| code.user_code.clone()) {
                state.approve_device(&user_code, "akadmin");
            }
        });
    }
}

fn compare(recording: &Recording, response: &Response, comparison: &mut Comparison<'_>) {
    let recorded = &recording.response;
    if recorded.status != response.status {
        let text = format!("{} instead of {}: {}", response.status, recorded.status, response.text);
        comparison.problems.push(("status".to_owned(), text));
        return;
    }
    let header =
        |name: &str| response.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    let class = |kind: &str| kind.split(';').next().unwrap_or_default().trim().to_owned();
    let kind = recorded.headers.get("content-type").map(|kind| class(kind));
    if kind != header("content-type").map(|kind| class(&kind)) {
        let text = format!("{:?} instead of {kind:?}", header("content-type"));
        comparison.problems.push(("content-type".to_owned(), text));
    }
    for name in ["allow", "location", "www-authenticate", "cache-control", "vary"] {
        let wanted = recorded.headers.get(name).map(|value| comparison.identities.text(value));
        // The host in a query is escaped, once or twice.
        if wanted != header(name) {
            let text = format!("{:?} instead of {wanted:?}", header(name));
            comparison.problems.push((name.to_owned(), text));
        }
    }
    if kind.as_deref() == Some("application/json") {
        let simulated: Value = serde_json::from_str(&response.text).unwrap_or_default();
        comparison.body(&recorded.body, &simulated);
    } else if recorded.body.as_str().is_some_and(str::is_empty) != response.text.is_empty() {
        comparison.problems.push((String::new(), "one body is empty".to_owned()));
    }
}

/// The latest time at which something in an answer was changed: when the scene was recorded.
fn latest(body: &Value) -> Option<SystemTime> {
    let time = |key: &str, value: &Value| match (key, value) {
        ("date_joined" | "last_updated", Value::String(text)) => {
            humantime::parse_rfc3339(text).ok().map(|time| time + Duration::from_secs(1))
        }
        (_, other) => latest(other),
    };
    match body {
        Value::Object(fields) => fields.iter().filter_map(|(k, v)| time(k, v)).max(),
        Value::Array(items) => items.iter().filter_map(latest).max(),
        _ => None,
    }
}
