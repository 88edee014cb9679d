//! Every fault at every request.

use std::sync::Arc;

use authentik_simulator::{Effect, Release};

use super::case::Case;
use crate::support::cases::{self, IS_DENSE};
use crate::support::faults::{self, FaultKind};
use crate::support::is_soak;
use crate::support::job::{CONNECTOR_JOBS, JOBS, Job, Scene};

/// Cases under way at once: they wait more than they work.
pub(super) const AT_ONCE: usize = 48;
/// A debug build runs one of so many. A prime: no place and no fault is passed over for good.
const THINNED: usize = if IS_DENSE { 1 } else { 23 };
/// The same of faults that last, in which a run is given up after much waiting.
const LASTING_THINNED: usize = if IS_DENSE { 5 } else { 101 };

/// Of the defaults' first apply: it differs from least privilege in what it creates, and not in how.
const DEFAULTS_THINNED: usize = 5;

/// What the cases count as: those on authentik alone, and those over two servers.
const ALONE: &str = "fault_cases";
const CONNECTOR: &str = "connector_fault_cases";

async fn everywhere(release: Release) {
    of_jobs(release, &JOBS, ALONE, 1).await;
}

async fn of_jobs(release: Release, jobs: &[Job], counter: &str, thinned: usize) {
    let (mut once, mut lasting) = (Vec::new(), Vec::new());
    for &job in jobs {
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
    let what = format!("once, {release}");
    cases::run(&what, counter, AT_ONCE, THINNED * thinned, once.into_iter()).await;
    let what = format!("from then on, {release}");
    cases::run(&what, counter, AT_ONCE, LASTING_THINNED * thinned, lasting.into_iter()).await;
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

/// Of both servers, and between them: NetBird asks authentik, too.
#[tokio::test]
async fn every_fault_at_every_request_of_a_connector() {
    of_jobs(Release::V2026_5, &CONNECTOR_JOBS, CONNECTOR, 1).await;
}

#[tokio::test]
async fn every_fault_at_every_request_of_2026_5() {
    everywhere(Release::V2026_5).await;
}

#[tokio::test]
async fn faults_at_requests_of_the_defaults() {
    of_jobs(Release::V2026_5, &[Job::SeparateClient], ALONE, DEFAULTS_THINNED).await;
}

#[tokio::test]
async fn every_fault_at_every_request_of_2024_12() {
    if is_soak() {
        everywhere(Release::V2024_12).await;
    }
}
