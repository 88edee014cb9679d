//! Planning a rotation in the connector mode: another client secret, in authentik and then in NetBird.

use super::change::FieldChange;
use super::connector;
use super::desired::DesiredState;
use super::plan::{Plan, Purpose};
use super::planner::{About, Planner};
use super::provider::{SECRET, belongs};
use crate::authentik::{Provider, Snapshot};
use crate::error::Result;
use crate::integration::GuideStep;
use crate::resource::{Body, Object, value};

pub(super) fn plan(desired: &DesiredState, snapshot: &Snapshot) -> Result<Plan> {
    let mut planner = Planner::new(desired, snapshot, Purpose::Rotate);
    let resource = Provider::API.resource(&desired.provider.name);
    let Some(found) = planner.find::<Provider>(&desired.provider.name).one() else {
        planner.missing(resource, "NetBird logs in with its secret", "Apply a plan first.");
        return planner.finish();
    };
    // A mistyped name must not end another NetBird's logins.
    belongs(&mut planner, &resource, found);
    planner.existing.client_id = Some(found.client_id.clone());
    let about = About::new(SECRET, resource, GuideStep::Connector);
    let changes = vec![FieldChange::new_secret("client_secret")];
    let write = Provider::API.write("set_secret", Some(value(&found.pk)), Body::new());
    let reason = "it gets a new value, generated when this is applied; the old one stops working";
    planner.operation(about, reason, Vec::new(), changes, Some(write));
    connector::hand_over(&mut planner);
    planner.finish()
}
