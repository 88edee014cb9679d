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
