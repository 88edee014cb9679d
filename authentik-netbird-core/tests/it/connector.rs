//! The connector mode on both simulated servers: set-up, nothing to do, drift, rotation, teardown, and what is a
//! conflict.

use authentik_netbird_core::client::{Owner, first_start, netbird_instance};
use authentik_netbird_core::ids::OperationId;
use authentik_netbird_core::integration::{ModeKind, UserApproval};
use authentik_netbird_core::plan::WarningKind;
use authentik_netbird_core::verify::{CheckName, CheckStatus, NetbirdSettings, Verification};
use authentik_netbird_core::{
    AppPasswordExpiry, ApplyEvent, Client, ConnectionOptions, NetbirdIntegration,
    NetbirdIntegrationBuilder, Plan, Secret,
};
use authentik_simulator::netbird::NetbirdSimulator;
use authentik_simulator::{Effect, Fault, FaultAnswer, Release, Simulator, round_trips};

use crate::support::running::LATENCY;

struct Site {
    authentik: Simulator,
    netbird: NetbirdSimulator,
    client: Client,
}

fn start(release: Release) -> Site {
    let authentik = Simulator::builder().release(release).start().unwrap();
    let netbird = NetbirdSimulator::start().unwrap();
    let client = Client::builder(authentik.url()).token(authentik.token());
    let client = client.netbird(netbird.url(), netbird.token()).build().unwrap();
    Site { authentik, netbird, client }
}

impl Site {
    fn builder(&self) -> NetbirdIntegrationBuilder {
        NetbirdIntegration::builder(self.authentik.url(), "netbird.company")
            .mode(ModeKind::Connector)
    }

    fn wanted(&self) -> NetbirdIntegration {
        self.builder().build().unwrap()
    }

    async fn apply(&self, wanted: &NetbirdIntegration) -> Plan {
        let plan = self.client.plan(wanted).await.unwrap();
        self.client.apply(&plan).await.unwrap();
        plan
    }

    fn connector(&self) -> authentik_simulator::netbird::Connector {
        self.netbird.edit(|state| {
            assert_eq!(state.connectors.len(), 1);
            state.connectors[0].clone()
        })
    }

    /// Adds what another apply at the same time would have left, with a secret that nobody knows. Returns its id.
    fn add_twin(&self) -> String {
        self.netbird.edit(|state| {
            let first = state.connectors[0].clone();
            let twin = state.add_connector(&first.kind, &first.name, &first.issuer);
            twin.client_id = first.client_id;
            twin.client_secret = "another".into();
            twin.id.clone()
        })
    }

    fn secret(&self) -> String {
        self.authentik.edit(|state| state.providers[0].client_secret.to_string())
    }
}

fn kinds(plan: &Plan) -> Vec<WarningKind> {
    plan.warnings.iter().map(|warning| warning.kind).collect()
}

#[tokio::test]
async fn a_first_apply_sets_both_servers_up_and_a_second_one_finds_nothing_to_do() {
    for release in Release::ALL.iter().copied() {
        let site = start(release);
        let wanted = site.wanted();
        let plan = site.client.plan(&wanted).await.unwrap();
        let outcome = site.client.apply(&plan).await.unwrap();
        let connector = site.connector();
        assert_eq!(connector.issuer, outcome.outputs().unwrap().issuer());
        assert_eq!(connector.client_secret.to_string(), site.secret(), "{release}");
        let again = site.client.plan(&wanted).await.unwrap();
        assert!(!again.has_changes(), "{release} {again}");
    }
}

#[tokio::test]
async fn what_was_asked_for_is_set_and_no_other_setting_of_the_account_changes() {
    let site = start(Release::V2026_5);
    let before = site.netbird.edit(|state| state.accounts[0].settings.clone());
    let wanted = site
        .builder()
        .claim_group("NetBird users")
        .sync_groups(true)
        .allowed_group("NetBird users")
        .user_approval(UserApproval::NotRequired)
        .build()
        .unwrap();
    let plan = site.apply(&wanted).await;
    assert!(kinds(&plan).contains(&WarningKind::OnlyGroups));
    // Nobody is kept out by groups before authentik sends them.
    let settings =
        plan.operations.iter().find(|one| one.id.as_str() == "account-settings").unwrap();
    let first: Vec<&str> = settings.depends_on.iter().map(OperationId::as_str).collect();
    assert_eq!(first, ["groups-claim", "provider", "identity-provider"]);
    let after = site.netbird.edit(|state| state.accounts[0].settings.clone());
    let mut expected = before;
    expected.jwt_groups_enabled = true;
    expected.jwt_groups_claim_name = "groups".to_owned();
    expected.jwt_allow_groups = vec!["NetBird users".to_owned()];
    expected.extra.as_mut().unwrap().user_approval_required = false;
    assert_eq!(format!("{after:?}"), format!("{expected:?}"));
    let again = site.client.plan(&wanted).await.unwrap();
    assert!(!again.has_changes(), "{again}");
    // The mapping with the groups is in the place of authentik's own one.
    site.authentik.edit(|state| {
        let mappings = &state.providers[0].property_mappings;
        let of = |scope: &str| {
            let all = state.scope_mappings.iter().filter(|one| mappings.contains(&one.pk));
            all.filter(|one| one.scope_name == scope).count()
        };
        assert_eq!((of("profile"), of("email"), of("openid"), mappings.len()), (1, 1, 1, 3));
    });
}

