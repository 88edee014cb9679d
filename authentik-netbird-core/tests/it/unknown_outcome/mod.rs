//! Writes whose answers are lost, late, or not authentik's: every write of a first apply and of a
//! repair, with every fault. The report tells the truth, nothing is sent again that was done, and
//! the next run ends where an undisturbed one does.

mod case;
mod unread;
mod writes;

use crate::support::running::comparable;
use crate::support::story;
use authentik_simulator::{Effect, FaultAnswer, Release};
use case::{Case, Disturbance};
use futures_util::StreamExt;
use writes::{FIRST, REPAIR, Start};

/// Faults, and whether authentik had done its work when they struck.
fn faults() -> Vec<(Effect, bool)> {
    let busy = |after: &str| FaultAnswer::empty(429).header("retry-after", after);
    let gateway = FaultAnswer::html(502, "<html><title>502 Bad Gateway</title></html>");
    let failed = FaultAnswer::with_body(500, "application/json", r#"{"detail": "oops"}"#);
    let page = FaultAnswer::html(200, "<html><title>Please wait</title></html>");
    let busy_page = FaultAnswer::html(429, "<html><title>Slow down</title></html>");
    let cut_short = FaultAnswer::with_body(201, "application/json", r#"{"pk": "#);
    vec![
        (Effect::Cut, false),
        (Effect::Cut, true),
        (Effect::Hang, false),
        (Effect::Hang, true),
        (Effect::Answer(FaultAnswer::empty(405)), false),
        (Effect::Answer(FaultAnswer::empty(405)), true),
        (Effect::Answer(gateway.clone()), false),
        (Effect::Answer(gateway), true),
        (Effect::Answer(failed.clone()), false),
        (Effect::Answer(failed), true),
        (Effect::Answer(busy("0")), false),
        (Effect::Answer(busy("60")), false),
        (Effect::Answer(busy_page), false),
        (Effect::Answer(FaultAnswer::empty(408)), true),
        (Effect::Answer(page), true),
        (Effect::Truncate, true),
        (Effect::Answer(cut_short), true),
    ]
}

async fn all_cases(release: Release) {
    let mut cases = Vec::new();
    for (start, writes) in [(Start::Fresh, &FIRST[..]), (Start::Drifted, &REPAIR[..])] {
        let undisturbed = {
            let running = start.running(release).await;
            story::converge(&running.client, &running.wanted).await;
            comparable(&running.simulator)
        };
        for write in writes {
            let mut disturbances = vec![Disturbance::Race { same: true }];
            if write.method == "POST" {
                disturbances.push(Disturbance::Race { same: false });
            }
            for (effect, after) in faults() {
                for once in [true, false] {
                    let effect = effect.clone();
                    disturbances.push(Disturbance::Fault { effect, after, once });
                }
            }
            disturbances.push(Disturbance::Blind);
            cases.extend(disturbances.into_iter().map(|disturbance| Case {
                release,
                start,
                write: *write,
                disturbance,
                undisturbed: undisturbed.clone(),
            }));
        }
    }
    println!("{release}: {} cases", cases.len());
    futures_util::stream::iter(cases)
        .map(Case::run)
        .buffer_unordered(12)
        .collect::<Vec<()>>()
        .await;
}

#[tokio::test]
async fn on_2025_10() {
    all_cases(Release::V2025_10).await;
}

#[tokio::test]
async fn on_2026_5() {
    all_cases(Release::V2026_5).await;
}
