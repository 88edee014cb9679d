//! What the token may not do is reported before the first write.

use authentik_netbird_core::integration::ServiceAccount;
use authentik_netbird_core::plan::WarningKind;
use authentik_netbird_core::{AppPasswordExpiry, Client, Error, Plan};
use authentik_simulator::{Effect, Fault, FaultAnswer, Release, Simulator};

use super::{RELEASES, asking, start, with_rights};
use crate::support::story::converge;

/// What a plan reads.
const READS: [&str; 10] = [
    "authentik_rbac.view_system_info",
    "authentik_flows.view_flow",
    "authentik_crypto.view_certificatekeypair",
    "authentik_providers_oauth2.view_scopemapping",
    "authentik_brands.view_brand",
    "authentik_core.view_group",
    "authentik_providers_oauth2.view_oauth2provider",
    "authentik_core.view_application",
    "authentik_core.view_user",
    "authentik_core.view_token",
];

/// What the guide's six operations write.
const WRITES: [&str; 7] = [
    "authentik_providers_oauth2.add_oauth2provider",
    "authentik_core.add_user",
    "authentik_core.add_token",
    "authentik_flows.add_flow",
    "authentik_core.add_application",
    "authentik_core.add_user_to_group",
    "authentik_brands.change_brand",
];

/// What the look-up of the token's own permissions reads.
pub(super) const LOOK_UPS: [&str; 3] = [
    "authentik_rbac.view_role",
    "guardian.view_roleobjectpermission",
    "guardian.view_userobjectpermission",
];

/// A client with the token of a user who has these permissions, by a group and a role.
pub(super) fn client_with(simulator: &Simulator, permissions: &[&str]) -> Client {
    let key = simulator.edit(|state| {
        let user = state.add_user("deployer").pk;
        let role = state.add_role("deployer");
        role.permissions.extend(permissions.iter().map(|one| (*one).to_owned()));
        let role = role.pk.clone();
        // By a group that inherits from another: rights come down.
        let parent = state.add_group("deployers");
        parent.roles.push(role);
        let parent = parent.pk.clone();
        let child = state.add_group("night shift");
        child.users.push(user);
        child.parents.push(parent);
        state.add_token("deployer", user).key.to_string()
    });
    Client::builder(simulator.url()).token(key).build().unwrap()
}

/// Whether authentik accepted no write. Whether an account may join a group is found out by a request that adds nobody.
pub(super) fn nothing_written(simulator: &Simulator) -> bool {
    let is_accepted = |status: Option<u16>| status.is_none_or(|status| status < 400);
    let requests = simulator.requests();
    requests.iter().all(|request| !request.is_write() || !is_accepted(request.status))
}

#[tokio::test]
async fn each_missing_permission_is_named_before_the_first_write() {
    for release in [Release::V2026_5] {
        let (simulator, _) = start(release);
        let wanted = asking(&simulator).build().unwrap();
        let mut has: Vec<&str> = READS.to_vec();
        has.extend(LOOK_UPS);
        has.extend([WRITES[0], WRITES[3]]);
        let client = client_with(&simulator, &has);
        let plan = client.plan(&wanted).await.unwrap();
        let missing = [WRITES[1], WRITES[2], WRITES[4], WRITES[5], WRITES[6]];
        assert_eq!(plan.missing_permissions, missing, "{plan}");
        let text = plan.to_string();
        assert_eq!(text.matches("the token is missing").count(), 1, "{text}");
        for one in missing {
            assert_eq!(text.lines().filter(|line| line.trim() == one).count(), 1, "{one}: {text}");
        }
        let again = Plan::from_json(&plan.to_json()).unwrap();
        for plan in [plan, again] {
            let error = client.apply(&plan).await.unwrap_err();
            assert!(error.is_permission_denied());
            let Error::MissingPermissions { permissions, .. } = &error else { panic!("{error}") };
            assert_eq!(*permissions, missing);
        }
        assert!(nothing_written(&simulator));
    }
}

