//! A whole story on the wire, told to a simulator that says it is of another release: what is read,
//! and when, depends on that.

use std::collections::BTreeSet;

use authentik_netbird_core::authentik::Version;
use authentik_netbird_core::integration::{ModeKind, ServiceAccount};
use authentik_netbird_core::{
    AppPasswordExpiry, Client, NetbirdIntegration, NetbirdIntegrationBuilder, Plan,
};
use authentik_simulator::netbird::NetbirdSimulator;
use authentik_simulator::{Effect, Fault, LoggedRequest, Simulator, State};

use authentik_netbird_core::ids::Server;

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

/// Every request to the API that the story takes, without its body. The response to each write is lost:
/// so each one is read back.
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
    for method in ["POST", "PATCH", "DELETE"] {
        let lost = Fault::new(Effect::Cut).on_method(method).on_path("/api/v3/").after_commit();
        simulator.add_fault(lost);
    }
    let client = Client::builder(simulator.url()).token(simulator.token()).build().unwrap();
    let mut told = Told { client, applied: BTreeSet::new() };

    let deleter = asking(&simulator, ServiceAccount::UserDeleter).build().unwrap();
    let plan = told.converge(&deleter).await;
    assert_eq!(plan.server_version, Some(release.version));
    let wanted = asking(&simulator, ServiceAccount::UserReader).build().unwrap();
    told.converge(&wanted).await;
    simulator.edit(drift);
    let adopting = |rights| asking(&simulator, rights).adopt(true).build().unwrap();
    let plan = told.client.plan(&adopting(ServiceAccount::UserReader)).await.unwrap();
    let plan = told.client.with_authors(plan).await;
    told.apply(&plan).await;
    told.converge(&wanted).await;
    // Before 2026.5 such a token cannot see the account's tokens, so it can plan for none alone.
    let sees_tokens = backend >= authentik_simulator::Release::V2026_5;
    let rights = if sees_tokens { ServiceAccount::UserReader } else { ServiceAccount::None };
    lesser_token(&simulator, &asking(&simulator, rights).build().unwrap()).await;
    told.converge(&adopting(ServiceAccount::Administrator)).await;
    told.converge(&wanted).await;
    simulator.edit(expire);
    simulator.edit(|state| {
        let account = state.users.iter().find(|user| user.username == "NetBird").unwrap().pk;
        state.add_token("another", account);
    });
    let revoking = asking(&simulator, ServiceAccount::UserReader).revoke_other_tokens(true);
    let revoking = revoking.build().unwrap();
    let plan = told.client.plan_rotate(&revoking, AppPasswordExpiry::Never).await.unwrap();
    told.apply(&plan).await;
    let outputs = told.client.outputs(&wanted).await.unwrap();
    // NetBird's account has no access any more: the cause is looked for among the groups.
    simulator.edit(|state| state.policy_bindings.retain(|binding| binding.user.is_none()));
    let verification = told.client.verify(&wanted, &outputs).await.unwrap();
    assert!(verification.into_result().is_err());
    told.converge(&wanted).await;
    // NetBird's account is written differently: one whose name differs in case is looked for.
    let mut misspelt = outputs.clone();
    misspelt.account.as_mut().unwrap().username = "netbird".to_owned();
    let verification = told.client.verify(&wanted, &misspelt).await.unwrap();
    assert!(verification.into_result().is_err());
    // Another NetBird is there, and an account of its own is asked for.
    simulator.edit(|state| {
        let uris = state.providers[0].redirect_uris.clone();
        state.add_provider("Another").redirect_uris = uris;
        "service_account".clone_into(&mut state.add_user("Another").kind);
    });
    told.client.plan_teardown(&wanted).await.unwrap();
    simulator.edit(|state| state.providers.retain(|provider| provider.name != "Another"));
    let plan = told.client.plan_teardown(&wanted).await.unwrap();
    told.apply(&plan).await;
    // Set up again, and removed with its flow kept for another brand.
    told.converge(&wanted).await;
    simulator.edit(|state| {
        let flow = state.brands[0].flow_device_code.clone();
        state.add_brand("other.company").flow_device_code = flow;
    });
    let plan = told.client.plan_teardown(&wanted).await.unwrap();
    told.apply(&plan).await;
    told.connector(&simulator).await;
    // That a limited token's response is lost cannot be made good: nothing shows who created the account.
    let all = super::all_writes().into_iter().filter(|write| write != "service_account create");
    assert_eq!(told.applied, all.collect(), "{}: each is sent and read back", release.name);
    simulator.requests().iter().filter_map(sent).collect()
}

