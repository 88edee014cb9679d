//! Every fault at every request.

use std::ops::Range;
use std::sync::Arc;

use authentik_simulator::{Effect, Release};
use futures_util::StreamExt;

use super::case::Case;
use crate::support::faults::{self, FaultKind};
use crate::support::job::{JOBS, Scene};

/// Cases under way at once: they wait more than they work.
const AT_ONCE: usize = 48;
/// Whether there is time for many: a debug build takes five times as long for each.
pub(crate) const DENSE: bool = !cfg!(debug_assertions);
/// A debug build runs one of so many. A prime: no place and no fault is passed over for good.
const THINNED: usize = if DENSE { 1 } else { 23 };
/// The same of faults that last, in which a run is given up after much waiting.
const LASTING_THINNED: usize = if DENSE { 5 } else { 101 };

#[expect(clippy::disallowed_methods, reason = "a test's settings")]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Whether there is time for everything.
fn is_soak() -> bool {
    setting("AUTHENTIK_NETBIRD_SOAK").is_some()
}

/// The numbers of the cases that are asked for, as in `100000..200000`: a long campaign can be divided.
fn asked_range() -> Range<usize> {
    let Some(text) = setting("AUTHENTIK_NETBIRD_CASES") else { return 0..usize::MAX };
    let (from, to) = text.split_once("..").unwrap();
    let number =
        |text: &str, default| if text.is_empty() { default } else { text.parse().unwrap() };
    number(from, 0)..number(to, usize::MAX)
}

/// Runs one of so many cases, then says how many there were and which failed. In a soak all of them;
/// to look at one, `AUTHENTIK_NETBIRD_CASE` has a part of its name.
pub(crate) async fn run(what: &str, cases: impl Iterator<Item = Case>, one_of: usize) {
    let asked_for = setting("AUTHENTIK_NETBIRD_CASE");
    let one_of = if is_soak() || asked_for.is_some() { 1 } else { one_of };
    let is_asked_for =
        |case: &Case| asked_for.as_ref().is_none_or(|part| case.name().contains(part));
    let mut count = 0;
    let range = asked_range();
    let cases = cases.step_by(one_of).skip(range.start).take(range.len()).filter(is_asked_for);
    let cases = cases.inspect(|_| {
        count += 1;
        if count % 20_000 == 0 {
            println!("{what}: case {}", range.start + count);
        }
    });
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
    assert!(count > 0, "no case was run");
}

async fn everywhere(release: Release) {
    let (mut once, mut lasting) = (Vec::new(), Vec::new());
    for job in JOBS {
        let scene = Arc::new(Scene::new(job, release).await);
        for fault in faults::all() {
            let case = |place, once| {
                let faults = vec![(place, fault.clone())];
                Case { scene: Arc::clone(&scene), faults, once }
            };
            once.extend((0..scene.requests).map(|place| case(place, true)));
            lasting.extend(lasting_places(&fault, scene.requests).map(|place| case(place, false)));
        }
    }
    run(&format!("once, {release}"), once.into_iter(), THINNED).await;
    run(&format!("from then on, {release}"), lasting.into_iter(), LASTING_THINNED).await;
}

/// Where a fault that lasts begins. One that takes long: at the first request, in the middle and at
/// the last.
fn lasting_places(fault: &FaultKind, requests: u64) -> impl Iterator<Item = u64> {
    let takes_long = matches!(fault.effect, Effect::Flood { .. } | Effect::EndlessPages);
    let step = if takes_long { (requests - 1).div_ceil(2) } else { 1 };
    (0..requests).step_by(usize::try_from(step).unwrap())
}

#[tokio::test]
async fn every_fault_at_every_request_of_2025_10() {
    everywhere(Release::V2025_10).await;
}

#[tokio::test]
async fn every_fault_at_every_request_of_2026_5() {
    everywhere(Release::V2026_5).await;
}

#[tokio::test]
async fn every_fault_at_every_request_of_2024_12() {
    if is_soak() {
        everywhere(Release::V2024_12).await;
    }
}
