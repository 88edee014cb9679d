//! Random histories: several actors on one server, against a simple model of what must hold.

use authentik_netbird_core::integration::ServiceAccount;
use authentik_simulator::Release;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::admin::{EDITS, Edit};
use super::model::Model;
use crate::support::cases::has_time;
use crate::support::faults::{self, FaultKind};

/// Which of the two NetBirds.
pub(crate) type Who = usize;

/// What one of the actors does.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// Plans, and keeps the plan.
    Plan(Who),
    /// Plans a teardown, and keeps the plan.
    PlanTeardown(Who),
    /// Plans a rotation, and keeps the plan.
    PlanRotation(Who),
    /// Applies the plan that it kept, however old it is, as it is or from its JSON.
    Apply { who: Who, from_json: bool },
    /// Plans and applies in one go.
    SetUp(Who),
    /// The same with a teardown.
    TearDown(Who),
    /// Gives the account's app password a new value.
    Rotate(Who),
    /// An administrator edits something of a NetBird.
    Edit(Who, Edit),
    /// The next action meets a fault at one of its requests.
    Fault { number: usize, at: u64 },
    /// All at the same time, and requests overtake each other.
    AtOnce { actions: Vec<Action>, seed: u64 },
}

/// Faults that take no time of their own.
pub(crate) fn faults() -> Vec<FaultKind> {
    let takes_time = ["no answer before", "no answer after", "late", "slow body", "200 MB"];
    let mut all = faults::all();
    all.retain(|fault| !takes_time.contains(&fault.name) && fault.name != "endless pages");
    all
}

fn run() -> impl Strategy<Value = Action> {
    let who = 0_usize..2;
    prop_oneof![
        4 => who.clone().prop_map(Action::SetUp),
        1 => who.clone().prop_map(Action::TearDown),
        1 => who.prop_map(Action::Rotate),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    let who = 0_usize..2;
    let apply = (who.clone(), any::<bool>());
    let edit = (who.clone(), proptest::sample::select(EDITS.as_slice()));
    let fault = (0..faults().len(), 0_u64..24);
    let at_once = (proptest::collection::vec(run(), 2..5), any::<u64>());
    prop_oneof![
        2 => who.clone().prop_map(Action::Plan),
        1 => who.clone().prop_map(Action::PlanTeardown),
        1 => who.prop_map(Action::PlanRotation),
        4 => apply.prop_map(|(who, from_json)| Action::Apply { who, from_json }),
        3 => run(),
        5 => edit.prop_map(|(who, edit)| Action::Edit(who, edit)),
        2 => fault.prop_map(|(number, at)| Action::Fault { number, at }),
        1 => at_once.prop_map(|(actions, seed)| Action::AtOnce { actions, seed }),
    ]
}

/// Runs histories on one release, and says how many there were.
fn histories(release: Release, number: u8) {
    let cases = if has_time() { 1500 } else { 24 };
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    // The same ones each time; others where there is time for many.
    let rng = if has_time() {
        TestRunner::new(config.clone()).new_rng()
    } else {
        TestRng::from_seed(RngAlgorithm::ChaCha, &[number; 32])
    };
    let mut runner = TestRunner::new_with_rng(config, rng);
    let rights = prop_oneof![Just(ServiceAccount::Administrator), Just(ServiceAccount::UserReader)];
    let history = (rights, proptest::collection::vec(action(), 1..12));
    let done = std::cell::Cell::new(0);
    let result = runner.run(&history, |(rights, actions)| {
        done.set(done.get() + 1);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let mut model = Model::new(release, rights);
            for action in &actions {
                model.act(action).await;
            }
            model.end().await;
        });
        Ok(())
    });
    let failed = u32::from(result.is_err());
    println!(
        "histories, {release}: race_histories: {}, race_histories_failed: {failed}",
        done.get()
    );
    if let Err(error) = result {
        panic!("{error}");
    }
}

#[test]
fn whatever_happens_in_whatever_order_on_2025_10() {
    histories(Release::V2025_10, 25);
}

#[test]
fn whatever_happens_in_whatever_order_on_2026_5() {
    histories(Release::V2026_5, 26);
}
