//! The service account's rights.

use std::time::Duration;

use authentik_netbird_core::ids::OperationId;
use authentik_netbird_core::integration::ServiceAccount;
use authentik_netbird_core::plan::WarningKind;
use authentik_netbird_core::{ErrorKind, NetbirdIntegration};
use authentik_simulator::{Effect, Fault, FaultAnswer, Group, Release, State, round_trips};

use super::{RELEASES, asking, may, start, with_rights};
use crate::support::running::LATENCY;
use crate::support::story::converge;

/// A change that someone makes by hand.
type Edit = fn(&mut State);

pub(crate) const READER: &str = "NetBird user reader";

#[tokio::test]
async fn a_reader_may_read_users_and_nothing_else() {
    for release in RELEASES {
        let (simulator, client) = start(release);
        simulator.set_latency(LATENCY);
        let wanted = with_rights(&simulator, ServiceAccount::UserReader);
        let plan = client.plan(&wanted).await.unwrap();
        let outcome = client.apply(&plan).await.unwrap();
        assert!(round_trips(&simulator.requests()) <= 4, "{:?}", simulator.requests());
        assert!(!plan.warnings.iter().any(|one| one.kind == WarningKind::AdministratorAccount));
        simulator.set_latency(Duration::ZERO);
        assert_eq!(may(&simulator, outcome.outputs().unwrap()).await, (200, 403, 403));
        converge(&client, &wanted).await;
    }
}

/// A default is for new accounts: rights are taken away only if that is asked for.
#[tokio::test]
async fn what_an_account_may_do_stays_unless_less_is_asked_for() {
    for release in RELEASES {
        for (rights, may_do) in [
            (ServiceAccount::Administrator, (200, 200, 204)),
            (ServiceAccount::UserDeleter, (200, 403, 204)),
        ] {
            let (simulator, client) = start(release);
            let (_, outputs) = converge(&client, &with_rights(&simulator, rights)).await;
            let default = NetbirdIntegration::builder(simulator.url(), "netbird.company");
            let plan = client.plan(&default.clone().build().unwrap()).await.unwrap();
            assert!(!plan.has_changes(), "{release} {plan}");
            let warned = plan.warnings.iter().map(|one| one.kind).collect::<Vec<_>>();
            let is_admin = rights == ServiceAccount::Administrator;
            assert_eq!(warned.contains(&WarningKind::AdministratorAccount), is_admin, "{plan}");
            assert_eq!(may(&simulator, &outputs).await, may_do);
            let less = default.service_account(ServiceAccount::UserReader).build().unwrap();
            converge(&client, &less).await;
            assert_eq!(may(&simulator, &outputs).await, (200, 403, 403), "as asked");
        }
    }
}

/// What looks left over when a plan is made may be another run's that is not over yet.
#[tokio::test]
async fn an_account_that_got_its_name_meanwhile_is_not_deleted() {
    let (simulator, client) = start(Release::V2026_5);
    let wanted = NetbirdIntegration::builder(simulator.url(), "netbird.company").build().unwrap();
    let cut = Fault::new(Effect::Answer(FaultAnswer::empty(403))).on_method("PATCH");
    simulator.add_fault(cut.on_path("/core/users/"));
    let plan = client.plan(&wanted).await.unwrap();
    client.apply(&plan).await.unwrap_err();
    simulator.clear_faults();
    let plan = client.plan(&wanted).await.unwrap();
    assert!(plan.changes().any(|one| one.id.as_str() == "service-account-unnamed"), "{plan}");
    simulator.edit(|state| {
        let mut users = state.users.iter_mut();
        let user = users.find(|user| user.username.starts_with("NetBird")).unwrap();
        "NetBird".clone_into(&mut user.username);
    });
    let before = simulator.edit(|state| state.users.len());
    let error = client.apply(&plan).await.unwrap_err().chain();
    assert!(error.contains("another run has just given it its name"), "{error}");
    assert_eq!(simulator.edit(|state| state.users.len()), before);
}