#[tokio::test]
async fn nobody_gets_in_before_access_is_restricted() {
    let site = start(Release::V2026_5);
    let wanted = site.builder().access_group("vpn").create_access_groups(true);
    let wanted = wanted.user_approval(UserApproval::NotRequired).build().unwrap();
    let plan = site.client.plan(&wanted).await.unwrap();
    for name in ["identity-provider", "account-settings"] {
        let operation = plan.operations.iter().find(|one| one.id.as_str() == name).unwrap();
        assert!(operation.depends_on.iter().any(|one| one.as_str() == "access-1"), "{operation:?}");
    }
}

/// Who may log in does not change with a secret, and nothing that fails in between may part its two halves.
#[tokio::test]
async fn a_new_secret_waits_for_nothing_but_itself() {
    let site = start(Release::V2026_5);
    site.apply(&site.wanted()).await;
    let wanted = site.builder().access_group("vpn").create_access_groups(true).send_secret(true);
    let plan = site.client.plan(&wanted.build().unwrap()).await.unwrap();
    let operation = plan.operations.iter().find(|one| one.id.as_str() == "identity-provider");
    let first: Vec<&str> = operation.unwrap().depends_on.iter().map(OperationId::as_str).collect();
    assert_eq!(first, ["client-secret"], "{plan}");
}

/// A stop in between would leave a secret in authentik that NetBird does not have, and no plan would show it.
#[tokio::test]
async fn a_rotation_that_is_stopped_still_hands_the_new_secret_over() {
    let site = start(Release::V2026_5);
    let wanted = site.wanted();
    site.apply(&wanted).await;
    let before = site.secret();
    let plan = site.client.plan_rotate(&wanted, AppPasswordExpiry::Keep).await.unwrap();
    let stopper = site.client.clone();
    let outcome = site.client.apply_with(&plan, move |event| {
        if let ApplyEvent::Started(_) = event {
            stopper.stop();
        }
    });
    outcome.await.unwrap();
    assert_ne!(site.secret(), before);
    assert_eq!(site.connector().client_secret.to_string(), site.secret());
}

#[tokio::test]
async fn a_rotation_sets_another_secret_in_authentik_and_then_in_netbird() {
    let site = start(Release::V2025_10);
    let wanted = site.wanted();
    site.apply(&wanted).await;
    let before = site.secret();
    let plan = site.client.plan_rotate(&wanted, AppPasswordExpiry::Keep).await.unwrap();
    assert!(kinds(&plan).contains(&WarningKind::RestartNetbird));
    assert!(plan.to_string().starts_with("Rotate the client secret of NetBird"), "{plan}");
    let outcome = site.client.apply(&plan).await.unwrap();
    let connector = outcome.outputs().unwrap().connector.clone().unwrap();
    assert_ne!(site.secret(), before);
    assert_eq!(site.connector().client_secret.to_string(), site.secret());
    assert_eq!(connector.client_secret.unwrap().expose(), site.secret());
}

#[tokio::test]
async fn a_teardown_removes_what_a_set_up_created_and_netbirds_identity_provider_first() {
    let site = start(Release::V2026_5);
    let wanted = site.builder().claim_groups_prefix("nb-").build().unwrap();
    let before = site.authentik.dump();
    site.apply(&wanted).await;
    let plan = site.client.plan_teardown(&wanted).await.unwrap();
    assert_eq!(plan.changes().next().unwrap().id.as_str(), "identity-provider");
    site.client.apply(&plan).await.unwrap();
    site.netbird.edit(|state| assert!(state.connectors.is_empty()));
    let after = site.authentik.dump();
    for list in ["providers", "applications", "scope_mappings"] {
        assert_eq!(after[list], before[list], "{list}");
    }
    let again = site.client.plan_teardown(&wanted).await.unwrap();
    assert!(!again.has_changes() && again.operations.is_empty(), "{again}");
}

#[tokio::test]
async fn an_identity_provider_of_the_dashboard_is_kept_and_gets_what_it_needs() {
    let site = start(Release::V2026_5);
    let wanted = site.wanted();
    site.apply(&wanted).await;
    let issuer = site.connector().issuer;
    let id = site.netbird.edit(|state| {
        state.connectors.clear();
        let connector = state.add_connector("oidc", "Company login", &issuer);
        connector.client_id = "another".to_owned();
        connector.id.clone()
    });
    site.apply(&wanted).await;
    let connector = site.connector();
    assert_eq!(
        (connector.id, connector.name, connector.kind),
        (id, "Company login".to_owned(), "oidc".to_owned())
    );
    assert_eq!(connector.client_secret.to_string(), site.secret());
    assert!(!site.client.plan(&wanted).await.unwrap().has_changes());
}

#[tokio::test]
async fn what_would_harm_people_is_a_conflict() {
    let site = start(Release::V2026_5);
    let blocked = async || site.client.plan(&site.wanted()).await.unwrap_err().to_string();
    site.netbird.edit(|state| state.accounts[0].domain.clear());
    let error = blocked().await;
    assert!(error.contains("would become the owner of a separate account"), "{error}");
    site.netbird.edit(|state| state.accounts[0].domain = "netbird.selfhosted".to_owned());
    let issuer = format!("{}/application/o/netbird/", site.authentik.url());
    site.netbird.edit(|state| {
        state.add_connector("authentik", "one", &issuer);
        state.add_connector("oidc", "two", &issuer);
    });
    let error = blocked().await;
    assert!(error.contains("\"one\"") && error.contains("\"two\""), "{error}");
    site.netbird.edit(|state| {
        state.connectors.truncate(1);
        state.connectors[0].name = "authentik".to_owned();
        state.connectors[0].issuer = "https://other.company/".to_owned();
    });
    let error = blocked().await;
    assert!(error.contains("it has another issuer, https://other.company/"), "{error}");
}

