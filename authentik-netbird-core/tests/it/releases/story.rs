//! A whole story on the wire, told to a simulator that says it is of another release: what is read,
//! and when, depends on that.

use authentik_netbird_core::integration::ServiceAccount;
use authentik_netbird_core::model::Version;
use authentik_netbird_core::{
    AppPasswordExpiry, Client, NetbirdIntegration, NetbirdIntegrationBuilder,
};
use authentik_simulator::{Effect, Fault, LoggedRequest, Simulator};

use super::Release;
use super::requests::Sent;

/// What someone needs who plans without being an administrator.
const MAY_READ: [&str; 12] = [
    "authentik_brands.view_brand",
    "authentik_core.view_application",
    "authentik_core.view_group",
    "authentik_core.view_token",
    "authentik_core.view_user",
    "authentik_crypto.view_certificatekeypair",
    "authentik_flows.view_flow",
    "authentik_policies.view_policybinding",
    "authentik_providers_oauth2.view_oauth2provider",
    "authentik_providers_oauth2.view_scopemapping",
    "authentik_rbac.view_role",
    "authentik_rbac.view_system_info",
];

/// Every request to the API that the story takes, without its body.
pub(crate) async fn tell(release: Release) -> Vec<Sent> {
    // The newest that is not newer.
    let is_older = |one: &authentik_simulator::Release| {
        let version: Version = one.to_string().parse().unwrap();
        version <= release.version
    };
    let backend = authentik_simulator::Release::ALL.into_iter().rfind(is_older).unwrap();
    let simulator = Simulator::builder().release(backend).start().unwrap();
    let renamed =
        Effect::Replace { text: backend.version().to_owned(), by: release.name.to_owned() };
    simulator.add_fault(Fault::new(renamed).on_path("/admin/version/"));
    let client = Client::builder(simulator.url()).token(simulator.token()).build().unwrap();

    let wanted = asking(&simulator, ServiceAccount::UserReader).build().unwrap();
    let plan = converge(&client, &wanted).await;
    assert_eq!(plan.server_version, release.version);
    drift(&simulator);
    converge(&client, &wanted).await;
    lesser_token(&simulator, &wanted).await;
    converge(&client, &asking(&simulator, ServiceAccount::Administrator).build().unwrap()).await;
    client.rotate(&wanted, AppPasswordExpiry::Never).await.unwrap();
    let outputs = client.outputs(&wanted).await.unwrap();
    // NetBird's account is let in no longer: the cause is looked for among the groups.
    simulator.edit(|state| state.policy_bindings.retain(|binding| binding.user.is_none()));
    let verification = client.verify(&wanted, &outputs).await.unwrap();
    assert!(verification.into_result().is_err());
    converge(&client, &wanted).await;
    let plan = client.plan_teardown(&wanted).await.unwrap();
    client.apply(&plan).await.unwrap();
    simulator.requests().iter().filter_map(sent).collect()
}

fn asking(simulator: &Simulator, rights: ServiceAccount) -> NetbirdIntegrationBuilder {
    NetbirdIntegration::builder(simulator.url(), "netbird.company")
        .client_id("client-id")
        .service_account(rights)
        .access_group("vpn")
        .create_access_groups(true)
}

async fn converge(client: &Client, wanted: &NetbirdIntegration) -> authentik_netbird_core::Plan {
    let plan = client.plan(wanted).await.unwrap_or_else(|error| panic!("{}", error.chain()));
    client.apply(&plan).await.unwrap_or_else(|error| panic!("{}", error.chain()));
    assert!(!client.plan(wanted).await.unwrap().has_changes());
    plan
}

/// Something of each model that the event log is asked about.
fn drift(simulator: &Simulator) {
    simulator.edit(|state| {
        for provider in &mut state.providers {
            "minutes=1".clone_into(&mut provider.access_code_validity);
        }
        for application in &mut state.applications {
            "VPN".clone_into(&mut application.name);
        }
    });
}

/// Someone who is no administrator plans: what the token may do is looked up.
async fn lesser_token(simulator: &Simulator, wanted: &NetbirdIntegration) {
    let key = simulator.edit(|state| {
        let user = state.add_user("deployer").pk;
        let role = state.add_role("deployer");
        role.permissions.extend(MAY_READ.iter().map(|one| (*one).to_owned()));
        let role = role.pk.clone();
        let group = state.add_group("deployers");
        group.users.push(user);
        group.roles.push(role);
        state.add_token("deployer", user).key.to_string()
    });
    let client = Client::builder(simulator.url()).token(key).build().unwrap();
    client.plan(wanted).await.unwrap_or_else(|error| panic!("{}", error.chain()));
}

fn sent(request: &LoggedRequest) -> Option<Sent> {
    Some(Sent {
        case: "story".to_owned(),
        method: request.method.clone(),
        path: request.path.strip_prefix("/api/v3")?.to_owned(),
        body: None,
        body_known: false,
    })
}
