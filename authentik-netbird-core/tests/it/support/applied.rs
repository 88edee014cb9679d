//! A server that is set up for NetBird, and what a verification of it must find.

use std::time::Duration;

use authentik_netbird_core::outputs::Outputs;
use authentik_netbird_core::verify::{CheckName, CheckStatus, NetbirdSettings, verify};
use authentik_netbird_core::{Client, ConnectionOptions, NetbirdIntegration, Verification};
use authentik_simulator::{Provider, Release, Simulator, State};

use super::running::{Running, start_with};

pub(crate) const RELEASES: [Release; 5] = Release::ALL;

/// A server that is set up, and what came of it.
pub(crate) struct Applied {
    pub(crate) running: Running,
    pub(crate) outputs: Outputs,
}

pub(crate) async fn applied(release: Release) -> Applied {
    let running = start_with(release, ConnectionOptions::new().retry_timeout(Duration::ZERO));
    let outputs = apply(&running.client, &running.wanted).await;
    running.simulator.clear_requests();
    Applied { running, outputs }
}

pub(crate) async fn apply(client: &Client, wanted: &NetbirdIntegration) -> Outputs {
    let plan = client.plan(wanted).await.unwrap();
    client.apply(&plan).await.unwrap().outputs().unwrap().clone()
}

impl Applied {
    pub(crate) fn simulator(&self) -> &Simulator {
        &self.running.simulator
    }

    /// Changes the state, and gives itself back.
    pub(crate) fn edit(self, change: impl FnOnce(&mut State)) -> Self {
        self.running.simulator.edit(change);
        self
    }

    /// Changes NetBird's provider.
    pub(crate) fn provider(self, change: impl FnOnce(&mut Provider)) -> Self {
        self.edit(|state| change(&mut state.providers[0]))
    }

    /// With the administrator's token.
    pub(crate) async fn verify(&self) -> Verification {
        self.running.client.verify(&self.running.wanted, &self.outputs).await.unwrap()
    }

    /// From the setup.env alone.
    pub(crate) async fn verify_setup_env(&self) -> Verification {
        let text = self.outputs.netbird_env().to_setup_env().unwrap();
        verify_text(text.expose()).await
    }

    /// Both ways: this check fails with these words, and no other one does.
    pub(crate) async fn fails(&self, name: CheckName, texts: &[&str]) {
        fails(&self.verify().await, name, texts);
        fails(&self.verify_setup_env().await, name, texts);
    }
}

pub(crate) async fn verify_text(text: &str) -> Verification {
    let settings = NetbirdSettings::parse(text);
    let options = ConnectionOptions::new().retry_timeout(Duration::ZERO);
    verify(&settings, &options).await.unwrap()
}

/// The names of the checks with a status, but for the warning that both share a client, as in the guide.
pub(crate) fn names(verification: &Verification, status: CheckStatus) -> Vec<CheckName> {
    let names = verification.with(status).map(|check| check.name);
    names.filter(|name| (*name, status) != (CheckName::ApiClient, CheckStatus::Warn)).collect()
}

/// This check has this status, with these words; no other check fails or warns.
#[track_caller]
pub(crate) fn only(
    verification: &Verification,
    status: CheckStatus,
    name: CheckName,
    texts: &[&str],
) {
    for bad in [CheckStatus::Fail, CheckStatus::Warn] {
        let expected = if bad == status { vec![name] } else { Vec::new() };
        assert_eq!(names(verification, bad), expected, "{bad}\n{verification}");
    }
    let check = verification.get(name).unwrap();
    let said = check.to_string();
    assert!(check.hint.as_ref().is_some_and(|hint| !hint.is_empty()), "{said}");
    for text in texts {
        assert!(said.contains(text), "\"{text}\" is not in: {said}");
    }
}

#[track_caller]
pub(crate) fn fails(verification: &Verification, name: CheckName, texts: &[&str]) {
    only(verification, CheckStatus::Fail, name, texts);
    assert!(!verification.is_success());
}

#[track_caller]
pub(crate) fn warns(verification: &Verification, name: CheckName, texts: &[&str]) {
    only(verification, CheckStatus::Warn, name, texts);
    assert!(verification.clone().into_result().is_ok());
}

/// Nothing fails or warns, and nothing but these is skipped or unknown.
#[track_caller]
pub(crate) fn passes(verification: &Verification, unseen: &[CheckName]) {
    assert_eq!(names(verification, CheckStatus::Fail), [], "{verification}");
    assert_eq!(names(verification, CheckStatus::Warn), [], "{verification}");
    let is_unseen = |status| matches!(status, CheckStatus::Skipped | CheckStatus::Unknown);
    let all = verification.checks.iter().filter(|check| is_unseen(check.status));
    let names: Vec<CheckName> = all.map(|check| check.name).collect();
    assert_eq!(names, unseen, "{verification}");
}