#[tokio::test]
async fn a_provider_of_the_other_mode_is_never_converted() {
    let site = start(Release::V2026_5);
    let standalone = NetbirdIntegration::builder(site.authentik.url(), "netbird.company");
    let standalone = standalone.adopt(true).build().unwrap();
    site.apply(&standalone).await;
    let connector = site.builder().adopt(true).build().unwrap();
    let error = site.client.plan(&connector).await.unwrap_err().to_string();
    assert!(error.contains("it is the client of a standalone NetBird"), "{error}");
    // Nor does another conflict offer what does not help.
    let elsewhere = site.builder().application_slug("elsewhere").build().unwrap();
    let error = site.client.plan(&elsewhere).await.unwrap_err().to_string();
    assert!(error.contains("Set another `provider_name`") && !error.contains("adopt"), "{error}");
    // Nor is its application taken away, which would end its logins, too.
    let beside = site.builder().adopt(true).provider_name("Dex").build().unwrap();
    let error = site.client.plan(&beside).await.unwrap_err().to_string();
    assert!(error.contains("its provider \"NetBird\" is the client of a standalone"), "{error}");

    let site = start(Release::V2026_5);
    site.apply(&site.wanted()).await;
    let standalone = NetbirdIntegration::builder(site.authentik.url(), "netbird.company");
    let standalone = standalone.adopt(true).build().unwrap();
    let error = site.client.plan(&standalone).await.unwrap_err().to_string();
    assert!(error.contains("it is the connector of NetBird's embedded"), "{error}");
    let beside = NetbirdIntegration::builder(site.authentik.url(), "netbird.company");
    let beside = beside.adopt(true).provider_name("Standalone").build().unwrap();
    let error = site.client.plan(&beside).await.unwrap_err().to_string();
    assert!(error.contains("its provider \"NetBird\" is the connector of NetBird's"), "{error}");
    // Nor does another mode rotate or remove it, and both name the right one.
    let rotation = site.client.plan_rotate(&standalone, AppPasswordExpiry::Keep).await;
    let error = rotation.unwrap_err().to_string();
    assert!(error.contains("set `mode` to `connector`"), "{error}");
    let teardown = site.client.plan_teardown(&standalone).await.unwrap();
    let text = teardown.to_string();
    assert!(!teardown.has_changes() && text.contains("set `mode` to `connector`"), "{text}");
}

#[tokio::test]
async fn without_netbirds_token_authentik_is_set_up_and_the_rest_is_said() {
    let site = start(Release::V2026_5);
    let client = Client::builder(site.authentik.url()).token(site.authentik.token());
    let client = client.build().unwrap();
    let plan = client.plan(&site.wanted()).await.unwrap();
    assert!(kinds(&plan).contains(&WarningKind::NetbirdUnread), "{plan}");
    let outcome = client.apply(&plan).await.unwrap();
    let outputs = outcome.outputs().unwrap();
    let form = outputs.dashboard_form().unwrap().to_string();
    assert!(form.contains("Client Secret  ***") && !form.contains(&site.secret()), "{form}");
    let secret = outputs.connector.as_ref().unwrap().client_secret.as_ref().unwrap();
    assert_eq!(secret.expose(), site.secret());
    // It can be read later, too.
    let outputs = client.outputs(&site.wanted()).await.unwrap();
    assert_eq!(outputs.connector.unwrap().client_secret.unwrap().expose(), site.secret());
    // A wrong token is an error: somebody gave it.
    let wrong = Client::builder(site.authentik.url()).token(site.authentik.token());
    let wrong = wrong.netbird(site.netbird.url(), "nbp_wrong").build().unwrap();
    let error = wrong.plan(&site.wanted()).await.unwrap_err();
    assert!(error.chain().contains("Team > Users"), "{}", error.chain());
}

#[tokio::test]
async fn round_trips_and_requests_are_as_few_as_promised() {
    let site = start(Release::V2026_5);
    let wanted = site.wanted();
    site.authentik.set_latency(LATENCY);
    site.netbird.set_latency(LATENCY);
    site.apply(&wanted).await;
    // Each server has a clock that starts with it, so they are counted one by one: reads, provider,
    // application, and NetBird's own read of the discovery document; reads, and the identity provider.
    let (of_authentik, of_netbird) = (site.authentik.requests(), site.netbird.requests());
    assert_eq!((round_trips(&of_authentik), round_trips(&of_netbird)), (4, 2));
    site.authentik.clear_requests();
    site.netbird.clear_requests();
    assert!(!site.client.plan(&wanted).await.unwrap().has_changes());
    let (of_authentik, of_netbird) = (site.authentik.requests(), site.netbird.requests());
    assert_eq!((round_trips(&of_authentik), round_trips(&of_netbird)), (1, 1));
    assert_eq!((of_authentik.len(), of_netbird.len()), (7, 2));
}

impl Site {
    async fn verify(&self, wanted: &NetbirdIntegration) -> Verification {
        let settings = self.client.netbird_settings(wanted).await.unwrap();
        self.client.verify_settings(&settings, Some(wanted)).await.unwrap()
    }

    /// The checks that fail, and whether a plan fixes them.
    async fn failures(&self, wanted: &NetbirdIntegration) -> Vec<(CheckName, Option<bool>)> {
        let verification = self.verify(wanted).await;
        let failed = verification.with(CheckStatus::Fail);
        failed.map(|check| (check.name, check.fixed_by_plan)).collect()
    }
}

