//! Somebody who may create accounts, groups and roles was there first: by NetBird's names they get nothing.

use std::time::Duration;

use authentik_netbird_core::integration::ServiceAccount;
use authentik_netbird_core::plan::WarningKind;
use authentik_netbird_core::report::OperationState;
use authentik_netbird_core::verify::{CheckName, CheckStatus};
use authentik_netbird_core::{
    Client, ConnectionOptions, Error, ErrorKind, NetbirdIntegration, Plan,
};
use authentik_simulator::{Effect, Fault, FaultAnswer, Release, Simulator, State};
use serde_json::json;

use super::account::READER;
use super::{RELEASES, asking, may, start, with_rights};
use crate::support::story::{Server, converge};

/// Who may create service accounts, groups and roles, and nothing else.
struct Mallory {
    pk: u64,
    server: Server,
}

impl Mallory {
    fn of(simulator: &Simulator) -> Self {
        let (pk, key) = simulator.edit(|state| {
            let pk = state.add_user("mallory").pk;
            let role = state.add_role("help desk");
            let may = ["core.add_user", "core.add_token", "core.add_group", "rbac.add_role"];
            role.permissions.extend(may.map(|one| format!("authentik_{one}")));
            let role = role.pk.clone();
            let group = state.add_group("help desk");
            group.users.push(pk);
            group.roles.push(role);
            (pk, state.add_token("mallory", pk).key.to_string())
        });
        Self { pk, server: Server::new(simulator.url(), &key) }
    }

    async fn creates(&self, path: &str, body: serde_json::Value) -> serde_json::Value {
        let (status, created) = self.server.send("POST", path, &body).await;
        assert!(status == 200 || status == 201, "{path}: {status} {created}");
        created
    }

    async fn creates_the_account(&self) {
        self.creates("core/users/service_account/", json!({"name": "NetBird"})).await;
    }

    async fn may_read_users(&self) -> bool {
        self.server.send("GET", "core/users/", &serde_json::Value::Null).await.0 == 200
    }
}

/// Some rename the administrators' group: then anyone may create one of its name, and put an account into it.
#[tokio::test]
async fn a_group_of_the_administrators_name_proves_nothing() {
    let (simulator, client) = start(Release::V2026_5);
    simulator.edit(|state| {
        let group = state.groups.iter_mut().find(|group| group.name == "authentik Admins");
        "admins".clone_into(&mut group.unwrap().name);
    });
    let mallory = Mallory::of(&simulator);
    let account = mallory.creates("core/users/service_account/", json!({"name": "NetBird"})).await;
    let group = json!({"name": "authentik Admins", "users": [account["user_pk"]]});
    mallory.creates("core/groups/", group).await;
    let plan = client.plan(&with_rights(&simulator, ServiceAccount::Administrator)).await;
    let text = plan.unwrap_err().to_string();
    assert!(text.contains("somebody else may have created it"), "{text}");
}

/// Whether anybody but akadmin, or akadmin's own, has rights over users or everything.
fn has_rights(state: &State, username: &str) -> bool {
    let Some(user) = state.users.iter().find(|one| one.username == username) else { return false };
    state.groups.iter().any(|group| {
        let gives = group.is_superuser || group.name == READER;
        gives && group.users.contains(&user.pk)
    })
}

#[tokio::test]
async fn an_account_that_was_there_first_is_a_conflict_that_names_who_created_it() {
    for release in RELEASES {
        for rights in [ServiceAccount::Administrator, ServiceAccount::UserReader] {
            let (simulator, client) = start(release);
            let mallory = Mallory::of(&simulator);
            mallory.creates_the_account().await;
            simulator.clear_requests();
            let wanted = with_rights(&simulator, rights);
            let error = client.plan(&wanted).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Conflict);
            let text = error.to_string();
            for part in ["service account \"NetBird\"", "\"mallory\" created it at 20", "`adopt`"] {
                assert!(text.contains(part), "{part}: {text}");
            }
            assert!(simulator.requests().iter().all(|one| !one.is_write()));
        }
    }
}

