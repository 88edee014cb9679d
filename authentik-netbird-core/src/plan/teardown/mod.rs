//! Teardown: removing what an integration created, in an order that is safe, and nothing else.
//!
//! authentik does not record who created what. An object with the integration's name that
//! is as the integration creates it counts as its own. An object that belongs to something else, was
//! extended by someone, or is used by something else is kept, and named in the plan with the reason:
//! a teardown is possible after drift, too.

mod account;
mod api_client;
mod application;
mod connector;
mod device_flow;
mod keep;
mod other_netbirds;
mod provider;
mod rights;

use self::application::PlannedApplication;
use self::keep::keep;
use super::desired::DesiredState;
use super::plan::{Plan, Purpose};
use super::planner::{About, Planner};
use crate::authentik::{Group, Snapshot};
use crate::error::Result;
use crate::integration::GuideStep;
use crate::resource::Object;

/// Plans a teardown: what has to be removed for nothing of an integration to be left.
///
/// Pure, as [`plan`](super::plan()) is, and makes the same kind of plan, with
/// [`Purpose::TearDown`]. It leaves out objects that do not exist. Those that are kept are in it without
/// a write, and with a reason that begins with `kept:`.
///
/// # Errors
/// [`Error::Blocked`](crate::Error::Blocked) when the server is too old, or more than one object has
/// one of the integration's names.
pub fn plan_teardown(desired: &DesiredState, snapshot: &Snapshot) -> Result<Plan> {
    let mut planner = Planner::new(desired, snapshot, Purpose::TearDown);
    if planner.blockers.is_empty() {
        let provider = provider::examine(&mut planner);
        connector::plan(&mut planner, &provider);
        let others = other_netbirds::find(snapshot, &provider);
        let application = application::plan(&mut planner, &provider);
        provider::plan(&mut planner, &provider, application == PlannedApplication::Deleted);
        let api = api_client::plan(&mut planner);
        let kept_elsewhere = application == PlannedApplication::Kept || !provider.kept.is_empty();
        match &desired.service_account {
            Some(wanted) => {
                let account = account::plan(&mut planner, wanted, &others, kept_elsewhere, api);
                rights::plan_role(&mut planner, wanted, &account);
            }
            None if desired.connector.is_some() => connector::plan_claim(&mut planner),
            None => account::keep_orphan(&mut planner),
        }
        if !desired.integration.standalone().without_device_flow() {
            device_flow::plan(&mut planner, &others);
        }
        keep_access_groups(&mut planner);
    }
    planner.finish()
}

/// Access groups belong to people, also where this integration created them.
fn keep_access_groups(planner: &mut Planner<'_>) {
    for (index, name) in planner.desired.integration.access_groups().iter().enumerate() {
        if planner.snapshot.groups.iter().any(|group| group.name == *name) {
            let id = format!("access-group-{}", index + 1);
            let about = About::new(id, Group::API.resource(name), GuideStep::Troubleshooting);
            let why = "its members may need it; only its binding is deleted, with the application";
            keep(planner, about, &[why.to_owned()]);
        }
    }
}
