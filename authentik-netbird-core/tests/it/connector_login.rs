//! The connector mode, proved by logins: what was set up logs people in, and what a verification says of a set-up is what a
//! login meets.

use authentik_netbird_core::integration::{ModeKind, UserApproval};
use authentik_netbird_core::plan::WarningKind;
use authentik_netbird_core::verify::CheckStatus;
use authentik_netbird_core::{
    AppPasswordExpiry, Client, NetbirdIntegration, NetbirdIntegrationBuilder, Plan, Verification,
};
use authentik_simulator::netbird::{LoginError, NetbirdSimulator, State, User};
use authentik_simulator::{KeyType, Release, Simulator};

struct Site {
    authentik: Simulator,
    netbird: NetbirdSimulator,
    client: Client,
    wanted: NetbirdIntegration,
}

/// Two servers that are set up, and two people in authentik: Alice in two groups, Bob in none.
async fn start(
    release: Release,
    asking: fn(NetbirdIntegrationBuilder) -> NetbirdIntegrationBuilder,
) -> Site {
    let authentik = Simulator::builder().release(release).start().unwrap();
    let netbird = NetbirdSimulator::start().unwrap();
    authentik.edit(|state| {
        for (username, name) in [("alice", "Alice Doe"), ("bob", "Bob Doe")] {
            let user = state.add_user(username);
            name.clone_into(&mut user.name);
            user.email = format!("{username}@netbird.company");
        }
        let alice = state.users.iter().find(|user| user.username == "alice").unwrap().pk;
        for group in ["vpn", "accounting"] {
            state.add_group(group).users.push(alice);
        }
    });
    let client = Client::builder(authentik.url()).token(authentik.token());
    let client = client.netbird(netbird.url(), netbird.token()).build().unwrap();
    let builder = NetbirdIntegration::builder(authentik.url(), "netbird.company");
    let builder = builder.mode(ModeKind::Connector).user_approval(UserApproval::NotRequired);
    let wanted = asking(builder).build().unwrap();
    let site = Site { authentik, netbird, client, wanted };
    site.apply().await;
    site
}

impl Site {
    async fn apply(&self) {
        let plan = self.client.plan(&self.wanted).await.unwrap();
        self.client.apply(&plan).await.unwrap();
    }

    /// What NetBird knows of somebody after a login.
    fn log_in(&self, username: &str) -> Result<User, LoginError> {
        let connector = self.netbird.edit(|state| state.connectors[0].id.clone());
        let token = self.netbird.log_in(&self.authentik, &connector, username)?;
        self.netbird.current_user(&token)
    }

    async fn verify(&self) -> Verification {
        let outputs = self.client.outputs(&self.wanted).await.unwrap();
        self.client.verify(&self.wanted, &outputs).await.unwrap()
    }
}

fn plain(builder: NetbirdIntegrationBuilder) -> NetbirdIntegrationBuilder {
    builder
}

#[tokio::test]
async fn people_log_in_on_each_release() {
    for release in Release::ALL.iter().copied() {
        let site = start(release, plain).await;
        let alice = site.log_in("alice").unwrap();
        assert_eq!((alice.name.as_str(), alice.role.as_str()), ("Alice Doe", "user"), "{release}");
        assert_eq!(alice.email, "alice@netbird.company", "{release}");
        // The same person stays the same user.
        assert_eq!(site.log_in("alice").unwrap().id, alice.id, "{release}");
    }
}

#[tokio::test]
async fn netbird_gets_the_chosen_groups_and_lets_in_who_is_in_them() {
    let asking = |builder: NetbirdIntegrationBuilder| {
        builder.claim_group("vpn").sync_groups(true).allowed_group("vpn")
    };
    let site = start(Release::V2026_5, asking).await;
    let alice = site.log_in("alice").unwrap();
    let groups = site.netbird.edit(|state| {
        let of = state.groups.iter().filter(|group| alice.auto_groups.contains(&group.id));
        of.map(|group| group.name.clone()).collect::<Vec<_>>()
    });
    assert_eq!(groups, ["vpn"]);
    let error = site.log_in("bob").unwrap_err();
    assert!(matches!(error, LoginError::Netbird { status: 401, .. }), "{error}");
}