#[tokio::test]
async fn adopting_takes_the_account_from_whoever_created_it() {
    for release in RELEASES {
        let (simulator, client) = start(release);
        let mallory = Mallory::of(&simulator);
        let known = mallory
            .creates("core/users/service_account/", json!({"name": "NetBird", "expiring": false}))
            .await["token"]
            .clone();
        simulator.edit(|state| {
            let account = state.users.iter().find(|one| one.username == "NetBird").unwrap().pk;
            state.add_token("kept by mallory", account);
            state.add_group("others").users.push(account);
        });
        let adopting = asking(&simulator).service_account(ServiceAccount::UserReader).adopt(true);
        let (plan, outputs) = converge(&client, &adopting.build().unwrap()).await;
        let text = plan.to_string();
        for part in ["kept by mallory", "the groups \"others\"", "\"mallory\" created it"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        let order: Vec<&str> = plan.changes().map(|one| one.id.as_str()).collect();
        let at = |id: &str| order.iter().position(|one| *one == id).unwrap();
        assert!(at("service-account-deactivation") < at("app-password"), "{order:?}");
        assert!(at("app-password") < at("service-account"), "{order:?}");
        let account = outputs.account.clone().unwrap();
        assert_ne!(known, account.app_password.unwrap().expose());
        assert_eq!(may(&simulator, &outputs).await, (200, 403, 403), "{release}");
    }
}

#[tokio::test]
async fn members_and_holders_are_a_conflict_before_rights_are_given() {
    for release in RELEASES {
        for by_role in [false, true] {
            // Before 2025.12 a role is given by groups alone.
            if by_role && release < Release::V2025_12 {
                continue;
            }
            let (simulator, client) = start(release);
            let mallory = Mallory::of(&simulator);
            if by_role {
                let role = mallory.creates("rbac/roles/", json!({"name": READER})).await;
                let role = role["pk"].as_str().unwrap().to_owned();
                simulator.edit(|state| {
                    let role = state.roles.iter_mut().find(|one| one.pk == role).unwrap();
                    role.users.push(mallory.pk);
                });
            } else {
                let body = json!({"name": READER, "users": [mallory.pk]});
                mallory.creates("core/groups/", body).await;
            }
            let wanted = with_rights(&simulator, ServiceAccount::UserReader);
            let error = client.plan(&wanted).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Conflict);
            let text = error.to_string();
            assert!(text.contains("others would get the rights, too: \"mallory\""), "{text}");
            assert!(!mallory.may_read_users().await);
        }
    }
}

#[tokio::test]
async fn members_and_holders_are_a_warning_afterwards_and_make_a_saved_plan_stale() {
    for release in RELEASES {
        let (simulator, client) = start(release);
        let wanted = with_rights(&simulator, ServiceAccount::UserReader);
        converge(&client, &wanted).await;
        simulator.edit(|state| state.brands[0].flow_device_code = None);
        let saved = Plan::from_json(&client.plan(&wanted).await.unwrap().to_json()).unwrap();
        simulator.edit(|state| {
            let jane = state.add_user("jane").pk;
            let reader = state.groups.iter_mut().find(|one| one.name == READER).unwrap();
            reader.users.push(jane);
            // Members of a group below have its roles, too.
            let reader = reader.pk.clone();
            state.add_group("below").parents.push(reader);
        });
        let plan = client.plan(&wanted).await.unwrap();
        let found: Vec<&str> = plan
            .warnings
            .iter()
            .filter(|one| one.kind == WarningKind::FurtherMembers)
            .map(|one| one.message.as_str())
            .collect();
        let group = format!("the group \"{READER}\" also gives its rights to");
        assert_eq!(found, [format!("{group} \"Group below\", \"jane\"")], "{release}");
        let error = client.apply(&saved).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::StalePlan, "{error}");
        assert!(error.to_string().contains("\"jane\""), "{error}");
    }
}

#[tokio::test]
async fn a_verification_names_members_and_holders_and_passes_without() {
    for release in RELEASES {
        let (simulator, client) = start(release);
        let wanted = with_rights(&simulator, ServiceAccount::UserReader);
        let (_, outputs) = converge(&client, &wanted).await;
        let account = async || {
            let report = client.verify(&wanted, &outputs).await.unwrap();
            let check = report.get(CheckName::ServiceAccount).unwrap();
            (check.status, check.message.clone())
        };
        let (status, message) = account().await;
        assert_eq!(status, CheckStatus::Pass, "{message}");
        // Before 2025.12 a role is given by groups alone.
        let by_role = release >= Release::V2025_12;
        simulator.edit(|state| {
            let (jane, joe) = (state.add_user("jane").pk, state.add_user("joe").pk);
            let group = state.groups.iter_mut().find(|one| one.name == READER);
            group.unwrap().users.push(jane);
            let role = state.roles.iter_mut().find(|one| one.name == READER).unwrap();
            role.users.extend(by_role.then_some(joe));
        });
        let (status, message) = account().await;
        assert_eq!(status, CheckStatus::Warn, "{message}");
        let others = if by_role { "\"jane\", \"joe\"" } else { "\"jane\"" };
        let text = format!("\"{READER}\" also lets others read all users: {others}");
        assert!(message.ends_with(&text), "{release}: {message}");
    }
}