/// By a role and a group of other names: nothing is to be given.
#[tokio::test]
async fn rights_of_other_names_are_enough() {
    for release in [Release::V2024_12, Release::V2026_5] {
        let (simulator, client) = start(release);
        let default = NetbirdIntegration::builder(simulator.url(), "netbird.company");
        let wanted = default.build().unwrap();
        converge(&client, &wanted).await;
        simulator.edit(|state| {
            let role = state.roles.iter_mut().find(|role| role.name == READER).unwrap();
            "reads users".clone_into(&mut role.name);
            let group = state.groups.iter_mut().find(|group| group.name == READER).unwrap();
            "machines".clone_into(&mut group.name);
        });
        let plan = client.plan(&wanted).await.unwrap();
        assert!(!plan.has_changes(), "{plan}");
        // Without the permission somebody else may have created it.
        simulator.edit(|state| state.roles.iter_mut().for_each(|role| role.permissions.clear()));
        let error = client.plan(&wanted).await.unwrap_err();
        assert!(error.to_string().contains("not with rights"), "{error}");
    }
}

/// They prove nothing about who knows its password: where rights are to be given, or it was deactivated, or a group
/// above its own has them, it is somebody's who has to be asked.
#[tokio::test]
async fn rights_of_other_names_are_no_reason_to_give_any() {
    let by_parent = |state: &mut State| {
        let group = state.groups.iter_mut().find(|group| group.name == "machines").unwrap();
        let users = std::mem::take(&mut group.users);
        let parent = group.pk.clone();
        let child = state.add_group("of-machines");
        child.users = users;
        child.parents = vec![parent];
    };
    let cases: [(ServiceAccount, bool, Edit); 3] = [
        (ServiceAccount::UserReader, true, |_| {}),
        (ServiceAccount::UserReader, false, |state| {
            state.users.iter_mut().find(|user| user.username == "NetBird").unwrap().is_active =
                false;
        }),
        (ServiceAccount::UserReader, false, by_parent),
    ];
    for (index, (rights, is_asked, edit)) in cases.into_iter().enumerate() {
        let (simulator, client) = start(Release::V2026_5);
        let default = NetbirdIntegration::builder(simulator.url(), "netbird.company");
        converge(&client, &default.clone().build().unwrap()).await;
        simulator.edit(|state| {
            let role = state.roles.iter_mut().find(|role| role.name == READER).unwrap();
            "reads users".clone_into(&mut role.name);
            let group = state.groups.iter_mut().find(|group| group.name == READER).unwrap();
            "machines".clone_into(&mut group.name);
        });
        simulator.edit(edit);
        let wanted = if is_asked { default.service_account(rights) } else { default };
        let error = client.plan(&wanted.build().unwrap()).await.unwrap_err();
        assert!(error.to_string().contains("not with rights"), "{index}: {error}");
    }
}

#[tokio::test]
async fn a_deleter_may_delete_users_too() {
    for release in RELEASES {
        let (simulator, client) = start(release);
        let (_, outputs) =
            converge(&client, &with_rights(&simulator, ServiceAccount::UserDeleter)).await;
        assert_eq!(may(&simulator, &outputs).await, (200, 403, 204));
    }
}

