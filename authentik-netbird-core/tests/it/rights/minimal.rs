//! The permissions that docs/security.md lists: all of them are enough, and without any one of them nothing is
//! left half done.

use std::collections::BTreeSet;
use std::time::Duration;

use authentik_netbird_core::verify::{Check, CheckName, CheckStatus};
use authentik_netbird_core::{
    AppPasswordExpiry, Client, ConnectionOptions, ErrorKind, NetbirdIntegration,
    NetbirdIntegrationBuilder, Result,
};
use authentik_simulator::{Effect, Fault, FaultAnswer, LoggedRequest, Release, Simulator};

use super::preflight::{LOOK_UPS, client_with, nothing_written};
use super::start;
use crate::support::story::converge;

/// Permissions of the table after a line of the page that begins so.
fn documented(table: &str) -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/security.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (_, rest) = page.split_once(table).unwrap_or_else(|| panic!("{table}"));
    let rows = rest.lines().skip_while(|line| !line.starts_with('|'));
    let rows = rows.take_while(|line| line.starts_with('|')).skip(2);
    let mut permissions = Vec::new();
    for row in rows {
        let mut names = row.split('`').skip(1).step_by(2);
        let app = names.next().unwrap();
        permissions.extend(names.map(|name| format!("{app}.{name}")));
    }
    permissions
}

/// How far the token gets with these permissions, and whether what stops it is named.
async fn outcome(
    simulator: &Simulator,
    client: &Client,
    wanted: &NetbirdIntegration,
    missing: &str,
) -> &'static str {
    let plan = match client.plan(wanted).await {
        Ok(plan) => plan,
        Err(error) => {
            assert!(error.chain().contains(missing), "{missing}: {}", error.chain());
            assert!(nothing_written(simulator));
            return "not planned";
        }
    };
    if !plan.missing_permissions.is_empty() {
        assert_eq!(plan.missing_permissions, [missing], "{plan}");
        assert_eq!(client.apply(&plan).await.unwrap_err().kind(), ErrorKind::PermissionDenied);
        assert!(nothing_written(simulator));
        return "not applied";
    }
    client.apply(&plan).await.unwrap_or_else(|error| panic!("{missing}: {}", error.chain()));
    assert!(!client.plan(wanted).await.unwrap().has_changes());
    let rotate = || async {
        let rotation = client.plan_rotate(wanted, AppPasswordExpiry::Keep).await?;
        Ok(client.apply(&rotation).await?.outputs().unwrap().clone())
    };
    simulator.clear_requests();
    let rotated: Result<_> = rotate().await;
    let outputs = match rotated {
        Ok(outputs) => outputs,
        Err(error) => {
            assert!(error.chain().contains(missing), "{missing}: {}", error.chain());
            assert!(nothing_written(simulator), "{missing}");
            return "not rotated";
        }
    };
    let report = client.verify(wanted, &outputs).await.unwrap();
    assert!(report.with(CheckStatus::Fail).next().is_none(), "{missing}: {report}");
    if report.is_success() { "enough" } else { "not verified" }
}

async fn one_missing_at_a_time(
    table: &str,
    ask: impl Fn(NetbirdIntegrationBuilder) -> NetbirdIntegrationBuilder,
) -> Vec<(&'static str, usize)> {
    let all = documented(table);
    let mut outcomes = Vec::new();
    for missing in std::iter::once("none").chain(all.iter().map(String::as_str)) {
        let (simulator, _) = start(Release::V2026_5);
        let builder = NetbirdIntegration::builder(simulator.url(), "netbird.company");
        let wanted = ask(builder).build().unwrap();
        let has = all.iter().map(String::as_str).chain(LOOK_UPS).filter(|one| *one != missing);
        let client = client_with(&simulator, &has.collect::<Vec<_>>());
        let outcome = outcome(&simulator, &client, &wanted, missing).await;
        println!("{missing}: {outcome}");
        outcomes.push(outcome);
    }
    let kinds: BTreeSet<&str> = outcomes.iter().copied().collect();
    kinds
        .into_iter()
        .map(|kind| (kind, outcomes.iter().filter(|one| **one == kind).count()))
        .collect()
}

