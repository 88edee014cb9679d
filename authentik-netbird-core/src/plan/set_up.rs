//! Planning a set-up: the resources in order.

use super::desired::{DesiredServiceAccount, DesiredState};
use super::plan::{Plan, Purpose};
use super::planner::Planner;
use super::{
    access, account, api_client, application, connector, device_flow, members, own_account,
    provider, rights,
};
use crate::authentik::Snapshot;
use crate::authentik::reads::Names;
use crate::error::Result;

/// Plans: what has to be done on a server with this snapshot to reach the desired state.
///
/// # Errors
/// [`Error::Blocked`](crate::Error::Blocked) with every missing, ambiguous or conflicting object at
/// once.
pub fn plan(desired: &DesiredState, snapshot: &Snapshot) -> Result<Plan> {
    let mut planner = Planner::new(desired, snapshot, Purpose::SetUp);
    if planner.blockers.is_empty() {
        let wanted = desired.service_account.as_ref();
        let provider = provider::plan(&mut planner);
        let to_change = wanted.filter(|wanted| !wanted.keeps_rights(snapshot));
        // A new account that cannot get its name and its rights in one write comes after its role.
        let is_last = snapshot.is_limited() && snapshot.user(&desired.account_name).is_none();
        let (before, after) = if is_last { (to_change, None) } else { (None, to_change) };
        let role = before.and_then(|wanted| rights::plan_role(&mut planner, wanted));
        let given = planner.changes(&[rights::PERMISSIONS, rights::FEWER_PERMISSIONS]);
        let account = wanted.and_then(|wanted| account::plan(&mut planner, wanted, given));
        let role = role.or_else(|| rights::plan_role(&mut planner, after?));
        let has_device_flow = !desired.integration.standalone().without_device_flow();
        let flow = has_device_flow.then(|| device_flow::plan_flow(&mut planner));
        let application = application::plan(&mut planner, provider);
        match (to_change, wanted) {
            (Some(wanted), _) => {
                rights::plan_membership(&mut planner, wanted, account.as_ref(), role.as_ref());
                members::check(&mut planner, wanted);
            }
            (None, Some(wanted)) => rights::keep_rights(&mut planner, wanted),
            (None, None) => {}
        }
        if let Some(flow) = flow {
            device_flow::plan_brand(&mut planner, flow);
        }
        let account = account.map(|account| account.id);
        access::plan(&mut planner, application.as_ref(), account.as_ref());
        api_client::plan(&mut planner, account.as_ref());
        if let Some(wanted) = to_change {
            rights::leave(&mut planner, wanted);
        }
        if desired.connector.is_some() {
            connector::plan(&mut planner);
        } else if wanted.is_none() {
            account::warn_of_orphan(&mut planner);
        }
        own_account::check(&mut planner);
    }
    planner.finish()
}

/// The names that have to be looked up for an integration.
pub(crate) fn names(desired: &DesiredState) -> Names {
    let rights = desired.service_account.as_ref().map(DesiredServiceAccount::rights_names);
    Names {
        provider: desired.provider.name.clone(),
        client_id: desired.provider.client_id.clone(),
        application: desired.application.slug.clone(),
        api_client: desired.api_client.as_ref().map(|one| (one.name.clone(), one.slug.clone())),
        account: desired.connector.is_none().then(|| desired.account_name.clone()),
        netbird: desired.connector.is_some(),
        is_in_guide: desired.integration.standalone().as_in_guide(),
        rights,
        access_groups: desired.integration.access_groups().to_vec(),
        device_flow: desired.device_flow.slug.clone(),
    }
}
