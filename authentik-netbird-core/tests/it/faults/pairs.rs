//! Two faults in one run: the second one often meets the client while it sets right what the first
//! one did.

use std::sync::Arc;

use authentik_simulator::Release;

use super::case::Case;
use super::matrix::AT_ONCE;
use crate::support::cases::{self, IS_DENSE};
use crate::support::faults;
use crate::support::job::{Job, Scene};

/// Of three hundred thousand pairs one of so many, but for a soak. A prime: no place and no fault is
/// passed over for good.
const THINNED: usize = if IS_DENSE { 199 } else { 1_999 };

#[tokio::test]
async fn pairs_of_faults_in_a_first_apply() {
    let scene = Arc::new(Scene::new(Job::FirstApply, Release::V2026_5).await);
    // The second one may strike at a request that is there only because of the first.
    let last = scene.requests + 4;
    let places = (0..last).flat_map(|first| (first + 1..last).map(move |second| (first, second)));
    let all = places.flat_map(|(first, second)| {
        let scene = Arc::clone(&scene);
        faults::all().into_iter().flat_map(move |one| {
            let scene = Arc::clone(&scene);
            faults::all().into_iter().map(move |other| {
                let faults = vec![(first, one.clone()), (second, other)];
                Case { scene: Arc::clone(&scene), faults, once: true }
            })
        })
    });
    cases::run("pairs in a first apply", "fault_cases", AT_ONCE, THINNED, all).await;
}
