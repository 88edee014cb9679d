//! Known secrets, driven through everything that prints: none may come out.
//!
//! The token, the app password that the server makes, one that someone set, the client secret, and
//! passwords in URLs; through Debug and Display of everything public, plans as JSON, and the trace
//! of this crate and of the HTTP library, with servers that echo what they should not.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "clippy.toml allows them in tests, but knows no helper of a test"
)]

#[path = "canary/echo.rs"]
mod echo;
#[path = "canary/proxy.rs"]
mod proxy;
#[path = "canary/record.rs"]
mod record;
#[path = "common/running.rs"]
mod running;
mod story;

use std::fmt::Debug;
use std::sync::Mutex;

use authentik_netbird_core::simulator::Release;
use authentik_netbird_core::{Client, Error, Event, NetbirdIntegration, Outcome, Plan, Secret};
use running::start;

/// All that was said.
#[derive(Default)]
pub(crate) struct Said(Mutex<String>);

impl Said {
    pub(crate) fn text(&self, text: &str) {
        let mut all = self.0.lock().unwrap();
        all.push_str(text);
        all.push('\n');
    }

    pub(crate) fn debug(&self, value: &impl Debug) {
        self.text(&format!("{value:?}\n{value:#?}"));
    }

    pub(crate) fn error(&self, error: &Error) {
        self.debug(error);
        self.text(&format!("{error}\n{}\n{:?}", error.chain(), error.hint()));
        let mut source = std::error::Error::source(error);
        while let Some(inner) = source {
            self.text(&format!("{inner} {inner:?} {inner:#?}"));
            source = inner.source();
        }
    }

    pub(crate) fn plan(&self, plan: &Plan) {
        self.debug(plan);
        self.text(&format!("{plan}\n{}", plan.to_json()));
        plan.operations.iter().for_each(|operation| self.text(&operation.to_string()));
    }

    pub(crate) fn event(&self, event: &Event) {
        self.debug(event);
    }

    pub(crate) fn outcome(&self, outcome: &Outcome) {
        let env = outcome.outputs().netbird_env();
        self.debug(outcome);
        self.debug(&env);
        self.text(&format!("{env}\n{}", outcome.report()));
        self.debug(&env.to_json());
        self.debug(&env.to_compose_env());
        self.debug(&env.merge_into("NETBIRD_IDP_MGMT_EXTRA_PASSWORD='old'\n"));
    }

    /// None of the secrets was said, nor a piece of one.
    #[track_caller]
    pub(crate) fn keeps(&self, secrets: &[String], what: &str) {
        let all = self.0.lock().unwrap();
        assert!(!all.is_empty());
        for secret in secrets {
            let piece = &secret[..secret.len().min(12)];
            if let Some(at) = all.find(piece) {
                let start = all[..at].char_indices().rev().nth(200).map_or(0, |(at, _)| at);
                panic!("{what}: {piece} of a secret is in:\n{}", &all[start..at + piece.len()]);
            }
        }
    }
}

/// Plans and applies, and says everything on the way.
pub(crate) async fn plan_and_apply(said: &Said, client: &Client, wanted: &NetbirdIntegration) {
    said.debug(client);
    match client.plan(wanted).await {
        Err(error) => said.error(&error),
        Ok(plan) => {
            said.plan(&plan);
            match client.apply_with(&plan, |event| said.event(&event)).await {
                Ok(outcome) => said.outcome(&outcome),
                Err(error) => said.error(&error),
            }
        }
    }
    match client.outputs(wanted).await {
        Ok(outputs) => said.debug(&outputs),
        Err(error) => said.error(&error),
    }
}

/// Every secret that a server knows.
pub(crate) fn secrets_of(running: &running::Running) -> Vec<String> {
    running.simulator.edit(|state| {
        let keys = state.tokens.iter().map(|token| token.key.expose().to_owned());
        let secrets =
            state.providers.iter().map(|provider| provider.client_secret.expose().to_owned());
        keys.chain(secrets).collect()
    })
}

#[tokio::test]
async fn when_all_goes_well() {
    record::start();
    for release in [Release::V2024_12, Release::V2025_10, Release::V2026_5] {
        let running = start(release);
        let said = Said::default();
        plan_and_apply(&said, &running.client, &running.wanted).await;
        plan_and_apply(&said, &running.client, &running.wanted).await;
        let mut secrets = secrets_of(&running);
        // A password that someone set, in no shape that could be known.
        running.simulator.edit(|state| {
            let token = state.tokens.iter_mut().find(|token| token.intent == "app_password");
            token.unwrap().key = Secret::from("correct horse battery staple");
        });
        plan_and_apply(&said, &running.client, &running.wanted).await;
        secrets.push("correct horse battery staple".to_owned());
        assert!(secrets.len() >= 4, "{}", secrets.len());
        said.keeps(&secrets, "when all goes well");
        record::keeps(&secrets);
    }
    assert!(record::targets().iter().any(|target| target.starts_with("authentik_netbird_core")));
    println!("who traces: {:?}", record::targets());
}

#[test]
fn settings_that_are_refused_are_not_repeated() {
    let said = Said::default();
    let secrets = ["canary-password", "canary-token value"].map(str::to_owned);
    for url in [
        "https://jane:canary-password@authentik.company",
        "https://jane:canary-password@authentik.company:99999",
        "https://jane:canary-password@auth entik",
        "ftp://jane:canary-password@authentik.company",
        "jane:canary-password@authentik.company",
        "http://authentik.company/?key=canary-password",
        "https://authentik.company/#canary-password",
    ] {
        let builder = Client::builder(url).token("canary-token value").ca_certificates("no");
        said.debug(&builder);
        said.error(&builder.build().unwrap_err());
        let builder = NetbirdIntegration::builder(url, url).launch_url(url);
        said.debug(&builder);
        said.error(&builder.build().unwrap_err());
    }
    said.keeps(&secrets, "refused settings");
}
