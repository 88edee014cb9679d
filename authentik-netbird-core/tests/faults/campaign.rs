//! Every fault at every request.

use std::sync::Arc;

use authentik_netbird_core::simulator::{Effect, Release};
use futures_util::StreamExt;

use crate::case::Case;
use crate::job::{JOBS, Scene};
use crate::spoil::{self, Spoil};

/// Cases under way at once: they wait more than they work.
const AT_ONCE: usize = 24;

/// Whether there is time for everything.
pub(crate) fn is_soak() -> bool {
    #[expect(clippy::disallowed_methods, reason = "a test's setting")]
    let set = std::env::var("AUTHENTIK_NETBIRD_SOAK");
    set.is_ok_and(|value| !value.is_empty())
}

/// Runs cases, all of them, and then says how many there were and which failed.
pub(crate) async fn run(what: &str, cases: Vec<Case>) {
    let count = cases.len();
    let failed: Vec<String> = futures_util::stream::iter(cases)
        .map(|case| async move {
            let name = case.name();
            let panic = tokio::spawn(Box::pin(case.run())).await.err()?.into_panic();
            let said = panic.downcast_ref::<String>().cloned();
            let said = said.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Some(format!("## {name}\n{}", said.unwrap_or_default()))
        })
        .buffer_unordered(AT_ONCE)
        .filter_map(|failed| async move { failed })
        .collect()
        .await;
    println!("{what}: fault_cases: {count}, fault_cases_failed: {}", failed.len());
    assert!(failed.is_empty(), "{} of {count} failed:\n{}", failed.len(), failed.join("\n"));
}

/// A run of some cases, to look at one: part of their names.
fn is_asked_for(case: &Case) -> bool {
    #[expect(clippy::disallowed_methods, reason = "a test's setting")]
    let part = std::env::var("AUTHENTIK_NETBIRD_CASE");
    part.is_ok_and(|part| !case.name().contains(&part))
}

async fn everywhere(release: Release) {
    let mut cases = Vec::new();
    for job in JOBS {
        let scene = Arc::new(Scene::new(job, release).await);
        for spoil in spoil::all() {
            for once in [true, false] {
                let places = places(&spoil, once, scene.requests);
                let case = |place| {
                    let spoils = vec![(place, spoil.clone())];
                    Case { scene: Arc::clone(&scene), spoils, once }
                };
                cases.extend(places.into_iter().map(case));
            }
        }
    }
    cases.retain(|case| !is_asked_for(case));
    run(&format!("every place, {release}"), cases).await;
}

/// Which requests a fault strikes at: each of them. What takes long, and again at every request from
/// there on, strikes at the first, in the middle and at the last.
fn places(spoil: &Spoil, once: bool, requests: u64) -> Vec<u64> {
    let takes_long = matches!(spoil.effect, Effect::Flood { .. } | Effect::EndlessPages);
    if takes_long && !once {
        vec![0, requests / 2, requests - 1]
    } else {
        (0..requests).collect()
    }
}

#[tokio::test]
async fn every_fault_at_every_request_of_2025_10() {
    everywhere(Release::V2025_10).await;
}

#[tokio::test]
async fn every_fault_at_every_request_of_2026_5() {
    everywhere(Release::V2026_5).await;
}