#[tokio::test]
async fn what_was_set_up_is_verified_on_each_release_without_writing() {
    for release in Release::ALL.iter().copied() {
        let site = start(release);
        let wanted = site.builder().claim_group("vpn").sync_groups(true).build().unwrap();
        site.apply(&wanted).await;
        site.authentik.clear_requests();
        site.netbird.clear_requests();
        let verification = site.verify(&wanted).await;
        assert!(verification.is_success(), "{release}\n{verification}");
        assert!(site.netbird.requests().iter().all(|request| !request.is_write()));
        assert!(site.authentik.requests().iter().all(|request| !request.is_write()));
        let text = format!("{verification}{}", verification.to_json());
        assert!(!text.contains(&site.secret()) && !text.contains(site.netbird.token()));
    }
}

/// Two applies at the same time may leave two. Nobody can tell which secret one has that nobody used.
#[tokio::test]
async fn a_duplicate_without_users_is_removed_and_the_one_that_stays_has_the_secret() {
    let site = start(Release::V2026_5);
    let wanted = site.wanted();
    site.apply(&wanted).await;
    let first = site.connector().id;
    let twin = site.add_twin();
    site.netbird.edit(|state| {
        state.connectors.iter_mut().for_each(|one| one.client_secret = "another".into());
    });
    let plan = site.apply(&wanted).await;
    let changed: Vec<&str> = plan.changes().map(|one| one.id.as_str()).collect();
    let expected = ["client-secret", "identity-provider", "identity-provider-duplicate-1"];
    assert_eq!(changed, expected, "{plan}");
    let (kept, removed) = if first < twin { (first, twin) } else { (twin, first) };
    assert!(plan.to_string().contains(&format!("id      - {removed}")), "{plan}");
    assert_eq!(site.connector().id, kept);
    assert_eq!(site.connector().client_secret.to_string(), site.secret());
    assert!(!site.client.plan(&wanted).await.unwrap().has_changes());

    // The one that people log in through stays as it is.
    site.add_twin();
    site.netbird.edit(|state| {
        state.connectors[1].id = format!("authentik-{}", "0".repeat(20));
        state.add_user("6", &kept, "user");
    });
    let plan = site.apply(&wanted).await;
    let changed: Vec<&str> = plan.changes().map(|one| one.id.as_str()).collect();
    assert_eq!(changed, ["identity-provider-duplicate-1"], "{plan}");
    assert_eq!(site.connector().id, kept);

    // A teardown removes all.
    site.add_twin();
    let plan = site.client.plan_teardown(&wanted).await.unwrap();
    site.client.apply(&plan).await.unwrap();
    assert!(site.netbird.edit(|state| state.connectors.is_empty()));
}

#[tokio::test]
async fn what_only_a_person_can_tell_apart_is_a_conflict_that_says_how() {
    let site = start(Release::V2026_5);
    let wanted = site.wanted();
    site.apply(&wanted).await;
    let conflict = async || site.client.plan(&wanted).await.unwrap_err().to_string();
    // Somebody else's name, or an id from management.json, is not what an apply creates.
    let twin = site.add_twin();
    site.netbird.edit(|state| {
        let first = state.connectors[0].id.clone();
        state.add_user("6", &first, "user");
        "Company login".clone_into(&mut state.connectors[1].name);
    });
    let error = conflict().await;
    assert!(error.contains(&format!("\"Company login\" ({twin}, 0 users)")), "{error}");
    assert!(error.contains(", 1 user)") && error.contains("come back as new users"), "{error}");
    assert_eq!(site.failures(&wanted).await, [(CheckName::IdentityProvider, Some(false))]);
    let rotation = site.client.plan_rotate(&wanted, AppPasswordExpiry::Keep).await.unwrap_err();
    assert!(rotation.to_string().contains("A plan with the token of an owner"), "{rotation}");
    // A NetBird that does not show everyone may hide the users of either.
    site.netbird.edit(|state| {
        "authentik".clone_into(&mut state.connectors[1].name);
        state.add_user("7", "not in base64", "user").id = "plain".to_owned();
    });
    let error = conflict().await;
    assert!(!error.contains("1 user") && error.contains("shows which have users"), "{error}");
}

