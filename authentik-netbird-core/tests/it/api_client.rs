//! The separate client of NetBird's management, on the simulator of each release: new setups, an existing one
//! before, during and after the migration, verification, rotation and teardown.

use authentik_netbird_core::integration::{ApiClientMigration, ServiceAccount};
use authentik_netbird_core::outputs::Outputs;
use authentik_netbird_core::plan::{Plan, WarningKind};
use authentik_netbird_core::verify::{CheckName, CheckStatus, Verification};
use authentik_netbird_core::{
    AppPasswordExpiry, Client, ErrorKind, NetbirdIntegration, NetbirdIntegrationBuilder,
};
use authentik_simulator::{Provider, Release, Simulator, State};

use crate::support::running::LATENCY;
use crate::support::story::{Server, converge};

const API: &str = "goauthentik.io/api";

struct Site {
    simulator: Simulator,
    client: Client,
}

fn start(release: Release) -> Site {
    let simulator = Simulator::builder().release(release).start().unwrap();
    let client = Client::builder(simulator.url()).token(simulator.token()).build().unwrap();
    Site { simulator, client }
}

impl Site {
    fn builder(&self) -> NetbirdIntegrationBuilder {
        NetbirdIntegration::builder(self.simulator.url(), "netbird.company")
    }

    fn asking(&self, step: ApiClientMigration) -> NetbirdIntegration {
        self.builder().migrate_api_client(step).build().unwrap()
    }

    fn default(&self) -> NetbirdIntegration {
        self.builder().build().unwrap()
    }

    /// The guide's setup, as many have it.
    async fn as_in_guide(&self) -> Outputs {
        let guide = crate::support::as_in_guide(self.simulator.url(), "netbird.company");
        converge(&self.client, &guide.build().unwrap()).await.1
    }

    async fn plan(&self, wanted: &NetbirdIntegration) -> Plan {
        self.client.plan(wanted).await.unwrap()
    }

    async fn verify(&self, wanted: &NetbirdIntegration, outputs: &Outputs) -> Verification {
        self.client.verify(wanted, outputs).await.unwrap()
    }

    fn scopes(&self, provider: &str) -> Vec<String> {
        self.simulator.edit(|state| {
            let provider = named(state, provider).clone();
            let has = |pk: &String| provider.property_mappings.contains(pk);
            let all = state.scope_mappings.iter().filter(|one| has(&one.pk));
            all.map(|one| one.scope_name.clone()).collect()
        })
    }

    /// Whether NetBird's management reads users with these settings.
    async fn reads_users(&self, outputs: &Outputs) -> bool {
        let client_id = outputs.api_client_id.as_ref().unwrap_or(&outputs.client_id);
        let account = outputs.account.as_ref().unwrap();
        let password = account.app_password.as_ref().unwrap().expose();
        let token = self.token(client_id.as_str(), &account.username, password).await;
        let Some(token) = token else { return false };
        let server = Server::new(self.simulator.url(), "");
        server.get_as(&token, "core/users/?page=1").await.0 == 200
    }

    async fn token(&self, client_id: &str, username: &str, password: &str) -> Option<String> {
        let form = [
            ("client_id", client_id),
            ("username", username),
            ("password", password),
            ("grant_type", "client_credentials"),
            ("scope", API),
        ];
        let endpoint = format!("{}/application/o/token/", self.simulator.url());
        let server = Server::new(self.simulator.url(), "");
        let (status, answer) = server.post_form(&endpoint, &form).await;
        (status == 200).then(|| answer["access_token"].as_str().unwrap().to_owned())
    }
}

fn named<'s>(state: &'s mut State, name: &str) -> &'s mut Provider {
    state.providers.iter_mut().find(|one| one.name == name).unwrap()
}

fn kinds(plan: &Plan) -> Vec<WarningKind> {
    plan.warnings.iter().map(|warning| warning.kind).collect()
}

/// The address for NetBird may be another one than that of API calls.
#[tokio::test]
async fn netbird_gets_the_public_address() {
    let site = start(Release::default());
    let plan = site.plan(&site.default()).await;
    assert!(kinds(&plan).contains(&WarningKind::LoopbackAddress), "{plan}");
    let wanted = site.builder().public_url("https://authentik.company/").build().unwrap();
    let (plan, outputs) = converge(&site.client, &wanted).await;
    assert!(!kinds(&plan).contains(&WarningKind::LoopbackAddress), "{plan}");
    assert_eq!(outputs.issuer(), "https://authentik.company/application/o/netbird/");
    let error = site.builder().public_url("http://authentik.company").build().unwrap_err();
    assert_eq!(error.issues()[0].field, "public_url");
}

