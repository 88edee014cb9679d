//! Plans of every kind, and the servers that they are for.

use std::time::Duration;

use authentik_netbird_core::integration::ServiceAccount;
use authentik_netbird_core::plan::Purpose;
use authentik_netbird_core::{
    AppPasswordExpiry, Error, NetbirdIntegration, NetbirdIntegrationBuilder, Plan,
};
use authentik_simulator::{Release, State};

use crate::support::running::{Running, start};

pub(crate) struct Scene {
    pub(crate) name: &'static str,
    pub(crate) running: Running,
    /// The server that the plan was made for.
    pub(crate) before: State,
    pub(crate) json: String,
    purpose: Purpose,
}

impl Scene {
    /// A new plan of the same kind.
    pub(crate) async fn plan(&self, wanted: &NetbirdIntegration) -> Result<Plan, Error> {
        plan(&self.running, wanted, self.purpose).await
    }
}

async fn plan(
    running: &Running,
    wanted: &NetbirdIntegration,
    purpose: Purpose,
) -> Result<Plan, Error> {
    let client = &running.client;
    match purpose {
        Purpose::TearDown => client.plan_teardown(wanted).await,
        Purpose::Rotate => client.plan_rotate(wanted, AppPasswordExpiry::Never).await,
        _ => client.plan(wanted).await,
    }
}

type Asking = fn(NetbirdIntegrationBuilder) -> NetbirdIntegrationBuilder;

fn plainly(builder: NetbirdIntegrationBuilder) -> NetbirdIntegrationBuilder {
    builder.exact(true)
}

fn least_privilege(builder: NetbirdIntegrationBuilder) -> NetbirdIntegrationBuilder {
    builder.exact(true).service_account(ServiceAccount::UserReader).access_group("vpn")
}

/// Each with its plan in JSON.
pub(crate) async fn scenes() -> Vec<Scene> {
    vec![
        scene("first apply", plainly, false, None, Purpose::SetUp).await,
        scene("least privilege", least_privilege, false, None, Purpose::SetUp).await,
        scene("drift", plainly, true, Some(drift), Purpose::SetUp).await,
        scene("nothing to do", plainly, true, None, Purpose::SetUp).await,
        scene("rotation", plainly, true, Some(expiring), Purpose::Rotate).await,
        scene("teardown", least_privilege, true, None, Purpose::TearDown).await,
    ]
}

async fn scene(
    name: &'static str,
    asking: Asking,
    done: bool,
    drift: Option<fn(&mut State)>,
    purpose: Purpose,
) -> Scene {
    let mut running = start(Release::V2026_5);
    let url = running.simulator.url().to_owned();
    running.wanted = asking(crate::support::as_in_guide(url, "netbird.company")).build().unwrap();
    running.simulator.edit(|state| {
        state.add_group("vpn");
        // Somebody else's, for whoever would have their password read.
        let user = state.add_user("jane").pk;
        state.add_token("janes", user);
    });
    if done {
        let first = running.client.plan(&running.wanted).await.unwrap();
        running.client.apply(&first).await.unwrap();
    }
    running.simulator.edit(|state| drift.unwrap_or(|_| ())(state));
    let before = running.simulator.edit(|state| state.clone());
    let json = plan(&running, &running.wanted, purpose).await.unwrap().to_json();
    Scene { name, running, before, json, purpose }
}

/// What a rotation takes away.
fn expiring(state: &mut State) {
    let in_a_year = state.now() + Duration::from_secs(360 * 86_400);
    let token = state.tokens.iter_mut().find(|token| token.intent == "app_password").unwrap();
    (token.expires, token.expiring) = (Some(in_a_year), true);
}

/// What leaves the app password as it is.
fn drift(state: &mut State) {
    state.providers[0].client_type = "confidential".into();
    state.applications[0].name = "Drifted".into();
    state.users.iter_mut().find(|user| user.username == "NetBird").unwrap().is_active = false;
    state.brands[0].flow_device_code = None;
}
