use proptest::prelude::*;
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

proptest! {
    #[test]
    fn groups_inside_of_one_another_come_to_an_end(
        parents in prop::collection::vec(prop::collection::vec(0_u8..8, 0..4), 6),
        start in 0_u8..8,
    ) {
        let mut snapshot = Snapshot::empty(Source::Server, None);
        for (pk, parents) in parents.iter().enumerate() {
            let parents: Vec<String> = parents.iter().map(u8::to_string).collect();
            let group = json!({"pk": pk.to_string(), "name": "g", "parents": parents});
            serde_json::from_value::<Group>(group).unwrap().store(&mut snapshot);
        }
        let start = GroupId::from(start.to_string());
        let (groups, unread) = snapshot.groups_upwards(vec![start.clone()]);
        let found: BTreeSet<&GroupId> =
            groups.iter().map(|group| &group.pk).chain(&unread).collect();
        prop_assert_eq!(found.len(), groups.len() + unread.len());
        prop_assert!(found.contains(&start));
        prop_assert!(groups.iter().flat_map(|group| &group.parents).all(|pk| found.contains(pk)));
        prop_assert!(unread.iter().all(|pk| snapshot.groups.iter().all(|group| group.pk != *pk)));
    }
}