/// Four round trips for everything, on a fresh server of a current release.
#[tokio::test]
async fn a_first_apply_takes_four_round_trips() {
    let site = start(Release::V2026_5);
    site.simulator.set_latency(LATENCY);
    let plan = site.plan(&site.default()).await;
    site.client.apply(&plan).await.unwrap();
    let requests = site.simulator.requests();
    assert!(authentik_simulator::round_trips(&requests) <= 4, "{requests:?}");
}

#[tokio::test]
async fn a_new_setup_keeps_the_scope_of_the_api_from_browsers() {
    for release in Release::ALL {
        let site = start(release);
        let wanted = site.default();
        let (_, outputs) = converge(&site.client, &wanted).await;
        let api = outputs.api_client_id.clone().unwrap();
        assert_ne!(api, outputs.client_id);
        assert!(!site.scopes("NetBird").contains(&API.to_owned()), "{release}");
        assert_eq!(site.scopes("NetBird API"), [API]);
        assert!(site.reads_users(&outputs).await, "{release}");
        let mut shared = outputs.clone();
        shared.api_client_id = None;
        assert!(!site.reads_users(&shared).await, "{release}: with the client of browsers");
        // Another account's app password is refused there.
        let jane = site.simulator.edit(|state| {
            let pk = state.add_user("jane").pk;
            let token = state.add_token("jane", pk);
            "app_password".clone_into(&mut token.intent);
            token.key.to_string()
        });
        assert_eq!(site.token(api.as_str(), "jane", &jane).await, None, "{release}");
        let verification = site.verify(&wanted, &outputs).await;
        assert_eq!(verification.get(CheckName::ApiClient).unwrap().status, CheckStatus::Pass);
        assert!(verification.is_success(), "{verification}");
        let plan = site.plan(&wanted).await;
        assert!(!plan.has_changes() && !kinds(&plan).contains(&WarningKind::ApiScope), "{plan}");
        let env = outputs.netbird_env().to_setup_env().unwrap();
        let line = format!("NETBIRD_IDP_MGMT_CLIENT_ID='{api}'");
        assert!(env.expose().contains(&line), "{line}");
    }
}

#[tokio::test]
async fn an_existing_setup_moves_in_two_applies_and_no_login_is_interrupted() {
    for release in Release::ALL {
        let site = start(release);
        let before = site.as_in_guide().await;

        // Before: nothing changes, and a warning says what can happen.
        let plan = site.plan(&site.default()).await;
        assert!(!plan.has_changes(), "{release} {plan}");
        assert!(kinds(&plan).contains(&WarningKind::ApiScope), "{plan}");
        let verification = site.verify(&site.default(), &before).await;
        let check = verification.get(CheckName::ApiClient).unwrap();
        assert_eq!(check.status, CheckStatus::Warn, "{verification}");
        let early = site.client.plan(&site.asking(ApiClientMigration::RemoveScope)).await;
        assert_eq!(
            early.unwrap_err().kind(),
            ErrorKind::Conflict,
            "the second step before the first"
        );

        // First step: both clients work, and NetBird is told of the new one.
        let first = site.asking(ApiClientMigration::AddClient);
        let (_, mut during) = converge(&site.client, &first).await;
        during.account.clone_from(&before.account);
        assert!(during.api_client_id.is_some() && during.client_id == before.client_id);
        assert!(site.reads_users(&before).await && site.reads_users(&during).await, "{release}");
        let plan = site.plan(&site.default()).await;
        assert!(!plan.has_changes() && kinds(&plan).contains(&WarningKind::ApiScope), "{plan}");

        // Second step: the scope goes.
        let second = site.asking(ApiClientMigration::RemoveScope);
        converge(&site.client, &second).await;
        assert!(site.reads_users(&during).await && !site.reads_users(&before).await, "{release}");
        for wanted in [&site.default(), &first, &second] {
            let plan = site.plan(wanted).await;
            assert!(!plan.has_changes(), "{release} {plan}");
            assert!(!kinds(&plan).contains(&WarningKind::ApiScope), "{plan}");
        }
        let verification = site.verify(&site.default(), &during).await;
        assert!(verification.is_success(), "{verification}");
    }
}