/// A fault, the check that fails, and whether a plan fixes it.
type Broken = (&'static str, fn(&Site), CheckName, bool);

fn faults() -> [Broken; 11] {
    use CheckName as Name;
    [
        (
            "the callback is gone",
            |site| site.authentik.edit(|state| state.providers[0].redirect_uris.clear()),
            Name::RedirectUris,
            true,
        ),
        (
            "no signing key",
            |site| site.authentik.edit(|state| state.providers[0].signing_key = None),
            Name::SigningKey,
            true,
        ),
        (
            "a public client",
            |site| {
                site.authentik
                    .edit(|state| "public".clone_into(&mut state.providers[0].client_type));
            },
            Name::Client,
            true,
        ),
        (
            "claims are not in the id token",
            |site| {
                site.authentik.edit(|state| {
                    state.providers[0].include_claims_in_id_token = false;
                });
            },
            Name::Claims,
            true,
        ),
        (
            "NetBird has no identity provider",
            |site| site.netbird.edit(|state| state.connectors.clear()),
            Name::IdentityProvider,
            true,
        ),
        (
            "NetBird has another client id",
            |site| site.netbird.edit(|state| "x".clone_into(&mut state.connectors[0].client_id)),
            Name::IdentityProvider,
            true,
        ),
        (
            "two identity providers, one without users",
            |site| drop(site.add_twin()),
            Name::IdentityProvider,
            true,
        ),
        (
            "the account has no domain",
            |site| site.netbird.edit(|state| state.accounts[0].domain.clear()),
            Name::IdentityProvider,
            false,
        ),
        (
            "the application is gone",
            |site| {
                site.authentik.edit(|state| {
                    state.applications.clear();
                    state.policy_bindings.clear();
                });
            },
            Name::Discovery,
            true,
        ),
        (
            "groups are required by a claim that authentik does not emit",
            |site| {
                site.netbird.edit(|state| {
                    let settings = &mut state.accounts[0].settings;
                    settings.jwt_groups_enabled = true;
                    "roles".clone_into(&mut settings.jwt_groups_claim_name);
                    settings.jwt_allow_groups = vec!["vpn".to_owned()];
                });
            },
            Name::GroupSync,
            false,
        ),
        (
            "nothing was set up",
            |site| {
                site.authentik.edit(|state| {
                    state.providers.clear();
                    state.applications.clear();
                });
            },
            Name::Client,
            true,
        ),
    ]
}

#[tokio::test]
async fn each_fault_fails_one_check_that_says_whether_a_plan_fixes_it() {
    for (case, break_it, name, is_fixed) in faults() {
        let site = start(Release::V2026_5);
        let wanted = site.wanted();
        site.apply(&wanted).await;
        break_it(&site);
        let failures = site.failures(&wanted).await;
        assert!(failures.contains(&(name, Some(is_fixed))), "{case}: {failures:?}");
        let count = if case == "nothing was set up" { 2 } else { 1 };
        assert_eq!(failures.len(), count, "{case}: {failures:?}");
        if !is_fixed {
            continue;
        }
        site.apply(&wanted).await;
        assert_eq!(site.failures(&wanted).await, [], "{case}");
    }
}

#[tokio::test]
async fn a_wrong_secret_is_told_from_a_wrong_code() {
    let site = start(Release::V2026_5);
    let wanted = site.wanted();
    let plan = site.client.plan(&wanted).await.unwrap();
    let outcome = site.client.apply(&plan).await.unwrap();
    let mut outputs = outcome.outputs().unwrap().clone();
    assert!(site.client.verify(&wanted, &outputs).await.unwrap().is_success());
    outputs.connector.as_mut().unwrap().client_secret = Some("entered by hand".into());
    let verification = site.client.verify(&wanted, &outputs).await.unwrap();
    let check = verification.get(CheckName::ClientSecret).unwrap();
    assert_eq!(check.status, CheckStatus::Fail, "{verification}");
    assert!(!format!("{verification}").contains("entered by hand"));
}

#[tokio::test]
async fn an_application_that_lets_nobody_in_is_a_warning() {
    let site = start(Release::V2026_5);
    let wanted = site.builder().access_group("vpn").create_access_groups(true).build().unwrap();
    site.apply(&wanted).await;
    let access = async || {
        let verification = site.verify(&wanted).await;
        assert!(verification.is_success(), "{verification}");
        verification.get(CheckName::ApplicationAccess).unwrap().clone()
    };
    let check = access().await;
    assert_eq!(check.status, CheckStatus::Warn, "{check}");
    assert!(check.message.contains("no active person"), "{check}");
    let status = site.client.status(&wanted).await.unwrap().verification;
    assert_eq!(status.get(CheckName::ApplicationAccess), Some(&check), "{status}");
    site.authentik.edit(|state| {
        let alice = state.add_user("alice").pk;
        let vpn = state.groups.iter_mut().find(|group| group.name == "vpn");
        vpn.unwrap().users.push(alice);
    });
    assert_eq!(access().await.status, CheckStatus::Pass);
}

#[tokio::test]
async fn what_cannot_be_read_of_netbird_is_unknown() {
    let site = start(Release::V2026_5);
    let wanted = site.wanted();
    site.apply(&wanted).await;
    let client = Client::builder(site.authentik.url()).token(site.authentik.token());
    let client = client.build().unwrap();
    let settings = NetbirdSettings::parse("");
    let verification = client.verify_settings(&settings, Some(&wanted)).await.unwrap();
    assert!(!verification.is_complete() && verification.clone().into_result().is_ok());
    let unknown: Vec<CheckName> =
        verification.with(CheckStatus::Unknown).map(|check| check.name).collect();
    let expected = [CheckName::IdentityProvider, CheckName::GroupSync, CheckName::UserApproval];
    assert_eq!(unknown, expected, "{verification}");
}

#[tokio::test]
async fn the_mode_is_what_netbird_says() {
    for (is_embedded, mode) in [(true, ModeKind::Connector), (false, ModeKind::Standalone)] {
        let netbird = NetbirdSimulator::builder().embedded(is_embedded).start().unwrap();
        let client = Client::builder("https://authentik.company").token("ak-token");
        let client = client.netbird(netbird.url(), netbird.token()).build().unwrap();
        assert_eq!(client.detect_mode().await, Some(mode));
        let options = ConnectionOptions::new();
        for (token, accepted) in [(netbird.token(), true), ("nbp_wrong", false)] {
            let token = Secret::from(token);
            let found = netbird_instance(netbird.url(), Some(&token), &options).await.unwrap();
            let found = (found.mode, found.setup_required, found.accepts_token);
            assert_eq!(found, (mode, false, Some(accepted)));
        }
        // What only the proxy in front of it says is not taken for the other mode, nor for a NetBird with an owner.
        for path in ["/oauth2/", "/api/instance"] {
            let page = FaultAnswer::html(502, "<title>Bad Gateway</title>");
            netbird.add_fault(Fault::new(Effect::Answer(page)).on_path(path).times(1));
            let found = netbird_instance(netbird.url(), None, &options).await;
            let error = found.expect_err(path).chain();
            assert!(error.contains("Bad Gateway"), "{error}");
        }
        netbird.add_fault(Fault::new(Effect::Cut));
        assert_eq!(client.detect_mode().await, None);
    }
    let new = NetbirdSimulator::builder().set_up(false).start().unwrap();
    let found = netbird_instance(new.url(), None, &ConnectionOptions::new()).await.unwrap();
    assert!(found.setup_required && found.accepts_token.is_none());
}

#[tokio::test]
async fn a_first_start_gives_a_token_with_which_the_connector_can_be_set_up() {
    let authentik = Simulator::start().unwrap();
    let netbird = NetbirdSimulator::builder().set_up(false).start().unwrap();
    let owner = Owner {
        email: "owner@netbird.company".to_owned(),
        name: "Owner".to_owned(),
        password: "correct horse battery".into(),
    };
    let options = ConnectionOptions::new();
    let first = first_start(netbird.url(), &owner, 30, &options).await.unwrap();
    // Again: another token of the same owner.
    let token = first_start(netbird.url(), &owner, 30, &options).await.unwrap();
    assert_ne!(first, token);
    netbird.edit(|state| {
        assert_eq!((state.accounts.len(), state.local_users.len()), (1, 1));
        assert_eq!(state.accounts[0].domain, "netbird.selfhosted");
    });
    let client = Client::builder(authentik.url()).token(authentik.token());
    let client = client.netbird(netbird.url(), token).build().unwrap();
    let wanted = NetbirdIntegration::builder(authentik.url(), "netbird.company");
    let wanted = wanted.mode(ModeKind::Connector).build().unwrap();
    client.apply(&client.plan(&wanted).await.unwrap()).await.unwrap();

    let wrong = Owner { password: "another password".into(), ..owner };
    let error = first_start(netbird.url(), &wrong, 30, &options).await.unwrap_err().chain();
    assert!(error.contains("NetBird refuses the e-mail address or the password"), "{error}");
    assert!(!error.contains("another password"));
    let error = first_start("http://netbird.company", &wrong, 0, &options).await.unwrap_err();
    let fields: Vec<&str> = error.issues().iter().map(|issue| issue.field.as_str()).collect();
    assert_eq!(fields, ["netbird_url", "days"]);
}

#[tokio::test]
async fn a_rotation_is_refused_while_netbird_cannot_be_reached() {
    let site = start(Release::V2026_5);
    let wanted = site.wanted();
    site.apply(&wanted).await;
    let page = FaultAnswer::html(502, "<title>Bad Gateway</title>");
    site.netbird.add_fault(Fault::new(Effect::Answer(page)));
    let error = site.client.plan_rotate(&wanted, AppPasswordExpiry::Keep).await.unwrap_err();
    assert!(error.to_string().contains("would keep the old secret"), "{error}");
    // Without its token the other half is somebody else's.
    let client = Client::builder(site.authentik.url()).token(site.authentik.token());
    let client = client.build().unwrap();
    let plan = client.plan_rotate(&wanted, AppPasswordExpiry::Keep).await.unwrap();
    assert!(kinds(&plan).contains(&WarningKind::NetbirdUnread), "{plan}");
}

#[tokio::test]
async fn a_url_that_is_not_netbirds_is_an_error_and_not_half_a_plan() {
    let site = start(Release::V2026_5);
    let there = "https://netbird.company/api/accounts";
    let elsewhere = [
        (
            FaultAnswer::empty(301).header("Location", there),
            "answers at. https://netbird.company may be it",
        ),
        (FaultAnswer::html(404, "<title>Not Found</title>"), "URL is NetBird's base URL"),
        (FaultAnswer::html(200, "<title>Log in</title>"), "in front of NetBird"),
    ];
    for (answer, hint) in elsewhere {
        site.netbird.clear_faults();
        site.netbird.add_fault(Fault::new(Effect::Answer(answer)).on_path("/api/accounts"));
        let error = site.client.plan(&site.wanted()).await.unwrap_err();
        assert!(error.chain().contains("cannot read the account settings: "), "{error}");
        assert!(error.hint().is_some_and(|found| found.contains(hint)), "{:?}", error.hint());
        let (settings, wanted) = (NetbirdSettings::parse(""), site.wanted());
        let found = site.client.verify_settings(&settings, Some(&wanted)).await.unwrap();
        let check = found.get(CheckName::IdentityProvider);
        assert!(check.unwrap().hint.as_ref().is_some_and(|found| found.contains(hint)), "{found}");
    }
    assert!(site.authentik.edit(|state| state.providers.is_empty()));
}

#[tokio::test]
async fn the_subject_of_a_connector_in_use_never_changes() {
    let site = start(Release::V2026_5);
    site.apply(&site.wanted()).await;
    site.authentik.edit(|state| "hashed_user_id".clone_into(&mut state.providers[0].sub_mode));
    assert!(!site.client.plan(&site.wanted()).await.unwrap().has_changes());
    let exact = site.builder().exact(true).build().unwrap();
    let error = site.client.plan(&exact).await.unwrap_err().to_string();
    assert!(error.contains("its subject mode is hashed_user_id"), "{error}");
}

/// The whole story on two servers, real or simulated, of which nothing is left at its end.
pub(crate) async fn tell(
    (authentik_url, authentik_token): (&str, &str),
    (netbird_url, netbird_token): (&str, &str),
) {
    const NAME: &str = "NetBird live test";
    let client = Client::builder(authentik_url).token(authentik_token);
    let client = client.netbird(netbird_url, netbird_token).build().unwrap();
    assert_eq!(client.detect_mode().await, Some(ModeKind::Connector));
    let builder = |group: &str| {
        NetbirdIntegration::builder(authentik_url, "netbird-live-test.company")
            .mode(ModeKind::Connector)
            .application_name(NAME)
            .application_slug("netbird-live-test")
            .provider_name(NAME)
            .identity_provider_name(NAME)
            .claim_group(group)
    };
    let converge = async |wanted: &NetbirdIntegration| {
        let plan = client.plan(wanted).await.unwrap_or_else(|error| panic!("{}", error.chain()));
        let applied = client.apply(&plan).await.unwrap_or_else(|error| panic!("{}", error.chain()));
        let again = client.plan(wanted).await.unwrap();
        assert!(!again.has_changes(), "after {plan}\nthere is left {again}");
        (plan, applied)
    };
    let wanted = builder("vpn").build().unwrap();
    let (plan, _) = converge(&wanted).await;
    assert_eq!(plan.changes().count(), 4, "{plan}");
    let settings = client.netbird_settings(&wanted).await.unwrap();
    let verification = client.verify_settings(&settings, Some(&wanted)).await.unwrap();
    let verification = verification.into_result().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(verification.get(CheckName::ClientSecret).unwrap().status, CheckStatus::Pass);

    // Other groups: the mapping changes and nothing else does.
    let wanted = builder("other").build().unwrap();
    let (plan, _) = converge(&wanted).await;
    let changed: Vec<&str> = plan.changes().map(|one| one.id.as_str()).collect();
    assert_eq!(changed, ["groups-claim"], "{plan}");

    let plan = client.plan_rotate(&wanted, AppPasswordExpiry::Keep).await.unwrap();
    let outcome = client.apply(&plan).await.unwrap_or_else(|error| panic!("{}", error.chain()));
    let outputs = outcome.outputs().unwrap();
    let verification = client.verify(&wanted, outputs).await.unwrap();
    assert!(verification.clone().into_result().is_ok(), "{verification}");

    let plan = client.plan_teardown(&wanted).await.unwrap();
    client.apply(&plan).await.unwrap_or_else(|error| panic!("{plan}\n{}", error.chain()));
    let left = client.plan_teardown(&wanted).await.unwrap();
    assert!(left.operations.is_empty(), "{left}");
}

#[tokio::test]
async fn the_story_that_real_servers_are_told() {
    for release in Release::ALL.iter().copied() {
        let site = start(release);
        tell(
            (site.authentik.url(), site.authentik.token()),
            (site.netbird.url(), site.netbird.token()),
        )
        .await;
    }
}

#[tokio::test]
async fn a_teardown_keeps_an_identity_provider_of_another_client() {
    let site = start(Release::V2026_5);
    let wanted = site.wanted();
    site.apply(&wanted).await;
    site.netbird.edit(|state| "another".clone_into(&mut state.connectors[0].client_id));
    let plan = site.client.plan_teardown(&wanted).await.unwrap();
    let kept = plan.operations.iter().find(|one| one.id.as_str() == "identity-provider").unwrap();
    assert!(!kept.is_change() && kept.reason.contains("another client id"), "{plan}");
}

/// The ids of people in NetBird have its id: with another one next to it they would all be new users.
#[tokio::test]
async fn an_identity_provider_is_found_after_a_change_of_its_issuer_and_its_name() {
    let site = start(Release::V2026_5);
    site.apply(&site.wanted()).await;
    site.netbird.edit(|state| "Company login".clone_into(&mut state.connectors[0].name));
    let moved = site.builder().public_url("https://login.company").build().unwrap();
    let plan = site.client.plan(&moved).await.unwrap();
    let text = plan.to_string();
    assert!(text.contains("~ update identity provider \"Company login\""), "{text}");
    assert!(kinds(&plan).contains(&WarningKind::RestartNetbird));
    let verification = site.verify(&moved).await.to_string();
    let expected = "\"Company login\" has the issuer http://";
    assert!(verification.contains(expected), "{verification}");
    // Neither a rotation nor a teardown misses it.
    assert!(site.client.plan_rotate(&moved, AppPasswordExpiry::Keep).await.is_ok());
    let plan = site.client.plan_teardown(&moved).await.unwrap();
    assert_eq!(plan.changes().next().unwrap().id.as_str(), "identity-provider", "{plan}");
}

#[tokio::test]
async fn a_teardown_never_ends_the_last_way_to_log_in() {
    let site = start(Release::V2026_5);
    let wanted = site.builder().sync_groups(true).allowed_group("vpn").build().unwrap();
    site.apply(&wanted).await;
    site.netbird.edit(|state| state.accounts[0].settings.local_auth_disabled = true);
    let error = site.client.plan_teardown(&wanted).await.unwrap_err().to_string();
    assert!(error.contains("local logins are turned off"), "{error}");
    site.netbird.edit(|state| {
        state.add_connector("oidc", "Entra", "https://login.example.org");
    });
    let plan = site.client.plan_teardown(&wanted).await.unwrap().to_string();
    assert!(plan.contains("NetBird keeps refusing everyone who is in none of the groups \"vpn\""));
}

/// A plan that changes whom NetBird accepts says so, also where the allowed groups are NetBird's own.
#[tokio::test]
async fn allowed_groups_that_authentik_does_not_report_are_a_warning_and_a_failure() {
    let site = start(Release::V2026_5);
    let with = |group: &str| site.builder().claim_group(group).sync_groups(true);
    site.apply(&with("vpn").allowed_group("vpn").build().unwrap()).await;

    let other = with("other").build().unwrap();
    let plan = site.client.plan(&other).await.unwrap().to_string();
    assert!(plan.contains("authentik reports none of the groups \"vpn\" to NetBird"), "{plan}");
    site.apply(&other).await;
    assert_eq!(site.failures(&other).await, [(CheckName::GroupSync, Some(false))]);

    let off = site.builder().claim_group("vpn").sync_groups(false).build().unwrap();
    let plan = site.apply(&off).await.to_string();
    assert!(plan.contains("gives everyone access"), "{plan}");
    let verification = site.verify(&off).await.to_string();
    assert!(verification.contains("ignores its allowed groups \"vpn\""), "{verification}");

    // On again, with NetBird's own list.
    let plan = site.client.plan(&with("vpn").build().unwrap()).await.unwrap();
    assert!(kinds(&plan).contains(&WarningKind::OnlyGroups), "{plan}");
}

#[tokio::test]
async fn allowed_groups_of_a_claim_that_nothing_emits_keep_everyone_out() {
    let site = start(Release::V2026_5);
    let wanted = site.builder().sync_groups(true).allowed_group("vpn").build().unwrap();
    site.apply(&wanted).await;
    site.authentik.edit(|state| {
        let is_profile = |one: &&mut authentik_simulator::ScopeMapping| one.scope_name == "profile";
        let own = state.add_scope_mapping("own profile", "profile");
        "return {\"name\": request.user.name}".clone_into(&mut own.expression);
        let own = own.pk.clone();
        let profile: Vec<String> =
            state.scope_mappings.iter_mut().filter(is_profile).map(|one| one.pk.clone()).collect();
        let mappings = &mut state.providers[0].property_mappings;
        mappings.retain(|one| !profile.contains(one));
        mappings.push(own);
    });
    let plan = site.client.plan(&wanted).await.unwrap();
    assert!(!plan.has_changes() && kinds(&plan).contains(&WarningKind::OnlyGroups), "{plan}");
    assert_eq!(site.failures(&wanted).await, [(CheckName::GroupSync, Some(false))]);
    // Without a name NetBird reads no claim at all.
    site.netbird.edit(|state| state.accounts[0].settings.jwt_groups_claim_name.clear());
    let failures = site.failures(&site.wanted()).await;
    assert_eq!(failures, [(CheckName::GroupSync, Some(false))]);
}

#[tokio::test]
async fn a_mapping_of_our_name_that_others_may_use_is_a_conflict() {
    let site = start(Release::V2026_5);
    let wanted = site.builder().claim_group("vpn").build().unwrap();
    site.authentik.edit(|state| {
        let mapping = state.add_scope_mapping("NetBird profile", "profile");
        "return {}".clone_into(&mut mapping.expression);
    });
    let error = site.client.plan(&wanted).await.unwrap_err().to_string();
    assert!(error.contains("is not used by NetBird's provider"), "{error}");
}

#[tokio::test]
async fn a_rotation_that_netbird_refuses_says_how_to_go_on() {
    let site = start(Release::V2026_5);
    let wanted = site.wanted();
    site.apply(&wanted).await;
    let plan = site.client.plan_rotate(&wanted, AppPasswordExpiry::Keep).await.unwrap();
    let refused =
        FaultAnswer::with_body(403, "application/json", r#"{"message": "no", "code": 403}"#);
    site.netbird.add_fault(Fault::new(Effect::Answer(refused)).on_method("PUT"));
    let error = site.client.apply(&plan).await.unwrap_err().chain();
    assert!(error.contains("rotate again, or apply with `send_secret`"), "{error}");
    site.netbird.clear_faults();
    let resent = site.builder().send_secret(true).build().unwrap();
    site.apply(&resent).await;
    assert_eq!(site.connector().client_secret.to_string(), site.secret());
}

/// NetBird may get the older of two secrets last, and no later plan could see it.
#[tokio::test]
async fn a_rotation_that_another_one_overtakes_says_so() {
    let site = start(Release::V2026_5);
    let wanted = site.wanted();
    site.apply(&wanted).await;
    let plan = site.client.plan_rotate(&wanted, AppPasswordExpiry::Keep).await.unwrap();
    // The other one sets its secret on authentik before NetBird has got this one.
    let overtake = |event: ApplyEvent| {
        if matches!(event, ApplyEvent::Applied(entry) if entry.operation.as_str() == "client-secret")
        {
            site.authentik.edit(|state| state.providers[0].client_secret = "another".into());
        }
    };
    let error = site.client.apply_with(&plan, overtake).await.unwrap_err().chain();
    assert!(error.contains("another run changed the client secret"), "{error}");
    assert!(error.contains("rotate again, or apply with `send_secret`"), "{error}");
}

#[tokio::test]
async fn the_api_of_another_host_is_a_warning_and_a_missing_token_is_said_plainly() {
    let mut snapshot = authentik_netbird_core::plan::built_in(
        &authentik_netbird_core::DesiredState::from(&connector()),
        authentik_netbird_core::authentik::Version::new(2026, 5, 0),
    );
    let desired = authentik_netbird_core::DesiredState::from(&connector());
    for (host, is_warned) in
        [("netbird.company", false), ("127.0.0.1", false), ("other.company", true)]
    {
        snapshot.netbird.host = Some(host.to_owned());
        let text = authentik_netbird_core::plan::plan(&desired, &snapshot).unwrap().to_string();
        assert_eq!(text.contains("is reached at other.company"), is_warned, "{text}");
    }
    let site = start(Release::V2026_5);
    let client = Client::builder(site.authentik.url()).token(site.authentik.token());
    let text = client.build().unwrap().plan(&site.wanted()).await.unwrap().to_string();
    assert!(text.contains("because NetBird's URL and token were not given"), "{text}");
}

fn connector() -> NetbirdIntegration {
    let builder = NetbirdIntegration::builder("https://authentik.company", "netbird.company");
    builder.mode(ModeKind::Connector).build().unwrap()
}