#[tokio::test]
async fn switching_touches_no_other_member_and_leaves_no_right_behind() {
    use ServiceAccount::{Administrator, UserDeleter, UserReader};
    for release in RELEASES {
        let (simulator, client) = start(release);
        let (_, mut outputs) = converge(&client, &with_rights(&simulator, Administrator)).await;
        let admins = || simulator.edit(|state| members(state, "authentik Admins"));
        let readers = || simulator.edit(|state| members(state, READER));
        let account = simulator.edit(|state| {
            let jane = state.add_user("jane").pk;
            let group = |name: &str| state.groups.iter().position(|one| one.name == name);
            let admins = group("authentik Admins").unwrap();
            state.groups[admins].users.push(jane);
            state.users.iter().find(|user| user.username == "NetBird").unwrap().pk
        });
        let with_account = admins();
        let mut without = with_account.clone();
        without.retain(|user| *user != account);
        let steps = [
            (UserReader, (200, 403, 403), false),
            (UserDeleter, (200, 403, 204), true),
            (UserReader, (200, 403, 403), false),
            (Administrator, (200, 200, 204), true),
            (Administrator, (200, 200, 204), false),
            (UserDeleter, (200, 403, 204), false),
        ];
        for (rights, may_do, gets_more) in steps {
            let is_admin = rights == Administrator;
            let wanted = with_rights(&simulator, rights);
            if gets_more {
                // Somebody else may know its password, and would get the rights, too.
                let error = client.plan(&wanted).await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
                let is_member = rights == UserDeleter;
                let has_fewer = error.to_string().contains("fewer rights than are asked for");
                assert_eq!(has_fewer, is_member, "{error}");
                let adopting = asking(&simulator).service_account(rights).adopt(true);
                converge(&client, &adopting.build().unwrap()).await;
            }
            converge(&client, &wanted).await;
            assert_eq!(admins(), if is_admin { &with_account } else { &without }[..]);
            assert_eq!(readers().contains(&account), !is_admin, "{rights:?} {release}");
            let now = client.outputs(&wanted).await.unwrap();
            assert_eq!(now == outputs, !gets_more, "the password stays, unless it is adopted");
            outputs = now;
            assert_eq!(may(&simulator, &outputs).await, may_do, "{rights:?} {release}");
        }
    }
}

fn members(state: &State, group: &str) -> Vec<u64> {
    let found = state.groups.iter().filter(|one| one.name == group);
    let mut users: Vec<u64> = found.flat_map(|group| group.users.iter().copied()).collect();
    users.sort_unstable();
    users
}

#[tokio::test]
async fn new_rights_come_before_old_ones_go() {
    let (simulator, client) = start(Release::V2026_5);
    converge(&client, &with_rights(&simulator, ServiceAccount::Administrator)).await;
    let plan = client.plan(&with_rights(&simulator, ServiceAccount::UserReader)).await.unwrap();
    let ids: Vec<&str> = plan.changes().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["role", "role-permissions", "rights-group", "other-rights"]);
    let waits: Vec<&str> =
        plan.changes().last().unwrap().depends_on.iter().map(OperationId::as_str).collect();
    assert_eq!(waits, ["role-permissions", "rights-group"]);
}

/// The application may let the account in by the very group that it leaves: no login may fail in between.
#[tokio::test]
async fn an_account_is_bound_before_it_leaves_the_group_that_lets_it_in() {
    for (now, then, left) in [
        (ServiceAccount::Administrator, ServiceAccount::UserReader, "authentik Admins"),
        (ServiceAccount::UserReader, ServiceAccount::Administrator, READER),
    ] {
        let (simulator, client) = start(Release::V2026_5);
        converge(&client, &with_rights(&simulator, now)).await;
        simulator.edit(|state| {
            let group = state.groups.iter().find(|one| one.name == left).unwrap().pk.clone();
            for application in
                state.applications.iter().map(|one| one.pk.clone()).collect::<Vec<_>>()
            {
                state.add_policy_binding(&application).group = Some(group.clone());
            }
        });
        let wanted = asking(&simulator).service_account(then).adopt(true).as_in_guide(false);
        let plan = client.plan(&wanted.build().unwrap()).await.unwrap();
        let leaving = plan.changes().find(|one| one.id.as_str() == "other-rights").unwrap();
        let waits = leaving.depends_on.iter().any(|id| id.as_str() == "access-account");
        assert!(waits, "{plan}");
    }
}

/// A role of our name may be left from other rights, or somebody else's: a new account gets what was asked for.
#[tokio::test]
async fn a_new_account_gets_no_more_than_was_asked_for() {
    for release in RELEASES {
        let (simulator, client) = start(release);
        simulator.edit(|state| {
            state.add_role(READER).permissions.insert("authentik_core.delete_user".to_owned());
        });
        let wanted =
            NetbirdIntegration::builder(simulator.url(), "netbird.company").build().unwrap();
        let plan = client.plan(&wanted).await.unwrap();
        let named = plan.changes().find(|one| one.id.as_str() == "service-account").unwrap();
        let waits = |id: &str| named.depends_on.iter().any(|one| one.as_str() == id);
        assert!(waits("role-fewer-permissions"), "{plan}");
        converge(&client, &wanted).await;
        simulator.edit(|state| {
            let role = state.roles.iter().find(|role| role.name == READER).unwrap();
            assert!(role.permissions.iter().eq(["authentik_core.view_user"]), "{release}");
        });
    }
}