#[tokio::test]
async fn with_all_of_them_it_works() {
    for release in RELEASES {
        let (simulator, _) = start(release);
        let wanted = asking(&simulator).build().unwrap();
        let has: Vec<&str> = READS.into_iter().chain(WRITES).chain(LOOK_UPS).collect();
        let client = client_with(&simulator, &has);
        if release >= Release::V2026_5 {
            converge(&client, &wanted).await;
        } else {
            let error = client.plan(&wanted).await.unwrap_err();
            let text = error.to_string();
            assert!(text.contains("shows its app password to administrators alone"), "{text}");
            assert!(nothing_written(&simulator));
            let without = asking(&simulator).service_account(ServiceAccount::None);
            converge(&client, &without.build().unwrap()).await;
        }
    }
}

/// As measured on a real server.
#[tokio::test]
async fn eighteen_permissions_are_enough_on_2026_5() {
    let smallest = [
        "authentik_core.add_user",
        "authentik_core.add_token",
        "authentik_core.add_application",
        "authentik_core.add_user_to_group",
        "authentik_core.set_token_key",
        "authentik_core.view_user",
        "authentik_core.view_group",
        "authentik_core.view_token",
        "authentik_core.view_application",
        "authentik_providers_oauth2.add_oauth2provider",
        "authentik_providers_oauth2.view_oauth2provider",
        "authentik_providers_oauth2.view_scopemapping",
        "authentik_flows.add_flow",
        "authentik_flows.view_flow",
        "authentik_brands.change_brand",
        "authentik_brands.view_brand",
        "authentik_crypto.view_certificatekeypair",
        "authentik_policies.view_policybinding",
    ];
    let (simulator, _) = start(Release::V2026_5);
    let wanted = asking(&simulator).build().unwrap();
    let client = client_with(&simulator, &smallest);
    let (_, outputs) = converge(&client, &wanted).await;
    let report = client.verify(&wanted, &outputs).await.unwrap();
    assert!(report.is_success(), "{report}");
    let plan = client.plan_rotate(&wanted, AppPasswordExpiry::Keep).await.unwrap();
    let outcome = client.apply(&plan).await.unwrap();
    let rotated = outcome.outputs().unwrap().clone();
    let report = client.verify(&wanted, &rotated).await.unwrap();
    assert!(report.is_success(), "{report}");
    assert!(!client.plan(&wanted).await.unwrap().has_changes());
}

#[tokio::test]
async fn rights_that_cannot_be_read_are_a_warning() {
    let (simulator, _) = start(Release::V2026_5);
    let has: Vec<&str> = READS.into_iter().chain(WRITES).collect();
    let client = client_with(&simulator, &has);
    let plan = client.plan(&asking(&simulator).build().unwrap()).await.unwrap();
    assert!(plan.missing_permissions.is_empty());
    let warning = plan.warnings.iter().find(|one| one.kind == WarningKind::RightsUnknown).unwrap();
    assert!(WRITES.iter().all(|one| warning.hint.contains(one)), "{warning}");
    client.apply(&plan).await.unwrap();
}

#[tokio::test]
async fn least_privilege_needs_rights_over_roles() {
    let (simulator, _) = start(Release::V2026_5);
    let has: Vec<&str> = READS.into_iter().chain(WRITES).chain(LOOK_UPS).collect();
    let client = client_with(&simulator, &has);
    let plan = client.plan(&with_rights(&simulator, ServiceAccount::UserReader)).await.unwrap();
    assert_eq!(
        plan.missing_permissions,
        [
            "authentik_rbac.add_role",
            "authentik_rbac.assign_role_permissions",
            "authentik_core.add_group"
        ]
    );
}

#[tokio::test]
async fn all_missing_permissions_to_read_are_named_at_once() {
    let (simulator, _) = start(Release::V2026_5);
    let client = client_with(&simulator, &READS[..7]);
    let error = client.plan(&asking(&simulator).build().unwrap()).await.unwrap_err();
    let Error::MissingPermissions { permissions, .. } = &error else { panic!("{error}") };
    // A user's own tokens may be listed by anyone.
    assert_eq!(*permissions, READS[7..9]);
}

