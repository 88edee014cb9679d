//! What runs that met left twice: the plan deletes what is exactly ours, and nothing else.

use authentik_netbird_core::Snapshot;
use authentik_netbird_core::authentik::{Group, PolicyBinding};
use authentik_netbird_core::integration::ServiceAccount;
use authentik_netbird_core::plan::{Operation, Plan};
use authentik_netbird_core::{Error, ErrorKind, NetbirdIntegration};
use serde_json::{Value, json};

use crate::support::snapshots::{account, builder, configured, from, member_of, plan, writes};

const READER: &str = "NetBird user reader";

fn delete<'p>(plan: &'p Plan, id: &str) -> &'p Operation {
    let operation = plan.operations.iter().find(|operation| operation.id.as_str() == id);
    operation.unwrap_or_else(|| panic!("no {id} in {plan}"))
}

/// Keys of what a plan deletes.
fn deleted(plan: &Plan) -> Vec<&str> {
    let deletes = plan.changes().filter_map(|operation| operation.write.as_ref());
    let deletes = deletes.filter(|write| write.action() == "delete");
    deletes.map(|write| write.key().and_then(Value::as_str).unwrap()).collect()
}

/// The server says what uses this group: nothing but these.
fn used(server: &mut Snapshot, group: &str, uses: &[(&str, &str, &str)]) {
    let resource = from(json!({"kind": "group", "name": group}));
    let uses = uses
        .iter()
        .map(|(app, model, pk)| {
            from(json!({"app": app, "model_name": model, "pk": pk, "name": ""}))
        })
        .collect();
    server.uses.insert(resource, uses);
}

mod bindings {
    use super::*;

    fn wanted() -> NetbirdIntegration {
        builder().access_group("vpn").build().unwrap()
    }

    /// A server with a binding of the account and one of the group.
    fn bound() -> Snapshot {
        let mut server = configured();
        server.groups.push(from(json!({"pk": "vpn-pk", "name": "vpn", "users": [9]})));
        for (pk, subject, key, order) in
            [("b0", "user", json!(account().pk), 0), ("b1", "group", json!("vpn-pk"), 1)]
        {
            let binding = json!({"pk": pk, "target": "app", subject: key, "order": order});
            server.bindings.push(from(binding));
        }
        server
    }

    /// Adds a copy of a binding, changed.
    fn copy(server: &mut Snapshot, of: usize, pk: &str, change: impl FnOnce(&mut PolicyBinding)) {
        let mut binding = server.bindings[of].clone();
        binding.pk = pk.into();
        change(&mut binding);
        server.bindings.push(binding);
    }

    #[test]
    fn second_ones_go_and_the_first_in_order_stays() {
        let mut server = bound();
        copy(&mut server, 0, "b2", |_| {});
        copy(&mut server, 1, "a0", |one| one.order = 5);
        copy(&mut server, 1, "b3", |one| one.order = 0);
        let plan = plan(&wanted(), &server).unwrap();
        assert_eq!(
            writes(&plan),
            [
                "delete access-account-duplicate-1",
                "delete access-1-duplicate-1",
                "delete access-1-duplicate-2"
            ]
        );
        assert_eq!(deleted(&plan), ["b2", "b1", "a0"]);
        let operation = delete(&plan, "access-1-duplicate-1");
        assert!(operation.depends_on.is_empty());
        assert_eq!(operation.resource.to_string(), "policy binding \"vpn to netbird\"");
        assert!(operation.reason.ends_with("access does not change"), "{operation}");
    }

    #[test]
    fn whatever_else_is_bound_stays() {
        type Change = fn(&mut PolicyBinding);
        let changes: [(&str, Change); 7] = [
            ("of another application", |one| one.target = "wiki".into()),
            ("of another group", |one| one.group = Some("other".into())),
            ("of another user", |one| (one.group, one.user) = (None, Some(from(json!(77))))),
            ("disabled", |one| one.enabled = false),
            ("denying", |one| one.negate = true),
            ("of a policy", |one| one.policy = Some("p".to_owned())),
            ("temporary", |one| one.expiring = true),
        ];
        for (what, change) in changes {
            let mut server = bound();
            copy(&mut server, 1, "b2", change);
            copy(&mut server, 1, "b3", change);
            let plan = plan(&wanted(), &server).unwrap();
            assert!(!plan.has_changes(), "{what}: {plan}");
        }
    }
}

mod access_groups {
    use super::*;

    fn planned(server: &Snapshot) -> Result<Plan, Error> {
        plan(&builder().access_group("vpn").create_access_groups(true).build().unwrap(), server)
    }

    /// A server with two groups of the name, of which the second one is bound.
    fn twice() -> Snapshot {
        let mut server = configured();
        let account = json!({"pk": "b0", "target": "app", "user": account().pk, "order": 0});
        let group = json!({"pk": "b1", "target": "app", "group": "g2", "order": 1});
        server.bindings.extend([from(account), from(group)]);
        for pk in ["g1", "g2"] {
            server.groups.push(from(json!({"pk": pk, "name": "vpn"})));
            used(&mut server, pk, &[]);
        }
        used(&mut server, "g2", &[("authentik_policies", "policybinding", "b1")]);
        server
    }

    #[test]
    fn the_bound_one_stays() {
        let plan = planned(&twice()).unwrap();
        assert_eq!(writes(&plan), ["delete access-group-1-duplicate-1"]);
        assert_eq!(deleted(&plan), ["g1"]);
    }

