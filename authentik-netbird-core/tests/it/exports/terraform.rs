//! Terraform's HCL for what a server has. The official providers, run on simulated servers of 2026.5, find nothing to
//! change after the import of such an export; what that took is asserted here on the text.

use authentik_netbird_core::authentik::Version;
use authentik_netbird_core::integration::{ModeKind, ServiceAccount};
use authentik_netbird_core::outputs::export::terraform;
use authentik_netbird_core::{Client, NetbirdIntegration, NetbirdIntegrationBuilder};
use authentik_simulator::netbird::NetbirdSimulator;
use authentik_simulator::{PolicyBinding, Release, Simulator};

type Ask = fn(NetbirdIntegrationBuilder) -> NetbirdIntegrationBuilder;

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
    fn wanted(&self, ask: Ask) -> NetbirdIntegration {
        ask(NetbirdIntegration::builder(self.simulator.url(), "netbird.company")).build().unwrap()
    }

    async fn apply(&self, wanted: &NetbirdIntegration) {
        self.client.apply(&self.client.plan(wanted).await.unwrap()).await.unwrap();
    }
}

/// What a resource of an export keeps.
fn kept<'h>(hcl: &'h str, resource: &str) -> Vec<&'h str> {
    let block = hcl.split(&format!("\nresource \"{resource}\"")).nth(1).unwrap_or_default();
    let block = block.split("\n}\n").next().unwrap_or_default();
    let kept = block.split("ignore_changes = [").nth(1).and_then(|rest| rest.split(']').next());
    kept.unwrap_or_default().split(", ").collect()
}

#[tokio::test]
async fn terraform_imports_what_there_is_and_keeps_its_settings() {
    let simulator = Simulator::start().unwrap();
    let client = Client::builder(simulator.url()).token(simulator.token()).build().unwrap();
    let wanted = NetbirdIntegration::builder(simulator.url(), "netbird.company").build().unwrap();
    let outputs = client.apply(&client.plan(&wanted).await.unwrap()).await.unwrap();
    simulator.edit(|state| {
        state.providers[0].access_code_validity = "minutes=7".to_owned();
        let mapping = state.scope_mappings[0].clone();
        assert!(mapping.managed.is_some());
    });
    let hcl = client.export_terraform(&wanted).await.unwrap();
    assert_eq!(hcl.matches("\nimport {").count(), 10, "{hcl}");
    let id = outputs.outputs().unwrap().client_id.as_str().to_owned();
    for line in [
        "  to = authentik_provider_oauth2.provider\n  id = \"1\"".to_owned(),
        "  to = authentik_application.application\n  id = \"netbird\"".to_owned(),
        "  to = authentik_token.app_password\n  id = \"service-account-netbird-password\""
            .to_owned(),
        "  access_code_validity = \"minutes=7\"".to_owned(),
        "  access_token_validity = \"hours=1\"".to_owned(),
        format!("  client_id = \"{id}\""),
        "Left out: the brand".to_owned(),
    ] {
        assert!(hcl.contains(&line), "{line}\n{hcl}");
    }
    let secrets = simulator.edit(|state| {
        let keys = state.tokens.iter().map(|token| token.key.to_string());
        keys.chain(state.providers.iter().map(|one| one.client_secret.to_string()))
            .collect::<Vec<_>>()
    });
    assert!(secrets.iter().all(|secret| !hcl.contains(secret.as_str())));
}

/// What an export imports as this address.
fn imported<'h>(hcl: &'h str, address: &str) -> Option<&'h str> {
    let id = hcl.split(&format!("\n  to = {address}\n  id = \"")).nth(1)?;
    id.split('"').next()
}

/// With the id of a person's binding Terraform would give that binding to the account.
#[tokio::test]
async fn a_binding_is_imported_by_its_user_and_its_application() {
    let site = start(Release::V2026_5);
    site.simulator.edit(|state| _ = state.add_group("vpn"));
    // The slug of the application for logins ends as that for the API does.
    let ask: Ask = |builder| builder.application_slug("team-api").access_group("vpn");
    site.apply(&site.wanted(ask)).await;
    let (api, login) = site.simulator.edit(|state| {
        let alice = state.add_user("alice").pk;
        let of = |has: fn(&PolicyBinding) -> bool| {
            state.policy_bindings.iter().find(|one| has(one)).unwrap().clone()
        };
        let (api, login) = (of(|one| one.user.is_some()), of(|one| one.group.is_some()));
        // Each comes before ours, and differs in the user or in the application.
        for (target, user, group) in [
            (&api.target, Some(alice), None),
            (&api.target, None, login.group.clone()),
            (&login.target, api.user, None),
        ] {
            let other = state.add_policy_binding(target);
            (other.user, other.group, other.order) = (user, group, -1);
        }
        (api.pk, login.pk)
    });
    let hcl = site.client.export_terraform(&site.wanted(ask)).await.unwrap();
    let found = |label: &str| imported(&hcl, &format!("authentik_policy_binding.{label}"));
    assert_eq!((found("api_access"), found("access_1")), (Some(&*api), Some(&*login)), "{hcl}");
}