#[tokio::test]
async fn without_one_of_them_nothing_is_left_half_done() {
    let found = one_missing_at_a_time("With `as_in_guide`", |asked| asked.as_in_guide(true)).await;
    let refused = [("enough", 1), ("not applied", 8), ("not planned", 8), ("not rotated", 1)];
    assert_eq!(found, [&refused[..], &[("not verified", 1)]].concat());
    let found = one_missing_at_a_time("With the defaults", |asked| asked).await;
    // That release does not show who else has the account's rights.
    let refused =
        [("not applied", 12), ("not planned", 9), ("not rotated", 1), ("not verified", 1)];
    assert_eq!(found, refused);
}

/// 2026.5 fails to list what uses a group for everyone but administrators: asking once is enough.
#[tokio::test]
async fn what_a_release_hides_is_asked_for_once_and_said() {
    let (simulator, _) = start(Release::V2026_5);
    let wanted = NetbirdIntegration::builder(simulator.url(), "netbird.company").build().unwrap();
    let all = documented("With the defaults");
    let has: Vec<&str> = all.iter().map(String::as_str).chain(LOOK_UPS).collect();
    let client = client_with(&simulator, &has);
    let outcome = client.apply(&client.plan(&wanted).await.unwrap()).await.unwrap();
    simulator.clear_requests();
    let report = client.verify(&wanted, outcome.outputs().unwrap()).await.unwrap();
    let uses =
        |one: &&LoggedRequest| one.path.contains("/groups/") && one.path.contains("/used_by/");
    assert_eq!(simulator.requests().iter().filter(uses).count(), 1);
    let unknown: Vec<&Check> = report.with(CheckStatus::Unknown).collect();
    let [administration] = unknown[..] else { panic!("{report}") };
    assert_eq!(administration.name, CheckName::Administration);
    let text = "authentik shows only administrators who else has the rights of NetBird's account";
    assert_eq!(administration.message, text);

    // An administrator is shown everything: the same response is a failure of authentik.
    simulator.add_fault(Fault::new(Effect::Answer(FaultAnswer::empty(500))).on_path("/used_by/"));
    let quick = ConnectionOptions::new().retry_timeout(Duration::from_millis(50));
    let client = Client::builder(simulator.url()).token(simulator.token()).options(quick);
    let report = client.build().unwrap().verify(&wanted, outcome.outputs().unwrap()).await.unwrap();
    let administration = report.get(CheckName::Administration).unwrap();
    assert_eq!(administration.status, CheckStatus::Fail, "{report}");
}

/// Where the token's user may not look up its permissions, the plan says that they are unknown and which it
/// needs, or that some are missing for sure; what stops an apply is named.
#[tokio::test]
async fn what_is_unknown_is_said_and_completed_later() {
    for (table, in_guide) in [("With `as_in_guide`", true), ("With the defaults", false)] {
        let all = documented(table);
        let is_write = |one: &&String| !one.contains(".view_") && !one.contains("set_token_key");
        let mut outcomes = BTreeSet::new();
        for missing in all.iter().filter(is_write) {
            let (simulator, _) = start(Release::V2026_5);
            let builder = NetbirdIntegration::builder(simulator.url(), "netbird.company");
            let wanted = builder.as_in_guide(in_guide).build().unwrap();
            let has = all.iter().filter(|one| *one != missing).map(String::as_str);
            let client = client_with(&simulator, &has.collect::<Vec<_>>());
            let plan = client.plan(&wanted).await.unwrap();
            let text = plan.to_string();
            let is_unknown = text.contains("may not read all of its permissions");
            assert_ne!(is_unknown, text.contains("missing required permissions"), "{text}");
            assert!(text.contains(missing.as_str()), "{missing}: {text}");
            let error = client.apply(&plan).await.unwrap_err();
            assert!(error.chain().contains(missing.as_str()), "{missing}: {}", error.chain());
            let is_refused = error.kind() == ErrorKind::PermissionDenied;
            assert_eq!(is_refused, nothing_written(&simulator), "{missing}");
            simulator.edit(|state| {
                let role = state.roles.iter_mut().find(|role| role.name == "deployer").unwrap();
                role.permissions.insert(missing.clone());
            });
            let has_none = client.plan(&wanted).await.is_err_and(|error| {
                assert!(error.to_string().contains("set `adopt` to give it rights"), "{error}");
                true
            });
            outcomes.insert((is_refused, has_none.then_some(missing.as_str())));
            if !has_none {
                converge(&client, &wanted).await;
            }
        }
        assert_eq!(outcomes.into_iter().collect::<Vec<_>>(), [(false, None), (true, None)]);
    }
}
