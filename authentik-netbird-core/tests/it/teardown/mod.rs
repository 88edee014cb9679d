//! Teardown, on the simulator: after it the server is as it was before the first apply, whatever
//! came in between; and what is not this integration's alone is kept and named.

mod foreign;
mod kept;
mod plans;
mod rights;
mod second;
mod trouble;
mod whole;

use crate::support::running::Running;
use crate::support::story;
use authentik_netbird_core::{Outcome, Plan};
use authentik_simulator::{Release, Simulator};
use serde_json::Value;

const RELEASES: [Release; 5] = Release::ALL;

/// The whole state, without what OAuth2 handed out, and counters.
fn dump(simulator: &Simulator) -> Value {
    let mut dump = simulator.dump();
    dump.as_object_mut().unwrap().retain(|name, _| name != "issued" && name != "counters");
    dump
}

/// Sets up, as for [`story::converge`].
async fn set_up(running: &Running) {
    story::converge(&running.client, &running.wanted).await;
}

async fn planned(running: &Running) -> Plan {
    let plan = running.client.plan_teardown(&running.wanted).await;
    plan.unwrap_or_else(|error| panic!("{}", error.chain()))
}

/// Plans a teardown, carries it out, plans again and finds nothing to do.
async fn tear_down(running: &Running) -> (Plan, Outcome) {
    let plan = planned(running).await;
    let outcome = running.client.apply(&plan).await;
    let outcome = outcome.unwrap_or_else(|error| panic!("{}", error.chain()));
    assert_eq!(outcome.report().changed(), plan.changes().count(), "{}", outcome.report());
    let again = planned(running).await;
    assert!(!again.has_changes(), "after {plan}\nthere is left {again}");
    (plan, outcome)
}

/// Ids of the operations that write, in the plan's order.
fn writes(plan: &Plan) -> Vec<&str> {
    plan.changes().map(|operation| operation.id.as_str()).collect()
}

/// All that a first apply creates, in the order of a teardown. Memberships end with the account, and the
/// brand's field is emptied with the flow.
const ALL: [&str; 4] = ["application", "provider", "service-account", "device-flow"];