#[tokio::test]
async fn a_role_or_group_of_that_name_with_other_rights_is_a_conflict() {
    let edits: [(Edit, &str); 4] = [
        (
            |state| {
                let role = state.roles.iter_mut().find(|role| role.name == READER).unwrap();
                role.permissions.insert("authentik_core.add_user".to_owned());
            },
            "it has other permissions: authentik_core.add_user",
        ),
        (
            |state| {
                let role = state.add_role("other").pk.clone();
                group(state).roles.push(role);
            },
            "it gives its members 1 other roles",
        ),
        (|state| group(state).is_superuser = true, "its members may do everything"),
        (
            |state| {
                let parent = state.add_group("parent").pk.clone();
                group(state).parents.push(parent);
            },
            "it inherits from another group",
        ),
    ];
    for release in RELEASES {
        for (edit, why) in edits {
            let (simulator, client) = start(release);
            let wanted = with_rights(&simulator, ServiceAccount::UserReader);
            converge(&client, &wanted).await;
            simulator.edit(edit);
            let error = client.plan(&wanted).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Conflict);
            assert!(error.to_string().contains(why), "{error}");
        }
    }
}

fn group(state: &mut State) -> &mut Group {
    state.groups.iter_mut().find(|group| group.name == READER).unwrap()
}

#[tokio::test]
async fn drift_of_role_and_group_is_corrected() {
    for release in RELEASES {
        let (simulator, client) = start(release);
        let wanted = with_rights(&simulator, ServiceAccount::UserReader);
        converge(&client, &wanted).await;
        // Names of groups became unique later, and until then a new group gets its role last.
        let new_group: &[&str] = if release >= Release::V2025_12 {
            &["rights-group"]
        } else {
            &["rights-group", "rights-group-role"]
        };
        let drifts: [(Edit, &[&str]); 4] = [
            (|state| group(state).users.clear(), &["rights"]),
            (|state| group(state).roles.clear(), &["rights-group-role"]),
            (
                |state| state.roles.iter_mut().for_each(|role| role.permissions.clear()),
                &["role-permissions"],
            ),
            (|state| state.groups.retain(|group| group.name != READER), new_group),
        ];
        for (drift, wanted_ids) in drifts {
            simulator.edit(drift);
            let error = client.plan(&wanted).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
            let adopting = asking(&simulator).service_account(ServiceAccount::UserReader);
            let (plan, outputs) = converge(&client, &adopting.adopt(true).build().unwrap()).await;
            let adoption = ["service-account-deactivation", "app-password", "service-account"];
            let ids: Vec<&str> = plan.changes().map(|one| one.id.as_str()).collect();
            let rights: Vec<&str> =
                ids.iter().copied().filter(|id| !adoption.contains(id)).collect();
            assert_eq!(rights, wanted_ids, "{plan}");
            assert_eq!(ids.len(), rights.len() + adoption.len(), "{plan}");
            assert_eq!(may(&simulator, &outputs).await.0, 200, "{plan}");
            converge(&client, &wanted).await;
        }
    }
}

#[tokio::test]
async fn further_groups_of_the_account_are_a_warning() {
    let (simulator, client) = start(Release::V2026_5);
    let wanted = with_rights(&simulator, ServiceAccount::UserReader);
    converge(&client, &wanted).await;
    simulator.edit(|state| {
        let account = state.users.iter().find(|user| user.username == "NetBird").unwrap().pk;
        state.add_group("power").users.push(account);
    });
    let plan = client.plan(&wanted).await.unwrap();
    let kinds: Vec<WarningKind> = plan.warnings.iter().map(|one| one.kind).collect();
    let expected =
        [WarningKind::LoopbackAddress, WarningKind::ApiScope, WarningKind::FurtherGroups];
    assert_eq!(kinds, expected);
}

