use serde_json::{Value, json};

use super::*;
use crate::authentik::Source;
use crate::authentik::reads::next_wave;

/// What a server has that is about NetBird.
struct Server {
    /// User names, and the groups of each.
    users: Vec<(&'static str, Vec<&'static str>)>,
    bindings: Value,
}

impl Server {
    fn user(&self, index: usize) -> Value {
        let (username, groups) = &self.users[index];
        json!({"pk": index, "username": username, "groups": groups})
    }

    fn response(&self, path: &str) -> Value {
        let list =
            |results: Value| json!({"pagination": {"next": 0, "count": 0}, "results": results});
        let users = || 0..self.users.len();
        match path.split('?').next().unwrap() {
            "admin/version/" => json!({"version_current": "2026.5.0"}),
            "core/users/me/" => json!({"user": {"pk": 9, "username": "akadmin"}}),
            "core/applications/netbird/" => {
                json!({"pk": "app", "name": "n", "slug": "netbird"})
            }
            "core/tokens/" if path.contains("=NetBird&") => {
                let own = users().filter(|index| self.users[*index].0 == "NetBird");
                let token =
                    |index| json!({"identifier": "t", "user": index, "user_obj": self.user(index)});
                list(own.map(token).collect())
            }
            "core/users/" => list(users().map(|index| self.user(index)).collect()),
            "policies/bindings/" => list(self.bindings.clone()),
            "core/groups/" => list(json!([{"pk": "inner", "name": "i", "parents": ["outer"]}])),
            "providers/oauth2/" | "flows/instances/" | "propertymappings/provider/scope/" => {
                list(json!([]))
            }
            other => panic!("{other}"),
        }
    }

    /// The paths of each wave, without their queries.
    fn waves(&self) -> Vec<Vec<String>> {
        let goal = Goal::Verify(VerifiedNames {
            application: "netbird".into(),
            client_id: Some("id".into()),
            api_client_id: None,
            api_application: None,
            account: Some("NetBird".to_owned()),
            role: None,
        });
        let mut snapshot = Snapshot::empty(Source::Server, None);
        let mut waves = Vec::new();
        loop {
            let wave = next_wave(&goal, &snapshot);
            if wave.is_empty() {
                return waves;
            }
            for read in &wave {
                let path = &read.request.path;
                snapshot.read.insert(path.clone());
                let body = self.response(path).to_string();
                read.store(&mut snapshot, body.as_bytes()).unwrap();
            }
            let path = |read: &crate::authentik::Read| {
                read.request.path.split('?').next().unwrap().to_owned()
            };
            waves.push(wave.iter().map(path).collect());
        }
    }
}

const FIRST: [&str; 7] = [
    "admin/version/",
    "core/users/me/",
    "core/applications/netbird/",
    "flows/instances/",
    "propertymappings/provider/scope/",
    "providers/oauth2/",
    "core/tokens/",
];

#[test]
fn eight_reads_in_two_waves_show_what_is_usual() {
    let server = Server { users: vec![("NetBird", vec!["admins"])], bindings: json!([]) };
    assert_eq!(server.waves(), [&FIRST[..], &["policies/bindings/"]]);
}

#[test]
fn who_is_in_a_group_is_read_only_if_nothing_else_is_bound() {
    let group = json!({"pk": "b", "target": "app", "group": "admins"});
    let policy = json!({"pk": "c", "target": "app", "policy": "by day"});
    let server = |bindings| Server { users: vec![("NetBird", vec!["admins"])], bindings };
    let alone = server(json!([group])).waves();
    assert_eq!(alone, [&FIRST[..], &["policies/bindings/"], &["core/users/"]]);
    let with_policy = server(json!([group, policy])).waves();
    assert_eq!(with_policy, [&FIRST[..], &["policies/bindings/"]]);
}

#[test]
fn groups_are_read_only_if_one_of_them_may_decide() {
    let group = json!({"pk": "b", "target": "app", "group": "outer"});
    let account = json!({"pk": "c", "target": "app", "user": 0});
    let server = |bindings| Server { users: vec![("NetBird", vec!["inner"])], bindings };
    let inherited = server(json!([group])).waves();
    assert_eq!(inherited, [&FIRST[..], &["policies/bindings/"], &["core/groups/", "core/users/"]]);
    let bound = server(json!([group, account])).waves();
    assert_eq!(bound, [&FIRST[..], &["policies/bindings/"], &["core/users/"]]);
}

#[test]
fn users_are_searched_only_if_the_tokens_do_not_show_the_account() {
    let server = Server { users: vec![("netbird", vec![])], bindings: json!([]) };
    assert_eq!(server.waves(), [&FIRST[..], &["core/users/", "policies/bindings/"]]);
}