#[tokio::test]
async fn a_client_without_the_scope_is_not_given_it() {
    let site = start(Release::default());
    site.as_in_guide().await;
    site.simulator.edit(|state| {
        let api = state.scope_mappings.iter().find(|one| one.scope_name == API).unwrap().pk.clone();
        named(state, "NetBird").property_mappings.retain(|pk| *pk != api);
    });
    let (_, outputs) = converge(&site.client, &site.default()).await;
    assert!(outputs.api_client_id.is_some() && !site.scopes("NetBird").contains(&API.to_owned()));
}

#[tokio::test]
async fn as_in_guide_both_share_a_client_with_a_warning() {
    let site = start(Release::default());
    let guide = site.builder().as_in_guide(true).build().unwrap();
    let plan = site.plan(&guide).await;
    assert!(kinds(&plan).contains(&WarningKind::ApiScope), "{plan}");
    let (_, outputs) = converge(&site.client, &guide).await;
    assert_eq!(outputs.api_client_id, None);
    assert!(site.reads_users(&outputs).await && site.scopes("NetBird").contains(&API.to_owned()));
}

#[tokio::test]
async fn without_an_account_there_is_no_client_either() {
    let site = start(Release::default());
    let wanted = site.builder().service_account(ServiceAccount::None).build().unwrap();
    let (plan, outputs) = converge(&site.client, &wanted).await;
    assert_eq!((outputs.api_client_id, outputs.account), (None, None));
    assert!(!kinds(&plan).contains(&WarningKind::ApiScope), "{plan}");
    assert!(!site.scopes("NetBird").contains(&API.to_owned()));
}

#[tokio::test]
async fn what_breaks_the_client_is_found_and_fixed() {
    let breaks: [fn(&mut State); 5] = [
        |state| named(state, "NetBird API").property_mappings.clear(),
        |state| named(state, "NetBird API").grant_types = vec!["refresh_token".to_owned()],
        |state| {
            let key = state.certificates[0].pk.clone();
            named(state, "NetBird API").encryption_key = Some(key);
        },
        |state| state.policy_bindings.clear(),
        |state| state.applications.retain(|one| one.slug != "netbird-api"),
    ];
    for (index, change) in breaks.iter().enumerate() {
        let site = start(Release::V2026_5);
        let wanted = site.default();
        let (_, outputs) = converge(&site.client, &wanted).await;
        site.simulator.edit(change);
        let plan = site.plan(&wanted).await;
        assert!(plan.has_changes(), "{index} {plan}");
        // Without a binding everybody may use it, and NetBird can still read users.
        let works = site.reads_users(&outputs).await;
        let verification = site.verify(&wanted, &outputs).await;
        assert!(works || !verification.is_success(), "{index} {verification}");
        converge(&site.client, &wanted).await;
        assert!(site.reads_users(&outputs).await, "{index}");
    }
}

#[tokio::test]
async fn a_wrong_client_id_is_one_failure() {
    let site = start(Release::default());
    let wanted = site.default();
    let (_, mut outputs) = converge(&site.client, &wanted).await;
    outputs.api_client_id = Some("another".into());
    let verification = site.verify(&wanted, &outputs).await;
    let failed: Vec<_> = verification.with(CheckStatus::Fail).map(|check| check.name).collect();
    assert_eq!(failed, [CheckName::ApiClient], "{verification}");
}

#[tokio::test]
async fn a_rotation_goes_on_naming_the_client_and_a_teardown_removes_it() {
    for release in Release::ALL {
        let site = start(release);
        let fresh = crate::support::running::comparable(&site.simulator);
        let wanted = site.default();
        let (_, outputs) = converge(&site.client, &wanted).await;
        let plan = site.client.plan_rotate(&wanted, AppPasswordExpiry::Keep).await.unwrap();
        let rotated = site.client.apply(&plan).await.unwrap();
        let rotated = rotated.outputs().unwrap();
        assert_eq!(rotated.api_client_id, outputs.api_client_id);
        assert!(site.reads_users(rotated).await && !site.reads_users(&outputs).await);
        let plan = site.client.plan_teardown(&wanted).await.unwrap();
        site.client.apply(&plan).await.unwrap();
        crate::support::running::is_as_undisturbed(&site.simulator, &fresh, "after the teardown");
    }
}

