//! Plans of every kind, and the servers that they are for.

use authentik_netbird_core::integration::ServiceAccount;
use authentik_netbird_core::{Error, NetbirdIntegration, NetbirdIntegrationBuilder, Plan};
use authentik_simulator::{Release, State};

use crate::support::running::{Running, start};

pub(crate) struct Scene {
    pub(crate) name: &'static str,
    pub(crate) running: Running,
    /// The server that the plan was made for.
    pub(crate) before: State,
    pub(crate) json: String,
    teardown: bool,
}

impl Scene {
    /// A new plan of the same kind.
    pub(crate) async fn plan(&self, wanted: &NetbirdIntegration) -> Result<Plan, Error> {
        plan(&self.running, wanted, self.teardown).await
    }
}

async fn plan(running: &Running, wanted: &NetbirdIntegration, down: bool) -> Result<Plan, Error> {
    if down {
        running.client.plan_teardown(wanted).await
    } else {
        running.client.plan(wanted).await
    }
}

type Asking = fn(NetbirdIntegrationBuilder) -> NetbirdIntegrationBuilder;

fn plainly(builder: NetbirdIntegrationBuilder) -> NetbirdIntegrationBuilder {
    builder
}

fn least_privilege(builder: NetbirdIntegrationBuilder) -> NetbirdIntegrationBuilder {
    builder.service_account(ServiceAccount::UserReader).access_group("vpn")
}

/// Each with its plan in JSON.
pub(crate) async fn scenes() -> Vec<Scene> {
    vec![
        scene("first apply", plainly, false, None, false).await,
        scene("least privilege", least_privilege, false, None, false).await,
        scene("drift", plainly, true, Some(drift), false).await,
        scene("nothing to do", plainly, true, None, false).await,
        scene("teardown", least_privilege, true, None, true).await,
    ]
}

async fn scene(
    name: &'static str,
    asking: Asking,
    done: bool,
    drift: Option<fn(&mut State)>,
    teardown: bool,
) -> Scene {
    let mut running = start(Release::V2026_5);
    let url = running.simulator.url().to_owned();
    running.wanted = asking(NetbirdIntegration::builder(url, "netbird.company")).build().unwrap();
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
    let json = plan(&running, &running.wanted, teardown).await.unwrap().to_json();
    Scene { name, running, before, json, teardown }
}

/// What leaves the app password as it is.
fn drift(state: &mut State) {
    state.providers[0].client_type = "confidential".into();
    state.applications[0].name = "Drifted".into();
    state.users.iter_mut().find(|user| user.username == "NetBird").unwrap().is_active = false;
    state.brands[0].flow_device_code = None;
}