    #[test]
    fn the_one_with_members_stays_and_is_bound_before_the_other_goes() {
        let mut server = twice();
        server.groups[1].users.push(from(json!(9)));
        let plan = planned(&server).unwrap();
        assert_eq!(writes(&plan), ["create access-1", "delete access-group-1-duplicate-1"]);
        assert_eq!(deleted(&plan), ["g2"]);
        let delete = delete(&plan, "access-group-1-duplicate-1");
        assert_eq!(delete.depends_on[0].as_str(), "access-1", "nobody loses access in between");
    }

    #[test]
    fn groups_that_give_or_mean_anything_are_never_deleted() {
        type Change = fn(&mut Group);
        let changes: [(&str, Change); 5] = [
            ("members", |one| one.users.push(from(json!(9)))),
            ("a role", |one| one.roles.push("r".into())),
            ("superusers", |one| one.is_superuser = true),
            ("a parent, until 2025.10", |one| one.parent = Some("p".into())),
            ("a parent", |one| one.parents.push("p".into())),
        ];
        for (what, change) in changes {
            let mut server = twice();
            server.groups[1..].iter_mut().for_each(change);
            let error = planned(&server).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Ambiguous, "{what}: {error}");
            assert!(error.to_string().contains("2 match: "), "{error}");
        }
    }

    #[test]
    fn groups_that_something_else_uses_are_never_deleted() {
        // Without its only binding an application is open to everyone.
        for other in [
            ("authentik_policies", "policybinding", "of the wiki"),
            ("authentik_core", "group", "a child"),
            ("authentik_outposts", "ldapoutpost", "o"),
        ] {
            let mut server = twice();
            used(&mut server, "g1", &[other]);
            let plan = planned(&server).unwrap();
            assert_eq!(deleted(&plan), ["g2"], "the other one is only ours");
            used(&mut server, "g2", &[other]);
            let error = planned(&server).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Ambiguous, "{other:?}: {error}");
        }
        // What the server does not show may be anything.
        let mut server = twice();
        server.uses.clear();
        assert_eq!(planned(&server).unwrap_err().kind(), ErrorKind::Ambiguous);
    }

    #[test]
    fn groups_that_people_create_are_theirs() {
        let wanted = builder().access_group("vpn").build().unwrap();
        let error = plan(&wanted, &twice()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Ambiguous, "{error}");
    }
}

mod rights_group {
    use super::*;

    fn planned(server: &Snapshot) -> Result<Plan, Error> {
        let wanted = builder().service_account(ServiceAccount::UserReader).build().unwrap();
        plan(&wanted, server)
    }

    /// Two groups of least privilege: `g1` as a run left it, `g2` with the role. The account is in both.
    fn twice() -> Snapshot {
        let mut server = configured();
        server.roles = from(json!([{"pk": "r", "name": READER}]));
        let permissions = json!([{"app_label": "authentik_core", "codename": "view_user"}]);
        let holder = authentik_netbird_core::authentik::PermissionHolder::Role("r".into());
        server.permissions.insert(holder, from(permissions));
        for (pk, roles) in [("g1", json!([])), ("g2", json!(["r"]))] {
            let group = json!({"pk": pk, "name": READER, "users": [account().pk], "roles": roles});
            server.groups.push(from(group));
            used(&mut server, pk, &[("authentik_core", "user", "5")]);
        }
        member_of(&mut server.users[0], "g2", READER);
        server
    }

    #[test]
    fn the_one_with_the_role_stays() {
        let plan = planned(&twice()).unwrap();
        assert_eq!(writes(&plan), ["delete rights-group-duplicate-1"]);
        assert_eq!(deleted(&plan), ["g1"]);
    }

    #[test]
    fn of_two_without_the_role_the_one_with_the_account_gets_it() {
        let mut server = twice();
        server.groups[1].users.clear();
        server.groups[2].roles.clear();
        let plan = planned(&server).unwrap();
        assert_eq!(writes(&plan), ["delete rights-group-duplicate-1", "update rights-group-role"]);
        assert_eq!(deleted(&plan), ["g1"]);
    }

    #[test]
    fn one_with_a_role_a_member_or_superusers_is_never_deleted() {
        type Change = fn(&mut Group);
        let changes: [(&str, Change); 5] = [
            // Until 2025.10 deleting any group with a role takes that role from everyone.
            ("our role", |one| one.roles = vec!["r".into()]),
            ("another role", |one| one.roles = vec!["other".into()]),
            ("another member", |one| one.users.push(from(json!(9)))),
            ("superusers", |one| one.is_superuser = true),
            ("a parent", |one| one.parents.push("p".into())),
        ];
        for (what, change) in changes {
            let mut server = twice();
            change(&mut server.groups[1]);
            let error = planned(&server).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Ambiguous, "{what}: {error}");
        }
    }

    #[test]
    fn one_that_something_else_uses_is_never_deleted() {
        let mut server = twice();
        used(&mut server, "g1", &[("authentik_policies", "policybinding", "of the wiki")]);
        assert_eq!(planned(&server).unwrap_err().kind(), ErrorKind::Ambiguous);
        server.uses.clear();
        assert_eq!(planned(&server).unwrap_err().kind(), ErrorKind::Ambiguous);
    }
}