#[tokio::test]
async fn a_client_that_something_else_uses_is_a_conflict() {
    let site = start(Release::default());
    let wanted = site.default();
    converge(&site.client, &wanted).await;
    site.simulator.edit(|state| {
        let uri = authentik_simulator::RedirectUri::new("strict", "https://evil.company/callback");
        named(state, "NetBird API").redirect_uris.push(uri);
    });
    let error = site.client.plan(&wanted).await.unwrap_err();
    assert!(error.to_string().contains("evil.company"), "{error}");
    // A provider serves one application, and it is not taken from another one.
    site.simulator.edit(|state| {
        named(state, "NetBird API").redirect_uris.pop();
        let mut applications = state.applications.iter_mut();
        let one = applications.find(|one| one.slug == "netbird-api").unwrap();
        "vpn-api".clone_into(&mut one.slug);
    });
    let adopting = site.builder().adopt(true).build().unwrap();
    let error = site.client.plan(&adopting).await.unwrap_err();
    assert!(error.to_string().contains("it serves the application \"vpn-api\""), "{error}");
}

/// Without its binding anyone could use the application.
#[tokio::test]
async fn a_teardown_keeps_the_account_of_an_application_that_stays() {
    let site = start(Release::default());
    let wanted = site.default();
    converge(&site.client, &wanted).await;
    site.simulator.edit(|state| {
        let other = state.add_provider("Theirs").pk;
        let mut applications = state.applications.iter_mut();
        applications.find(|one| one.slug == "netbird-api").unwrap().provider = Some(other);
    });
    let plan = site.client.plan_teardown(&wanted).await.unwrap();
    let changed: Vec<&str> = plan.changes().map(|operation| operation.id.as_str()).collect();
    assert_eq!(changed, ["application", "provider", "device-flow"], "{plan}");
}

/// Its rights come from another group then.
#[tokio::test]
async fn an_account_is_bound_before_it_leaves_the_group_that_is() {
    for release in Release::ALL {
        let site = start(release);
        let outputs = site.as_in_guide().await;
        site.simulator.edit(|state| {
            let admins = state.groups.iter().find(|one| one.name == "authentik Admins");
            let (group, target) = (admins.unwrap().pk.clone(), state.applications[0].pk.clone());
            state.add_policy_binding(&target).group = Some(group);
        });
        let wanted = site.builder().service_account(ServiceAccount::UserReader).build().unwrap();
        converge(&site.client, &wanted).await;
        assert!(site.reads_users(&outputs).await, "{release}");
    }
}

#[tokio::test]
async fn as_in_guide_a_new_account_is_bound_where_others_are() {
    for release in Release::ALL {
        let site = start(release);
        let guide = crate::support::as_in_guide(site.simulator.url(), "netbird.company").build();
        let guide = guide.unwrap();
        converge(&site.client, &guide).await;
        site.simulator.edit(|state| {
            let group = state.add_group("VPN users").pk.clone();
            let application = state.applications[0].pk.clone();
            state.add_policy_binding(&application).group = Some(group);
            let account = state.users.iter().find(|one| one.username == "NetBird").unwrap().pk;
            state.users.retain(|user| user.pk != account);
            state.tokens.retain(|token| token.user != account);
            state.groups.iter_mut().for_each(|group| group.users.retain(|user| *user != account));
        });
        let (_, outputs) = converge(&site.client, &guide).await;
        let verification = site.verify(&guide, &outputs).await;
        assert_eq!(verification.with(CheckStatus::Fail).count(), 0, "{verification}");
    }
}

#[tokio::test]
async fn tokens_of_others_are_not_accepted_for_it() {
    let site = start(Release::default());
    let wanted = site.default();
    let (_, outputs) = converge(&site.client, &wanted).await;
    site.simulator.edit(|state| {
        let theirs = state.add_provider("Theirs").pk;
        named(state, "NetBird API").jwt_federation_providers.push(theirs);
    });
    let error = site.client.plan(&wanted).await.unwrap_err();
    assert!(error.to_string().contains("accepts tokens of 1 other provider"), "{error}");
    let verification = site.verify(&wanted, &outputs).await;
    let check = verification.get(CheckName::ApiClient).unwrap();
    assert!(check.status == CheckStatus::Warn && check.message.contains("1 other provider"));
    let adopting = site.builder().adopt(true).build().unwrap();
    let plan = site.plan(&adopting).await;
    site.client.apply(&plan).await.unwrap();
    assert!(!site.plan(&wanted).await.has_changes());
    let verification = site.verify(&wanted, &outputs).await;
    assert_eq!(verification.get(CheckName::ApiClient).unwrap().status, CheckStatus::Pass);
}