#[tokio::test]
async fn a_rotation_needs_the_restart_that_it_asks_for() {
    let site = start(Release::V2026_5, plain).await;
    site.log_in("alice").unwrap();
    let plan = site.client.plan_rotate(&site.wanted, AppPasswordExpiry::Keep).await.unwrap();
    site.client.apply(&plan).await.unwrap();
    let error = site.log_in("alice").unwrap_err();
    assert!(matches!(error, LoginError::Netbird { status: 500, .. }), "{error}");
    site.netbird.edit(State::restart);
    site.log_in("alice").unwrap();
}

/// After NetBird's own migration the connector is in its `management.json`, from which each start takes it: NetBird 0.77.1
/// keeps it, with its id, once it is removed there.
#[tokio::test]
async fn a_connector_of_a_migration_is_warned_of_until_it_is_netbirds_own() {
    let site = start(Release::V2026_5, plain).await;
    site.netbird.edit(|state| {
        "authentik".clone_into(&mut state.connectors[0].id);
        state.static_connectors = state.connectors.clone();
        state.restart();
    });
    let quiet = site.client.plan(&site.wanted).await.unwrap();
    assert!(!quiet.has_changes() && !has_static(&quiet), "{quiet}");
    let plan = site.client.plan_rotate(&site.wanted, AppPasswordExpiry::Keep).await.unwrap();
    assert!(has_static(&plan), "{plan}");
    site.client.apply(&plan).await.unwrap();
    site.netbird.edit(State::restart);
    site.log_in("alice").unwrap_err();
    let plan = site.client.plan_teardown(&site.wanted).await.unwrap();
    assert!(has_static(&plan), "{plan}");
    // What the warning says to do.
    site.netbird.edit(|state| state.static_connectors.clear());
    let plan = site.client.plan_rotate(&site.wanted, AppPasswordExpiry::Keep).await.unwrap();
    site.client.apply(&plan).await.unwrap();
    site.netbird.edit(State::restart);
    site.log_in("alice").unwrap();
}

fn has_static(plan: &Plan) -> bool {
    plan.warnings.iter().any(|warning| warning.kind == WarningKind::StaticConnector)
}

/// Each thing that breaks logins fails a verification, what breaks none fails none, and a plan with a restart of
/// NetBird brings logins back.
#[tokio::test]
async fn a_verification_says_what_a_login_meets() {
    type Break = fn(&Site);
    let cases: [(&str, Break); 8] = [
        ("nothing", |_| ()),
        ("no signing key", |site| site.provider(|one| one.signing_key = None)),
        ("an encryption key", |site| {
            let key = site.authentik.edit(|state| state.certificates[0].pk.clone());
            site.provider(|one| one.encryption_key = Some(key));
        }),
        ("no claims", |site| site.provider(|one| one.include_claims_in_id_token = false)),
        ("no scope mappings", |site| site.provider(|one| one.property_mappings.clear())),
        ("no callback", |site| site.provider(|one| one.redirect_uris.clear())),
        ("no grant type", |site| site.provider(|one| one.grant_types.clear())),
        ("another client id", |site| {
            site.netbird.edit(|state| "x".clone_into(&mut state.connectors[0].client_id));
        }),
    ];
    for (case, break_it) in cases {
        let site = start(Release::V2026_5, plain).await;
        break_it(&site);
        let verification = site.verify().await;
        let login = site.log_in("alice");
        assert_eq!(verification.is_success(), login.is_ok(), "{case}: {login:?}\n{verification}");
        let is_fixed = |check: &authentik_netbird_core::verify::Check| check.fixed_by_plan;
        assert!(verification.with(CheckStatus::Fail).all(|check| is_fixed(check) == Some(true)));
        site.apply().await;
        site.netbird.edit(State::restart);
        assert!(site.verify().await.is_success(), "{case}");
        site.log_in("alice").unwrap_or_else(|error| panic!("{case}: {error}"));
    }
}

/// An elliptic key in use is left alone, and people log in with it.
#[tokio::test]
async fn an_elliptic_key_in_use_stays() {
    let site = start(Release::V2026_5, plain).await;
    let key = site.authentik.edit(|state| state.add_certificate("ec", KeyType::Ec).pk.clone());
    site.provider(|one| one.signing_key = Some(key.clone()));
    let plan = site.client.plan(&site.wanted).await.unwrap();
    assert!(!plan.has_changes(), "{plan}");
    assert!(site.verify().await.is_success());
    site.log_in("alice").unwrap();
}

impl Site {
    fn provider(&self, change: impl FnOnce(&mut authentik_simulator::Provider)) {
        self.authentik.edit(|state| change(&mut state.providers[0]));
    }
}
