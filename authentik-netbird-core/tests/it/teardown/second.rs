//! A second NetBird on the same authentik: it goes on working, and nothing of it is touched.

use authentik_netbird_core::{NetbirdIntegration, NetbirdIntegrationBuilder};
use authentik_simulator::Release;
use serde_json::Value;

use super::{ALL, RELEASES, dump, set_up, tear_down, writes};
use crate::support::running::{Running, start};
use crate::support::story::{self, Server};

fn second(running: &Running) -> NetbirdIntegrationBuilder {
    crate::support::as_in_guide(running.simulator.url(), "second.company")
        .application_name("Second")
        .application_slug("second")
        .provider_name("Second")
        .service_account_name("Second")
}

/// The second one's own objects, and all that it shares with others.
fn of_second(state: &Value) -> Vec<Value> {
    let mut objects = Vec::new();
    for (list, field, name) in [
        ("providers", "name", "Second"),
        ("applications", "slug", "second"),
        ("users", "username", "Second"),
        ("tokens", "identifier", "service-account-second-password"),
        ("flows", "slug", "default-device-code-flow"),
        ("brands", "domain", "authentik-default"),
    ] {
        let entries = state[list].as_array().unwrap();
        let found = entries.iter().find(|entry| entry[field] == name);
        objects.push(found.unwrap_or_else(|| panic!("no {name} in {list}")).clone());
    }
    objects
}

async fn works(running: &Running, wanted: &NetbirdIntegration) {
    let plan = running.client.plan(wanted).await.unwrap();
    assert!(!plan.has_changes(), "{plan}");
    let server = Server::new(running.simulator.url(), running.simulator.token());
    story::netbird_logs_in(&server, &running.client.outputs(wanted).await.unwrap()).await;
}

#[tokio::test]
async fn one_that_was_there_before_stays_exactly_as_it_was() {
    for release in RELEASES {
        let running = start(release);
        let other = second(&running).build().unwrap();
        story::converge(&running.client, &other).await;
        let before = dump(&running.simulator);
        set_up(&running).await;
        let (plan, _) = tear_down(&running).await;
        assert_eq!(writes(&plan), ALL[..3], "{plan}");
        assert_eq!(dump(&running.simulator), before, "{release}");
        works(&running, &other).await;
    }
}

#[tokio::test]
async fn one_that_came_later_keeps_what_it_shares_and_the_last_one_takes_it_along() {
    for release in RELEASES {
        let running = start(release);
        let fresh = dump(&running.simulator);
        set_up(&running).await;
        let other = second(&running).build().unwrap();
        story::converge(&running.client, &other).await;
        let before = of_second(&dump(&running.simulator));
        let (plan, _) = tear_down(&running).await;
        assert_eq!(of_second(&dump(&running.simulator)), before, "{release}");
        works(&running, &other).await;
        let text = plan.to_string();
        for kept in [
            "kept: another NetBird may need it: provider \"Second\"",
            "kept: it uses the flow, which is still needed",
            "! another NetBird seems to be on this server (provider \"Second\")",
            "3 to delete, 0 to change, 2 kept.",
        ] {
            assert!(text.contains(kept), "{kept}: {text}");
        }

        let last = Running { wanted: other, ..running };
        let (plan, _) = tear_down(&last).await;
        assert_eq!(writes(&plan), ALL, "{plan}");
        assert_eq!(dump(&last.simulator), fresh, "{release}");
    }
}

/// Nothing stops two NetBirds from sharing an account: without it the other one's logins all fail.
#[tokio::test]
async fn an_account_that_the_other_one_reads_users_with_is_kept() {
    let running = start(Release::V2026_5);
    set_up(&running).await;
    let other = second(&running).service_account_name("NetBird").build().unwrap();
    story::converge(&running.client, &other).await;
    let (plan, _) = tear_down(&running).await;
    assert_eq!(writes(&plan), ["application", "provider"], "{plan}");
    assert!(plan.to_string().contains("as there is no other service account"), "{plan}");
    works(&running, &other).await;
}

/// The wrong domain is asked for, and every name is left at its default.
#[tokio::test]
async fn a_teardown_of_another_domain_touches_nothing() {
    let running = start(Release::V2026_5);
    set_up(&running).await;
    // Other accounts on the server do not make ours any freer.
    running.simulator.edit(|state| state.add_user("jenkins").kind = "service_account".to_owned());
    let before = dump(&running.simulator);
    let url = running.simulator.url();
    let wanted = crate::support::as_in_guide(url, "other.company").build().unwrap();
    let plan = running.client.plan_teardown(&wanted).await.unwrap();
    assert!(!plan.has_changes(), "{plan}");
    assert!(plan.to_string().contains("lead to netbird.company, not to other.company"), "{plan}");
    assert!(
        plan.to_string().ends_with("Nothing to remove: everything found is still in use."),
        "{plan}"
    );
    running.client.apply(&plan).await.unwrap();
    assert_eq!(dump(&running.simulator), before);
}

/// The same, with another slug: the provider serves another application then.
#[tokio::test]
async fn a_teardown_by_another_slug_touches_nothing() {
    let running = start(Release::V2026_5);
    set_up(&running).await;
    let before = dump(&running.simulator);
    let builder = crate::support::as_in_guide(running.simulator.url(), "netbird.company");
    let wanted = builder.application_slug("vpn").build().unwrap();
    let plan = running.client.plan_teardown(&wanted).await.unwrap();
    assert!(!plan.has_changes(), "{plan}");
    assert!(plan.to_string().contains("it serves the application \"netbird\""), "{plan}");
    assert_eq!(dump(&running.simulator), before);
    works(&running, &running.wanted).await;
}
