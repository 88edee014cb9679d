use serde_json::json;

use super::*;

#[test]
fn what_was_read_first_stays() {
    let mut snapshot = Snapshot::empty(Source::Server, None);
    let user = |groups| {
        let user = json!({"pk": 5, "username": "NetBird", "groups": ["g"], "groups_obj": groups});
        serde_json::from_value::<User>(user).unwrap()
    };
    user(json!([{"pk": "g", "name": "authentik Admins"}])).store(&mut snapshot);
    user(json!(null)).store(&mut snapshot);
    assert_eq!(snapshot.users.len(), 1);
    assert!(snapshot.users[0].group("authentik Admins").is_some());
}

/// Each object is compared with no other: a server may send as many as fit into a list.
#[test]
fn a_long_list_is_stored_in_linear_time() {
    let start = std::time::Instant::now();
    let mut snapshot = Snapshot::empty(Source::Server, None);
    for number in (0..100_000).chain(0..100_000) {
        let parents = [(number + 1).to_string()];
        let group = json!({"pk": number.to_string(), "name": "all the same", "parents": parents});
        serde_json::from_value::<Group>(group).unwrap().store(&mut snapshot);
    }
    assert_eq!(snapshot.groups.len(), 100_000);
    let named = json!([{"pk": "0", "name": "all the same"}]);
    let me = json!({"pk": 1, "username": "me", "is_superuser": false, "groups": named});
    snapshot.caller = Some(serde_json::from_value(me).unwrap());
    assert_eq!(snapshot.caller_groups().0.len(), 100_000);
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}