#[tokio::test]
async fn members_that_the_token_is_not_shown_are_unknown_and_said_to_be() {
    for status in [403, 500] {
        let (simulator, client) = start(Release::V2026_5);
        let wanted = with_rights(&simulator, ServiceAccount::UserReader);
        converge(&client, &wanted).await;
        let hidden = Effect::Answer(FaultAnswer::with_body(
            status,
            "application/json",
            r#"{"detail": "You do not have permission to perform this action."}"#,
        ));
        simulator.add_fault(Fault::new(hidden).on_path("/used_by/"));
        let quick = ConnectionOptions::new().retry_timeout(Duration::from_millis(50));
        let client = Client::builder(simulator.url()).token(simulator.token()).options(quick);
        let plan = client.build().unwrap().plan(&wanted).await.unwrap();
        assert!(!plan.has_changes(), "{plan}");
        for kind in ["group", "role"] {
            let line =
                format!("! it is unknown who else has the rights of the {kind} \"{READER}\"");
            assert!(plan.to_string().contains(&line), "{plan}");
        }
    }
}

/// What comes between a plan and its apply.
#[derive(Clone, Copy, Debug)]
enum First {
    Account,
    /// One without an app password.
    User,
    Group,
    Role,
}

async fn applied_after(
    first: First,
    release: Release,
    rights: ServiceAccount,
) -> (Simulator, Client, NetbirdIntegration, Mallory, Error) {
    let (simulator, client) = start(release);
    let mallory = Mallory::of(&simulator);
    let wanted = with_rights(&simulator, rights);
    let plan = client.plan(&wanted).await.unwrap();
    match first {
        First::Account => mallory.creates_the_account().await,
        First::User => {
            let body = json!({"username": "NetBird", "name": "x", "type": "service_account"});
            mallory.creates("core/users/", body).await;
        }
        First::Group => {
            let body = json!({"name": READER, "users": [mallory.pk]});
            mallory.creates("core/groups/", body).await;
        }
        First::Role => {
            let role = mallory.creates("rbac/roles/", json!({"name": READER})).await;
            simulator.edit(|state| {
                let role = state.roles.iter_mut().find(|one| one.pk == role["pk"]).unwrap();
                role.users.push(mallory.pk);
            });
        }
    }
    let error = client.apply(&plan).await.unwrap_err();
    (simulator, client, wanted, mallory, error)
}

#[tokio::test]
async fn who_is_faster_than_an_apply_gets_nothing_and_the_report_says_so() {
    use ServiceAccount::{Administrator, UserReader};
    for release in RELEASES {
        for (first, rights) in [
            (First::Account, Administrator),
            (First::Account, UserReader),
            (First::User, Administrator),
            (First::User, UserReader),
            (First::Group, UserReader),
            (First::Role, UserReader),
        ] {
            let (simulator, client, wanted, mallory, error) =
                applied_after(first, release, rights).await;
            let Error::PartialApply { report, .. } = &error else { panic!("{error}") };
            let account = report
                .entries
                .iter()
                .find(|one| one.operation.as_str() == "service-account")
                .unwrap();
            let is_done = account.state.is_success();
            assert!(!is_done || matches!(first, First::Group), "{first:?} {release}: {report}");
            let is_created = |state: &OperationState| *state == OperationState::AlreadyApplied;
            let found = report.entries.iter().filter(|one| is_created(&one.state)).count();
            assert_eq!(found, 0, "{report}");
            assert!(!mallory.may_read_users().await, "{first:?} {release}: {report}");
            let is_theirs = matches!(first, First::Account | First::User);
            assert!(!simulator.edit(|state| is_theirs && has_rights(state, "NetBird")));
            let error = client.plan(&wanted).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Conflict, "{first:?} {release}: {error}");
        }
    }
}