/// What the export has of the account is what a plan uses: whatever type it has, and by its own app password.
#[tokio::test]
async fn an_account_keeps_its_type_and_its_app_password() {
    const DEFAULT: &str = "service-account-netbird-password";
    let site = start(Release::V2026_5);
    let wanted = site.wanted(|builder| builder);
    site.apply(&wanted).await;
    let kind = |kind: &str| {
        site.simulator.edit(|state| {
            let account = state.users.iter_mut().find(|one| one.username == "NetBird").unwrap();
            kind.clone_into(&mut account.kind);
        });
    };
    kind("internal");
    site.simulator.edit(|state| {
        let token = state.tokens.iter_mut().find(|one| one.identifier == DEFAULT).unwrap();
        "made-by-hand".clone_into(&mut token.identifier);
        let alice = state.add_user("alice").pk;
        "app_password".clone_into(&mut state.add_token(DEFAULT, alice).intent);
    });
    let hcl = site.client.export_terraform(&wanted).await.unwrap();
    assert_eq!(imported(&hcl, "authentik_token.app_password"), Some("made-by-hand"), "{hcl}");
    assert!(hcl.contains("  identifier = \"made-by-hand\"") && !hcl.contains(DEFAULT), "{hcl}");
    assert!(!hcl.contains("  type = ") && kept(&hcl, "authentik_user").contains(&"type"), "{hcl}");
    // Without one that works a plan creates another; the default identifier is taken.
    kind("service_account");
    site.simulator.edit(|state| state.tokens.retain(|one| one.identifier != "made-by-hand"));
    let hcl = site.client.export_terraform(&wanted).await.unwrap();
    assert_eq!(imported(&hcl, "authentik_token.app_password"), None, "{hcl}");
    assert!(hcl.contains(&format!("  identifier = \"{DEFAULT}-2\"")), "{hcl}");
}

/// Terraform's provider sets what is not named to its own defaults, and refuses a name that its release does not
/// have.
#[tokio::test]
async fn settings_that_an_export_does_not_name_are_kept_on_each_release() {
    for release in Release::ALL.iter().copied() {
        let site = start(release);
        let wanted = site.wanted(|builder| builder);
        site.apply(&wanted).await;
        let hcl = site.client.export_terraform(&wanted).await.unwrap();
        let has = |resource: &str, name: &str| kept(&hcl, resource).contains(&name);
        assert!(has("authentik_provider_oauth2", "authentication_flow"), "{release}\n{hcl}");
        assert!(has("authentik_application", "meta_description"));
        assert!(!has("authentik_application", "meta_launch_url"), "it is named");
        assert!(has("authentik_flow", "layout") && has("authentik_policy_binding", "timeout"));
        assert!(has("authentik_token", "retrieve_key") && has("authentik_user", "attributes"));
        for (resource, name, since) in [
            ("authentik_provider_oauth2", "logout_uri", Release::V2025_10),
            ("authentik_group", "parents", Release::V2025_12),
            ("authentik_user", "roles", Release::V2026_2),
            ("authentik_application", "meta_hide", Release::V2026_5),
        ] {
            assert_eq!(has(resource, name), release >= since, "{release} {resource} {name}");
        }
        for block in hcl.split("\nresource ").skip(1) {
            let mut names: Vec<&str> = block
                .lines()
                .filter_map(|line| line.strip_prefix("  ")?.split_once(" = "))
                .filter(|(name, _)| !name.starts_with(' '))
                .map(|(name, _)| name)
                .collect();
            let all = names.len();
            names.dedup();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all, "{release} an argument is there twice: {block}");
        }
    }
}