#[tokio::test]
async fn without_an_account_nothing_of_one_is_created() {
    for release in RELEASES {
        let (simulator, client) = start(release);
        let users = simulator.edit(|state| (state.users.len(), state.tokens.len()));
        let wanted = with_rights(&simulator, ServiceAccount::None);
        let (plan, outputs) = converge(&client, &wanted).await;
        assert_eq!(plan.changes().count(), 4, "{plan}");
        assert_eq!(simulator.edit(|state| (state.users.len(), state.tokens.len())), users);
        assert_eq!(client.outputs(&wanted).await.unwrap(), outputs);
        let env = outputs.netbird_env().to_setup_env().unwrap();
        assert!(env.expose().contains("NETBIRD_MGMT_IDP='none'"), "{}", env.expose());
        assert!(!env.expose().contains("NETBIRD_IDP_MGMT"), "{}", env.expose());
        if release == Release::V2026_5 {
            let types = simulator.dump()["providers"][0]["grant_types"].to_string();
            assert!(types.contains("device_code") && !types.contains("client_credentials"));
        }
        // An existing account is left alone.
        converge(&client, &with_rights(&simulator, ServiceAccount::Administrator)).await;
        let before = simulator.dump()["users"].clone();
        converge(&client, &wanted).await;
        assert_eq!(simulator.dump()["users"], before);
    }
}

#[tokio::test]
async fn an_account_of_earlier_rights_is_a_warning_where_none_is_wanted() {
    for release in RELEASES {
        let (simulator, client) = start(release);
        converge(&client, &with_rights(&simulator, ServiceAccount::Administrator)).await;
        let wanted = with_rights(&simulator, ServiceAccount::None);
        let plan = client.plan(&wanted).await.unwrap();
        let [_, shared, warning] = &plan.warnings[..] else { panic!("{plan}") };
        assert_eq!(shared.kind, WarningKind::ApiScope);
        assert!(shared.hint.contains("Remove that scope mapping"), "{shared}");
        assert_eq!(warning.kind, WarningKind::OrphanedAccount);
        let text = warning.to_string();
        for part in ["\"NetBird\" still exists", "is an administrator", "Directory > Users"] {
            assert!(text.contains(part), "{text}");
        }
        // A teardown does not take it along, and says so.
        let plan = client.plan_teardown(&wanted).await.unwrap();
        let account = plan.operations.iter().find(|one| one.id.as_str() == "service-account");
        let account = account.unwrap_or_else(|| panic!("{plan}"));
        assert!(!account.is_change() && account.reason.starts_with("kept: "), "{plan}");
        assert!(account.reason.contains("that it was created with"), "{plan}");
        // A person of that name is none of ours.
        simulator.edit(|state| {
            let user = state.users.iter_mut().find(|user| user.username == "NetBird").unwrap();
            "internal".clone_into(&mut user.kind);
        });
        let plan = client.plan(&wanted).await.unwrap();
        let kinds: Vec<WarningKind> = plan.warnings.iter().map(|one| one.kind).collect();
        assert_eq!(kinds, [WarningKind::LoopbackAddress, WarningKind::ApiScope], "{plan}");
    }
}

#[tokio::test]
async fn a_missing_app_password_is_a_warning() {
    for release in RELEASES {
        let (simulator, client) = start(release);
        let wanted = with_rights(&simulator, ServiceAccount::UserReader);
        converge(&client, &wanted).await;
        simulator.edit(|state| state.tokens.retain(|one| one.intent != "app_password"));
        let plan = client.plan(&wanted).await.unwrap();
        let [_, warning, shared] = &plan.warnings[..] else { panic!("{plan}") };
        assert_eq!(shared.kind, WarningKind::ApiScope);
        assert_eq!(warning.kind, WarningKind::NoAppPassword);
        let text = warning.to_string();
        for part in ["\"NetBird\" has no app password that is valid", "every NetBird login fails"] {
            assert!(text.contains(part), "{text}");
        }
        converge(&client, &wanted).await;
    }
}
