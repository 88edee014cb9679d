//! [`Administration`]: what an administrator's token shows, to tell causes apart.

use std::time::SystemTime;

use crate::authentik::reads::{Goal, VerifiedNames};
use crate::authentik::{
    Application, PolicyBinding, Provider, Snapshot, Stored, Token, User, UserId,
};
use crate::error::Error;
use crate::verify::NetbirdSettings;

/// What an administrator's token shows, and why the rest could not be read: checks do without it.
#[cfg_attr(test, derive(Debug))]
pub(crate) struct Administration {
    pub(crate) snapshot: Snapshot,
    pub(crate) errors: Vec<Error>,
}

/// The result of looking for one thing.
#[derive(Clone, Copy)]
pub(crate) enum LookUp<'a, T> {
    /// It could not be looked for.
    Unread,
    /// There is none.
    Missing,
    Found(&'a T),
}

impl<'a, T> LookUp<'a, T> {
    pub(crate) fn found(self) -> Option<&'a T> {
        match self {
            Self::Found(one) => Some(one),
            Self::Unread | Self::Missing => None,
        }
    }
}

/// What to read for these settings.
pub(crate) fn goal(settings: &NetbirdSettings) -> Goal {
    Goal::Verify(VerifiedNames {
        application: settings.application_slug(),
        client_id: settings.client_id.as_str().into(),
        account: settings.account.as_ref().map(|account| account.username.clone()),
    })
}

impl Administration {
    /// Whether what was read under this name could not be.
    fn is_unread<T: Stored>(&self, name: &str) -> bool {
        self.snapshot.is_unknown(&T::API.resource(name))
    }

    fn look_up<'a, T: Stored>(&'a self, name: &str, found: Option<&'a T>) -> LookUp<'a, T> {
        match found {
            Some(one) => LookUp::Found(one),
            None if self.is_unread::<T>(name) => LookUp::Unread,
            None => LookUp::Missing,
        }
    }

    /// The provider with this client id.
    pub(crate) fn client(&self, client_id: &str) -> LookUp<'_, Provider> {
        let mut providers = self.snapshot.providers.iter();
        self.look_up(client_id, providers.find(|one| one.client_id.as_str() == client_id))
    }

    /// The application of this slug.
    pub(crate) fn application(&self, slug: &str) -> LookUp<'_, Application> {
        self.look_up(slug, self.snapshot.application(slug))
    }

    /// The account with exactly this name.
    pub(crate) fn account(&self, username: &str) -> LookUp<'_, User> {
        self.look_up(username, self.snapshot.user(username))
    }

    /// A user whose name differs from this one only in case.
    pub(crate) fn differently_written(&self, username: &str) -> Option<&User> {
        let lower = username.to_lowercase();
        let mut users = self.snapshot.users.iter();
        users.find(|user| user.username != username && user.username.to_lowercase() == lower)
    }

    /// The tokens of the account with this name, and when they were read.
    pub(crate) fn tokens(&self, username: &str, pk: UserId) -> Option<(Vec<&Token>, SystemTime)> {
        if self.is_unread::<Token>(username) {
            return None;
        }
        let tokens = self.snapshot.tokens.iter().filter(|token| token.user == Some(pk));
        Some((tokens.collect(), self.snapshot.taken_at?))
    }

    /// The enabled bindings of an application.
    pub(crate) fn bindings(&self, application: &Application) -> Option<Vec<&PolicyBinding>> {
        if self.is_unread::<PolicyBinding>(application.slug.as_str()) {
            return None;
        }
        let all = self.snapshot.bindings.iter();
        Some(all.filter(|one| one.enabled && one.target == application.pk).collect())
    }
}

#[cfg(test)]
mod tests {
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
            let users = || (0..self.users.len());
            match path.split('?').next().unwrap() {
                "admin/version/" => json!({"version_current": "2026.5.0"}),
                "core/applications/netbird/" => {
                    json!({"pk": "app", "name": "n", "slug": "netbird"})
                }
                "core/tokens/" if path.contains("=NetBird&") => {
                    let own = users().filter(|index| self.users[*index].0 == "NetBird");
                    let token = |index| json!({"identifier": "t", "user": index, "user_obj": self.user(index)});
                    list(own.map(token).collect())
                }
                "core/users/" => list(users().map(|index| self.user(index)).collect()),
                "policies/bindings/" => list(self.bindings.clone()),
                "core/groups/" => list(json!([{"pk": "inner", "name": "i", "parents": ["outer"]}])),
                "providers/oauth2/" => list(json!([])),
                other => panic!("{other}"),
            }
        }

        /// The paths of each wave, without their queries.
        fn waves(&self) -> Vec<Vec<String>> {
            let goal = Goal::Verify(VerifiedNames {
                application: "netbird".into(),
                client_id: "id".into(),
                account: Some("NetBird".to_owned()),
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

    const FIRST: [&str; 4] =
        ["admin/version/", "core/applications/netbird/", "providers/oauth2/", "core/tokens/"];

    #[test]
    fn five_reads_in_two_waves_show_what_is_usual() {
        for bindings in [json!([]), json!([{"pk": "b", "target": "app", "group": "admins"}])] {
            let server = Server { users: vec![("NetBird", vec!["admins"])], bindings };
            assert_eq!(server.waves(), [&FIRST[..], &["policies/bindings/"]]);
        }
    }

    #[test]
    fn groups_are_read_only_if_one_of_them_may_decide() {
        let group = json!({"pk": "b", "target": "app", "group": "outer"});
        let account = json!({"pk": "c", "target": "app", "user": 0});
        let server = |bindings| Server { users: vec![("NetBird", vec!["inner"])], bindings };
        let inherited = server(json!([group])).waves();
        assert_eq!(inherited, [&FIRST[..], &["policies/bindings/"], &["core/groups/"]]);
        let bound = server(json!([group, account])).waves();
        assert_eq!(bound, [&FIRST[..], &["policies/bindings/"]]);
    }

    #[test]
    fn users_are_searched_only_if_the_tokens_do_not_show_the_account() {
        let server = Server { users: vec![("netbird", vec![])], bindings: json!([]) };
        assert_eq!(server.waves(), [&FIRST[..], &["core/users/", "policies/bindings/"]]);
    }
}
