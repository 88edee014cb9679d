//! Everything that was messages, and saying everything.

use std::fmt::Debug;
use std::sync::Mutex;

use authentik_netbird_core::{ApplyEvent, Client, Error, NetbirdIntegration, Outcome, Plan};

use crate::support::running::Running;

/// All that was messages.
#[derive(Default)]
pub(crate) struct Messages(pub(crate) Mutex<String>);

impl Messages {
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

    pub(crate) fn event(&self, event: &ApplyEvent) {
        self.debug(event);
    }

    pub(crate) fn outcome(&self, outcome: &Outcome) {
        self.debug(outcome);
        self.text(&outcome.report().to_string());
        let Some(outputs) = outcome.outputs() else { return };
        let env = outputs.netbird_env();
        self.debug(&env);
        self.text(&env.to_string());
        self.debug(&env.to_json());
        self.debug(&env.to_compose_env());
        self.debug(&env.merge_into("NETBIRD_IDP_MGMT_EXTRA_PASSWORD='old'\n"));
    }

    /// None of the secrets was messages, nor a piece of one.
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
pub(crate) async fn plan_and_apply(
    messages: &Messages,
    client: &Client,
    wanted: &NetbirdIntegration,
) {
    messages.debug(client);
    match client.plan(wanted).await {
        Err(error) => messages.error(&error),
        Ok(plan) => {
            messages.plan(&plan);
            match client.apply_with(&plan, |event| messages.event(&event)).await {
                Ok(outcome) => messages.outcome(&outcome),
                Err(error) => messages.error(&error),
            }
        }
    }
    match client.outputs(wanted).await {
        Ok(outputs) => messages.debug(&outputs),
        Err(error) => messages.error(&error),
    }
}

/// Every secret that a server knows.
pub(crate) fn secrets_of(running: &Running) -> Vec<String> {
    running.simulator.edit(|state| {
        let keys = state.tokens.iter().map(|token| token.key.to_string());
        let secrets = state.providers.iter().map(|provider| provider.client_secret.to_string());
        keys.chain(secrets).collect()
    })
}