/// The teller, and the kinds and actions of the writes so far.
struct Told {
    client: Client,
    applied: BTreeSet<String>,
}

impl Told {
    /// The connector mode: other groups, an identity provider that somebody deleted in NetBird, a new secret.
    async fn connector(&mut self, authentik: &Simulator) {
        let netbird = NetbirdSimulator::start().unwrap();
        let client = Client::builder(authentik.url()).token(authentik.token());
        self.client = client.netbird(netbird.url(), netbird.token()).build().unwrap();
        let wanted = |group: &str| {
            let builder = NetbirdIntegration::builder(authentik.url(), "netbird.company");
            builder.mode(ModeKind::Connector).claim_group(group).build().unwrap()
        };
        self.converge(&wanted("vpn")).await;
        netbird.edit(|state| state.connectors.clear());
        let wanted = wanted("other");
        self.converge(&wanted).await;
        let plan = self.client.plan_rotate(&wanted, AppPasswordExpiry::Keep).await.unwrap();
        self.apply(&plan).await;
        let plan = self.client.plan_teardown(&wanted).await.unwrap();
        self.apply(&plan).await;
    }

    async fn apply(&mut self, plan: &Plan) {
        let outcome = self.client.apply(plan).await;
        let outcome = outcome.unwrap_or_else(|error| panic!("{plan}\n{}", error.chain()));
        assert_eq!(outcome.report().changed(), plan.changes().count());
        let of_authentik = plan.changes().filter(|one| one.server == Server::Authentik);
        let writes = of_authentik.filter_map(|operation| operation.write.as_ref());
        let names = writes.map(|write| format!("{} {}", write.kind(), write.action()));
        self.applied.extend(names);
    }

    async fn converge(&mut self, wanted: &NetbirdIntegration) -> Plan {
        let plan = self.client.plan(wanted).await;
        let plan = plan.unwrap_or_else(|error| panic!("{}", error.chain()));
        self.apply(&plan).await;
        let again = self.client.plan(wanted).await.unwrap();
        assert!(!again.has_changes(), "after {plan}\nthere is left {again}");
        plan
    }
}

fn asking(simulator: &Simulator, rights: ServiceAccount) -> NetbirdIntegrationBuilder {
    crate::support::as_in_guide(simulator.url(), "netbird.company")
        .client_id("client-id")
        .exact(true)
        .service_account(rights)
        .access_group("vpn")
        .create_access_groups(true)
}

/// Something of everything that a plan compares, and what a race leaves twice.
fn drift(state: &mut State) {
    "minutes=1".clone_into(&mut state.providers[0].access_code_validity);
    state.providers[0].client_secret = String::new().into();
    "VPN".clone_into(&mut state.applications[0].name);
    let flow = state.flows.iter_mut().find(|flow| flow.slug == "default-device-code-flow");
    "Other".clone_into(&mut flow.unwrap().title);
    let user = state.users.iter_mut().find(|user| user.username == "NetBird").unwrap();
    user.is_active = false;
    let user = user.pk;
    state.tokens.retain(|token| token.user != user);
    let reader = state.groups.iter_mut().find(|group| group.name == "NetBird user reader");
    reader.unwrap().roles.clear();
    let mut second = state.policy_bindings[0].clone();
    second.pk = state.new_uuid();
    state.policy_bindings.push(second);
}

/// The app password expires one day.
fn expire(state: &mut State) {
    let later = state.now() + std::time::Duration::from_secs(100 * 86_400);
    let token = state.tokens.iter_mut().find(|token| token.intent == "app_password").unwrap();
    (token.expiring, token.expires) = (true, Some(later));
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