#[tokio::test]
async fn what_a_plan_for_the_server_leaves_out_is_not_created() {
    let site = start(Release::V2026_5);
    site.apply(&site.wanted(|builder| builder.as_in_guide(true))).await;
    let hcl = site.client.export_terraform(&site.wanted(|builder| builder)).await.unwrap();
    assert_eq!(hcl.matches("\nresource ").count(), hcl.matches("\nimport {").count(), "{hcl}");
    // What a change of options would create is.
    let ask: Ask = |builder| builder.service_account(ServiceAccount::None).access_group("vpn");
    site.simulator.edit(|state| _ = state.add_group("vpn"));
    let hcl = site.client.export_terraform(&site.wanted(ask)).await.unwrap();
    assert!(hcl.contains("\nresource \"authentik_policy_binding\" \"access_1\" {"), "{hcl}");
}

/// A group that the option `create_access_groups` would create is created, or imported as it is.
#[tokio::test]
async fn access_groups_are_created_or_kept_as_they_are() {
    let site = start(Release::V2026_5);
    let wanted = site.wanted(|builder| builder.access_group("vpn").create_access_groups(true));
    let hcl = site.client.export_terraform(&wanted).await.unwrap();
    assert!(hcl.contains("\nresource \"authentik_group\" \"access_group_1\" {"), "{hcl}");
    assert!(hcl.contains("group = authentik_group.access_group_1.id"), "{hcl}");
    site.apply(&wanted).await;
    let hcl = site.client.export_terraform(&wanted).await.unwrap();
    assert!(hcl.contains("\n  to = authentik_group.access_group_1\n"), "{hcl}");
    assert_eq!(hcl.matches("\nresource ").count(), hcl.matches("\nimport {").count(), "{hcl}");
    for name in ["is_superuser", "roles"] {
        assert!(kept(&hcl, "authentik_group\" \"access_group_1").contains(&name), "{name}\n{hcl}");
    }
}

#[tokio::test]
async fn an_identity_provider_of_netbird_is_imported_and_never_made_twice() {
    let site = start(Release::V2026_5);
    let netbird = NetbirdSimulator::start().unwrap();
    let client = Client::builder(site.simulator.url()).token(site.simulator.token());
    let client = client.netbird(netbird.url(), netbird.token()).build().unwrap();
    let wanted = site.wanted(|builder| builder.mode(ModeKind::Connector));
    client.apply(&client.plan(&wanted).await.unwrap()).await.unwrap();
    let id = netbird.edit(|state| {
        "Company login".clone_into(&mut state.connectors[0].name);
        state.connectors[0].id.clone()
    });
    let hcl = client.export_terraform(&wanted).await.unwrap();
    let import = format!("  to = netbird_identity_provider.identity_provider\n  id = \"{id}\"");
    assert!(hcl.contains(&import) && hcl.contains("  name = \"Company login\""), "{hcl}");
    assert_eq!(kept(&hcl, "netbird_identity_provider"), ["client_secret", "type"]);
    assert!(!hcl.contains("variable"), "{hcl}");
    // authentik had another address: people's ids have this one's id.
    netbird.edit(|state| "https://old.company/".clone_into(&mut state.connectors[0].issuer));
    let hcl = client.export_terraform(&wanted).await.unwrap();
    assert!(hcl.contains(&import), "{hcl}");
    // Somebody else's is a conflict, as in a plan.
    netbird.edit(|state| {
        "https://other.company/".clone_into(&mut state.connectors[0].issuer);
        "other".clone_into(&mut state.connectors[0].client_id);
        "authentik".clone_into(&mut state.connectors[0].name);
    });
    let error = client.export_terraform(&wanted).await.unwrap_err().to_string();
    assert!(error.contains("it has another issuer"), "{error}");
}

/// Until 2025.12 a group gets its role by a second write, which is the same resource here.
#[test]
fn a_role_of_an_older_release_is_given_to_its_own_group() {
    let builder = NetbirdIntegration::builder("https://authentik.company", "netbird.company");
    let wanted = builder.access_group("vpn").create_access_groups(true).build().unwrap();
    let hcl = terraform(&wanted, Version::new(2025, 10, 0), None).unwrap();
    let block = |label: &str| {
        let blocks = hcl.split("\nresource \"authentik_group\" ");
        blocks.filter(|block| block.starts_with(label)).collect::<String>()
    };
    let (given, rights) =
        ("  roles = [\n    authentik_rbac_role.role.id,\n  ]", block("\"rights_group\""));
    assert_eq!((rights.matches("  roles = ").count(), rights.matches(given).count()), (1, 1));
    assert!(!block("\"access_group_1\"").contains(given), "{hcl}");
}
