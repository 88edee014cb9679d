use serde_json::json;

use super::*;
use crate::authentik::{Group, Source, User};

fn binding(group: Option<u8>, user: Option<i64>, negate: bool) -> PolicyBinding {
    let group = group.map(|number| number.to_string());
    serde_json::from_value(json!({
        "pk": "b", "target": "app", "group": group, "user": user, "negate": negate
    }))
    .unwrap()
}

fn account(groups: &[u8]) -> User {
    let groups: Vec<String> = groups.iter().map(u8::to_string).collect();
    serde_json::from_value(json!({"pk": 5, "username": "NetBird", "groups": groups})).unwrap()
}

fn group(pk: u8, parents: &[u8]) -> Group {
    let parents: Vec<String> = parents.iter().map(u8::to_string).collect();
    serde_json::from_value(json!({"pk": pk.to_string(), "name": "g", "parents": parents})).unwrap()
}

#[test]
fn bindings_are_read_as_authentik_reads_them() {
    let mut snapshot = Snapshot::empty(Source::Server, None);
    snapshot.groups = vec![group(1, &[2]), group(2, &[3]), group(3, &[1])];
    let verdict = |bindings: &[PolicyBinding], all| {
        let bindings: Vec<&PolicyBinding> = bindings.iter().collect();
        let account = account(&[1]);
        access(&bindings, all, Some(&account.pk), &account.groups, &snapshot)
    };
    let (own, other) = (binding(Some(3), None, false), binding(Some(4), None, false));
    let (user, policy) = (binding(None, Some(5), false), binding(None, None, false));
    for (bindings, any, all) in [
        (vec![], Access::Allowed, Access::Allowed),
        (vec![own.clone()], Access::Allowed, Access::Allowed),
        (vec![other.clone()], Access::Denied, Access::Denied),
        (vec![own.clone(), other.clone()], Access::Allowed, Access::Denied),
        (vec![user.clone(), own.clone()], Access::Allowed, Access::Allowed),
        (vec![binding(Some(3), None, true)], Access::Denied, Access::Denied),
        (vec![binding(Some(4), None, true)], Access::Allowed, Access::Allowed),
        (vec![policy.clone()], Access::Unknown, Access::Unknown),
        (vec![policy.clone(), user], Access::Allowed, Access::Unknown),
        (vec![policy, other], Access::Unknown, Access::Denied),
    ] {
        assert_eq!(verdict(&bindings, false), any, "{bindings:?}");
        assert_eq!(verdict(&bindings, true), all, "{bindings:?}");
    }
}