/// A page of a list with this entry.
fn page_of(entry: &serde_json::Value) -> Effect {
    let pagination = serde_json::json!({"next": 0, "previous": 0, "count": 1, "current": 1,
        "total_pages": 1, "start_index": 1, "end_index": 1});
    let body = serde_json::json!({"pagination": pagination, "results": [entry]}).to_string();
    Effect::Answer(FaultAnswer::with_body(200, "application/json", &body))
}

#[tokio::test]
async fn permissions_of_the_users_own_count_where_there_are_any() {
    for release in [Release::V2024_12, Release::V2025_10] {
        let (simulator, _) = start(release);
        let has: Vec<&str> =
            READS.into_iter().chain(WRITES).filter(|one| *one != WRITES[6]).collect();
        let has: Vec<&str> = has.into_iter().chain(LOOK_UPS).collect();
        let client = client_with(&simulator, &has);
        let wanted = with_rights(&simulator, ServiceAccount::None);
        assert_eq!(client.plan(&wanted).await.unwrap().missing_permissions, [WRITES[6]]);
        // On one brand alone; that will do.
        let own = serde_json::json!({"app_label": "authentik_brands", "codename": "change_brand"});
        simulator.add_fault(Fault::new(page_of(&own)).on_path("/rbac/permissions/users/"));
        let plan = client.plan(&wanted).await.unwrap();
        assert!(plan.missing_permissions.is_empty(), "{plan}");
    }
}

#[tokio::test]
async fn from_2025_12_on_users_have_permissions_by_roles_alone() {
    for release in [Release::V2025_12, Release::V2026_2] {
        let (simulator, _) = start(release);
        let has: Vec<&str> = READS.into_iter().chain(LOOK_UPS).collect();
        let client = client_with(&simulator, &has);
        let wanted = with_rights(&simulator, ServiceAccount::None);
        let plan = client.plan(&wanted).await.unwrap();
        assert_eq!(plan.missing_permissions, [WRITES[0], WRITES[3], WRITES[4], WRITES[6]]);
        let asked = simulator.requests();
        assert!(asked.iter().all(|one| !one.path.contains("/rbac/permissions/users/")));
    }
}

#[tokio::test]
async fn who_may_not_view_tokens_is_told_so_before_the_first_write() {
    let (simulator, _) = start(Release::V2026_5);
    let wanted = asking(&simulator).build().unwrap();
    let has = READS.into_iter().chain(WRITES).chain(LOOK_UPS);
    let has: Vec<&str> = has.filter(|one| *one != "authentik_core.view_token").collect();
    let client = client_with(&simulator, &has);
    let plan = client.plan(&wanted).await.unwrap();
    assert_eq!(plan.missing_permissions, ["authentik_core.view_token"]);
    client.apply(&plan).await.unwrap_err();
    assert!(nothing_written(&simulator));
}

#[tokio::test]
async fn a_token_that_turns_out_to_be_the_callers_is_deleted_and_an_error() {
    let (simulator, admin) = start(Release::V2026_5);
    let wanted = asking(&simulator).build().unwrap();
    converge(&admin, &wanted).await;
    simulator.edit(|state| state.tokens.retain(|one| one.intent != "app_password"));
    let plan = admin.plan(&wanted).await.unwrap();
    let has: Vec<&str> = READS.into_iter().chain(WRITES).chain(LOOK_UPS).collect();
    let limited = client_with(&simulator, &has);
    let before = simulator.dump()["tokens"].clone();
    let error = limited.apply(&plan).await.unwrap_err();
    let text = error.chain();
    assert!(text.contains("created it for the token's own user"), "{text}");
    assert!(text.contains("it was deleted again"), "{text}");
    assert_eq!(simulator.dump()["tokens"], before);
    // Planned with the limited token, nothing is sent.
    simulator.clear_requests();
    let error = limited.plan(&wanted).await.unwrap_err();
    assert!(error.to_string().contains("administrators alone create one"), "{error}");
}
