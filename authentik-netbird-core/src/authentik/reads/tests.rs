//! Waves and requests of each goal, counted without a server.

use serde_json::{Value, json};

use super::*;
use crate::authentik::{CallerRights, Source};
use crate::error::{ApiError, Error, RequestContext};
use crate::ids::Resource;
use crate::integration::{NetbirdIntegration, NetbirdIntegrationBuilder, ServiceAccount};
use crate::plan::{DesiredState, names};

/// Responses by path, without the query; what is not here is an empty list, or does not exist.
struct Responses(Vec<(&'static str, Value)>);

const CALLER: &str = "core/users/me/";
const TOKENS: &str = "core/tokens/";
const USERS: &str = "core/users/";
const GROUPS: &str = "core/groups/";
const PROVIDERS: &str = "providers/oauth2/";
const APPLICATION: &str = "core/applications/netbird/";

impl Responses {
    /// A server where NetBird is not set up, and whose token is akadmin's.
    fn fresh() -> Self {
        Self(vec![
            ("admin/version/", json!({"version_current": "2026.5.0"})),
            (
                CALLER,
                json!({"user": {"pk": 1, "username": "akadmin", "is_superuser": true,
                    "groups": [{"pk": "admins", "name": "authentik Admins"}]}}),
            ),
        ])
    }

    /// A server that is as the guide has it.
    fn set_up() -> Self {
        let user = json!({"pk": 5, "username": "NetBird", "type": "service_account",
            "is_superuser": true, "groups": ["admins"], "groups_obj": [{"pk": "admins", "name": "authentik Admins"}]});
        let flow = json!({"pk": "flow", "name": "f", "slug": "default-device-code-flow"});
        let application = json!({"pk": "app", "name": "NetBird", "slug": "netbird", "provider": 2});
        Self::fresh()
            .with(USERS, json!([user]))
            .with(
                TOKENS,
                json!([{"identifier": "service-account-netbird-password", "user": 5,
                    "intent": "app_password", "expiring": false, "user_obj": user}]),
            )
            .with("flows/instances/", json!([flow]))
            .with(APPLICATION, application)
            .with(PROVIDERS, json!([{"pk": 2, "name": "NetBird", "client_id": "c"}]))
    }

    /// With this response, in the place of another one for this path.
    fn with(mut self, path: &'static str, body: Value) -> Self {
        self.0.retain(|(known, _)| *known != path);
        self.0.push((path, body));
        self
    }

    /// What the server sends for a read; `None`: there is no such object.
    fn to(&self, read: &Read) -> Option<Value> {
        let (path, query) =
            read.request.path.split_once('?').unwrap_or((read.request.path.as_str(), ""));
        let body = self.0.iter().find(|(known, _)| *known == path).map(|(_, body)| body.clone());
        if path.ends_with("/used_by/") {
            return Some(body.unwrap_or_else(|| json!([])));
        }
        if !query.contains("page_size") {
            return body;
        }
        let results = body.unwrap_or_else(|| json!([]));
        Some(json!({"pagination": {"next": 0}, "results": results}))
    }

    /// Reads as a client does; the paths of each wave, and what is known at the end.
    fn read(&self, goal: &Goal) -> (Vec<Vec<String>>, Snapshot) {
        let mut snapshot = Snapshot::empty(Source::Server, None);
        let mut waves = Vec::new();
        loop {
            let wave = next_wave(goal, &snapshot);
            if wave.is_empty() {
                return (waves, snapshot);
            }
            for read in &wave {
                assert!(snapshot.read.insert(read.request.path.clone()), "twice: {read:?}");
                if let Some(body) = self.to(read) {
                    read.store(&mut snapshot, body.to_string().as_bytes()).unwrap();
                }
            }
            waves.push(wave.into_iter().map(|read| read.request.path).collect());
            assert!(waves.len() < 12, "no end: {waves:?}");
        }
    }

    /// How many requests each wave has.
    #[track_caller]
    fn take(&self, goal: &Goal, expected: &[usize]) -> Vec<Vec<String>> {
        let (waves, _) = self.read(goal);
        assert_eq!(waves.iter().map(Vec::len).collect::<Vec<_>>(), expected, "{waves:#?}");
        waves
    }
}

type Ask = fn(NetbirdIntegrationBuilder) -> NetbirdIntegrationBuilder;

fn goal(ask: Ask) -> Names {
    let builder = NetbirdIntegration::builder("https://authentik.company", "netbird.company");
    let builder = builder.as_in_guide(true);
    names(&DesiredState::from(&ask(builder).build().unwrap()))
}

fn set_up(ask: Ask) -> Goal {
    Goal::SetUp(goal(ask))
}

fn teardown(ask: Ask) -> Goal {
    Goal::Teardown(goal(ask))
}

/// Role and group of least privilege exist, and the account is in the group.
fn least_privilege() -> Responses {
    let name = "NetBird user reader";
    let user = json!({"pk": 5, "username": "NetBird", "type": "service_account",
        "groups": ["readers"], "groups_obj": [{"pk": "readers", "name": name}]});
    Responses::set_up()
        .with(USERS, json!([user]))
        .with(
            TOKENS,
            json!([{"identifier": "service-account-netbird-password", "user": 5,
                "intent": "app_password", "expiring": false, "user_obj": user}]),
        )
        .with("rbac/roles/", json!([{"pk": "reader", "name": name}]))
        .with(
            "rbac/permissions/",
            json!([{"app_label": "authentik_core", "codename": "view_user"}]),
        )
        .with(GROUPS, json!([{"pk": "readers", "name": name, "users": [5], "roles": ["reader"]}]))
}

#[test]
fn nothing_to_do_and_a_fresh_server_take_one_wave_of_ten() {
    let waves = Responses::set_up().take(&set_up(|it| it), &[10]);
    let expected = [
        "admin/version/",
        "core/users/me/",
        "flows/instances/?page_size=1000",
        "crypto/certificatekeypairs/?has_key=true&page_size=1000",
        "propertymappings/provider/scope/?page_size=1000",
        "core/brands/?page_size=1000",
        "providers/oauth2/?name=NetBird&page_size=1000",
        "core/applications/netbird/",
        "core/users/?username=NetBird&page_size=1000",
        "core/tokens/?identifier=service-account-netbird-password&page_size=1000",
    ];
    assert_eq!(waves[0], expected);
    Responses::fresh().take(&set_up(|it| it), &[10]);
}

#[test]
fn options_of_a_set_up_cost_requests_only_where_they_need_them() {
    let fresh = Responses::fresh();
    fresh.take(&set_up(|it| it.client_id("c")), &[11]);
    fresh.take(&set_up(|it| it.service_account(ServiceAccount::None)), &[9]);
    fresh.take(&set_up(|it| it.service_account(ServiceAccount::UserReader)), &[12]);
    fresh.take(&set_up(|it| it.access_group("a").access_group("b")), &[12]);
    // What exists has bindings, and its role has permissions.
    let bound = set_up(|it| it.access_group("a").access_group("b"));
    let waves = Responses::set_up().take(&bound, &[12, 1]);
    assert_eq!(waves[1], ["policies/bindings/?target=app&page_size=1000"]);
    let administrator =
        set_up(|it| it.as_in_guide(false).service_account(ServiceAccount::Administrator));
    let waves = Responses::set_up().take(&administrator, &[12, 1]);
    assert_eq!(waves[1], ["policies/bindings/?target=app&page_size=1000"]);
    let reader = set_up(|it| it.service_account(ServiceAccount::UserReader));
    let waves = least_privilege().take(&reader, &[12, 4]);
    assert_eq!(
        waves[1],
        [
            "core/groups/readers/used_by/",
            "rbac/roles/reader/used_by/",
            "rbac/permissions/?role=reader&page_size=1000",
            "policies/bindings/?target=app&page_size=1000",
        ]
    );
    least_privilege().with("rbac/permissions/", json!([])).take(&reader, &[12, 4, 2]);
}

/// Another run created it after the groups were read: it is ours, and nobody else's.
#[test]
fn a_group_that_has_the_role_and_was_not_listed_is_read() {
    let name = "NetBird user reader";
    let late = json!({"pk": "late", "name": name, "users": [5], "roles": ["reader"]});
    let use_of = json!([{"app": "authentik_core", "model_name": "group", "pk": "late",
        "name": format!("Group {name}")}]);
    let server = least_privilege()
        .with(GROUPS, json!([]))
        .with("rbac/roles/reader/used_by/", use_of)
        .with("core/groups/late/", late);
    let reader = set_up(|it| it.service_account(ServiceAccount::UserReader));
    let waves = server.take(&reader, &[12, 3, 1, 1]);
    assert_eq!(waves[2], ["core/groups/late/?include_users=false"]);
    assert_eq!(waves[3], ["core/groups/late/used_by/"]);
}

/// The account may be that of a NetBird whose provider has another name.
#[test]
fn all_providers_are_read_where_only_the_account_exists() {
    let server = Responses::set_up().with("providers/oauth2/", json!([]));
    let waves = server.take(&set_up(|it| it), &[10, 1]);
    assert_eq!(waves[1], ["providers/oauth2/?page_size=1000"]);
}

#[test]
fn what_uses_groups_is_read_where_a_name_has_several() {
    let two = |name: &str| json!([{"pk": "g1", "name": name}, {"pk": "g2", "name": name}, {"pk": "g3", "name": "x"}]);
    let uses = ["core/groups/g1/used_by/", "core/groups/g2/used_by/"];
    let server = Responses::fresh().with(GROUPS, two("a"));
    assert_eq!(server.take(&set_up(|it| it.access_group("a")), &[11, 2])[1], uses);
    server.take(&set_up(|it| it.access_group("x")), &[11]);
    let server = Responses::fresh().with(GROUPS, two("NetBird user reader"));
    let reader = set_up(|it| it.service_account(ServiceAccount::UserReader));
    assert_eq!(server.take(&reader, &[12, 2])[1], uses);
    let (_, snapshot) = server.read(&reader);
    assert_eq!(snapshot.uses.len(), 2, "each of its own, although they share a name");
}

#[test]
fn other_app_passwords_are_read_if_the_first_one_is_missing_or_expires() {
    let tokens = "core/tokens/?user__username=NetBird&page_size=1000";
    let token = |change: (&'static str, Value)| {
        let mut token = json!({"identifier": "service-account-netbird-password", "user": 5,
            "intent": "app_password", "expiring": false});
        token[change.0] = change.1;
        Responses::set_up().with(TOKENS, json!([token]))
    };
    for server in [
        Responses::set_up().with(TOKENS, json!([])),
        token(("expiring", json!(true))),
        token(("intent", json!("api"))),
        token(("user", json!(6))),
    ] {
        assert_eq!(server.take(&set_up(|it| it), &[10, 1])[1], [tokens]);
    }
}

#[test]
fn the_administrators_group_is_read_if_neither_account_nor_caller_shows_it() {
    let group = "core/groups/?name=authentik+Admins&include_users=false&page_size=1000";
    let stranger = json!({"user": {"pk": 1, "username": "root", "is_superuser": true}});
    let fresh = Responses::fresh().with(CALLER, stranger.clone());
    assert_eq!(fresh.take(&set_up(|it| it), &[10, 1])[1], [group]);
    Responses::set_up().with(CALLER, stranger.clone()).take(&set_up(|it| it), &[10]);
    let no_member = json!([{"pk": 5, "username": "NetBird", "type": "service_account"}]);
    let left = Responses::set_up().with(CALLER, stranger).with(USERS, no_member);
    // It is to get rights: who else may use it is read, and who created it.
    let waves = left.take(&set_up(|it| it), &[10, 1, 2]);
    assert_eq!(waves[1], [group]);
    assert_eq!(waves[2][0], "core/tokens/?user__username=NetBird&page_size=1000");
    assert!(waves[2][1].contains("context_model_name=user&context_model_pk=5"), "{waves:#?}");
}

#[test]
fn a_teardown_takes_two_waves_of_ten_in_all() {
    let waves = Responses::set_up().take(&teardown(|it| it), &[7, 3]);
    assert_eq!(
        waves[1],
        [
            "flows/instances/default-device-code-flow/used_by/",
            "core/applications/netbird/used_by/",
            "core/users/5/used_by/",
        ]
    );
    // Where nothing is left the account may still be there, without a token.
    let waves = Responses::fresh().take(&teardown(|it| it), &[7, 1]);
    assert_eq!(waves[1], ["core/users/?username=NetBird&page_size=1000"]);
    let bare = Responses::set_up().with(TOKENS, json!([]));
    bare.take(&teardown(|it| it), &[7, 3, 1]);
}

#[test]
fn a_teardown_reads_more_only_of_what_it_may_have_to_delete() {
    Responses::set_up().take(&teardown(|it| it.service_account(ServiceAccount::None)), &[7, 2]);
    Responses::set_up().take(&teardown(|it| it.access_group("a")), &[8, 3]);
    // A person of that name stays.
    let person = json!([{"identifier": "t", "user": 5, "user_obj":
        {"pk": 5, "username": "NetBird", "type": "internal"}}]);
    Responses::set_up().with(TOKENS, person).take(&teardown(|it| it), &[7, 2]);
    // Least privilege: asked for, or left from an earlier choice.
    let reader = teardown(|it| it.service_account(ServiceAccount::UserReader));
    let waves = least_privilege().take(&reader, &[9, 6]);
    for path in ["rbac/roles/reader/used_by/", "core/groups/readers/used_by/"] {
        assert!(waves[1].iter().any(|read| read == path), "{waves:#?}");
    }
    Responses::fresh().take(&reader, &[9, 1]);
    least_privilege().take(&teardown(|it| it), &[7, 5, 3]);
    // Another NetBird may use the account.
    let other = json!([{"pk": 2, "name": "NetBird", "client_id": "c"},
        {"pk": 3, "name": "Other", "client_id": "d", "redirect_uris":
            [{"matching_mode": "strict", "url": "http://localhost:53000"}]}]);
    let waves = Responses::set_up().with(PROVIDERS, other).take(&teardown(|it| it), &[7, 4]);
    let accounts = "core/users/?type=service_account&include_groups=false&page_size=1000";
    assert!(waves[1].iter().any(|read| read == accounts), "{waves:#?}");
}

#[test]
fn a_rotation_takes_one_wave_of_four_and_authors_one_read_for_each_model() {
    let goal = Goal::Rotate { username: "NetBird".to_owned() };
    let waves = Responses::set_up().take(&goal, &[4]);
    let expected = [
        "core/users/me/",
        "core/tokens/?user__username=NetBird&page_size=1000",
        "providers/oauth2/?page_size=1000",
        "core/users/?type=service_account&page_size=1000",
    ];
    assert_eq!(waves[0], expected);
    // What is neither a service account nor has tokens is looked for, to tell what is missing.
    Responses::set_up().with(TOKENS, json!([])).take(&goal, &[4]);
    let bare = Responses::set_up().with(TOKENS, json!([])).with(USERS, json!([]));
    assert_eq!(bare.take(&goal, &[4, 1])[1], ["core/users/?username=NetBird&page_size=1000"]);

    let models = [("authentik_core", "application"), ("authentik_flows", "flow")];
    let waves = Responses::fresh().take(&Goal::Authors(models.to_vec()), &[2]);
    assert_eq!(
        waves[0][1],
        "events/events/?action=model_updated&context_model_app=authentik_flows\
         &context_model_name=flow&ordering=-created&page_size=100"
    );
    // One model once, however many of its objects have drifted.
    let twice = [models[0], models[0]];
    Responses::fresh().take(&Goal::Authors(twice.to_vec()), &[1]);
    Responses::fresh().take(&Goal::Authors(Vec::new()), &[]);
}

#[test]
fn a_verification_reads_what_netbird_uses_and_looks_further_only_for_a_cause() {
    let verify = |account: Option<&str>| {
        Goal::Verify(VerifiedNames {
            application: "netbird".into(),
            client_id: Some("c".into()),
            api_client_id: None,
            api_application: None,
            account: account.map(str::to_owned),
            role: account.map(|account| format!("{account} user reader")),
        })
    };
    let server = Responses::set_up();
    let waves = server.take(&verify(Some("NetBird")), &[7, 1]);
    let expected = [
        "admin/version/",
        CALLER,
        APPLICATION,
        "flows/instances/?page_size=1000",
        "propertymappings/provider/scope/?page_size=1000",
        "providers/oauth2/?client_id=c&page_size=1000",
        "core/tokens/?user__username=NetBird&page_size=1000",
    ];
    assert_eq!(waves[0], expected);
    assert_eq!(waves[1], ["policies/bindings/?target=app&page_size=1000"]);
    server.take(&verify(None), &[6, 1]);
    // Bound to a group that the account is in, and to one that it may be in by another group.
    let bound = |group: &str| {
        let binding = json!([{"pk": "b", "target": "app", "group": group}]);
        Responses::set_up().with("policies/bindings/", binding)
    };
    let people = "is_active=true&type=internal&type=external&page_size=1";
    let waves = bound("admins").take(&verify(Some("NetBird")), &[7, 1, 1]);
    assert_eq!(waves[2], [format!("core/users/?groups_by_pk=admins&{people}")]);
    let waves = bound("staff").take(&verify(Some("NetBird")), &[7, 1, 2]);
    assert_eq!(waves[2][0], "core/groups/?include_users=false&page_size=1000");
    // No account of that name: the search also finds one that differs in case.
    let bare = Responses::set_up().with(TOKENS, json!([])).with(USERS, json!([]));
    let waves = bare.take(&verify(Some("netbird")), &[7, 2]);
    assert!(waves[1].contains(&"core/users/?search=netbird&page_size=1000".to_owned()));
}

/// A token whose user is in a group that inherits a role.
fn limited(version: &str) -> Responses {
    Responses::set_up()
        .with("admin/version/", json!({"version_current": version}))
        .with(
            CALLER,
            json!({"user": {"pk": 7, "username": "deployer",
                "groups": [{"pk": "child", "name": "night shift"}]}}),
        )
        .with(
            "core/groups/child/",
            json!({"pk": "child", "name": "night shift",
            "parents": ["parent"]}),
        )
        .with(
            "core/groups/parent/",
            json!({"pk": "parent", "name": "deployers",
            "roles": ["deployer"]}),
        )
        .with("rbac/permissions/", json!([{"app_label": "authentik_core", "codename": "add_user"}]))
        .with(
            "rbac/permissions/roles/",
            json!([{"app_label": "authentik_brands", "codename": "change_brand"}]),
        )
}

#[test]
fn what_a_limited_token_may_do_is_read_upwards_through_its_groups() {
    let (waves, snapshot) = limited("2026.5.0").read(&set_up(|it| it));
    let later: Vec<&str> = waves[1..].iter().flatten().map(String::as_str).collect();
    assert_eq!(
        later,
        [
            "core/groups/child/?include_users=false",
            "core/groups/parent/?include_users=false",
            "rbac/permissions/?role=deployer&page_size=1000",
            "rbac/permissions/roles/?uuid=deployer&page_size=1000",
        ]
    );
    assert_eq!(waves.len(), 4, "each group shows the next one: {waves:#?}");
    let these = ["authentik_brands.change_brand", "authentik_core.add_user"].map(str::to_owned);
    assert_eq!(snapshot.caller_rights(), CallerRights::These(these.into()));
    // Until 2025.10 users have permissions themselves, too.
    let (waves, _) = limited("2025.10.4").read(&set_up(|it| it));
    let own = [
        "rbac/permissions/?user=7&page_size=1000",
        "rbac/permissions/users/?user_id=7&page_size=1000",
    ];
    assert_eq!(waves[1][1..], own);
    let (waves, _) = limited("2025.12.0").read(&set_up(|it| it));
    assert_eq!(waves[1].len(), 1);
}

#[test]
fn groups_that_inherit_from_each_other_end_in_an_empty_wave() {
    let server = limited("2026.5.0").with(
        "core/groups/parent/",
        json!({"pk": "parent", "name": "deployers", "parents": ["child"]}),
    );
    let (waves, snapshot) = server.read(&set_up(|it| it));
    assert_eq!(waves.len(), 3, "{waves:#?}");
    assert_eq!(snapshot.caller_rights(), CallerRights::These([].into()));
    // One that cannot be read leaves the rights unknown.
    let mut hidden = limited("2026.5.0");
    hidden.0.retain(|(path, _)| *path != "core/groups/parent/");
    let (_, snapshot) = hidden.read(&set_up(|it| it));
    assert_eq!(snapshot.caller_rights(), CallerRights::Unknown);
}

/// An error with this status, in authentik's own words.
fn api_error(status: u16) -> Error {
    Error::Api(Box::new(ApiError {
        request: RequestContext {
            peer: crate::ids::Server::Authentik,
            action: "read",
            resource: Resource::server("anything"),
            server: "https://authentik.company".to_owned(),
            path: "/".to_owned(),
        },
        status,
        detail: None,
        fields: std::collections::BTreeMap::default(),
        permissions: Vec::new(),
    }))
}

#[test]
fn only_what_a_plan_can_do_without_may_fail() {
    let may_fail = |goal: &Goal, server: &Responses, status: u16| -> Vec<String> {
        let (_, mut snapshot) = server.read(goal);
        snapshot.read.clear();
        let reads = next_wave(goal, &snapshot).into_iter();
        let reads = reads.filter(|one| (one.tolerates)(&api_error(status)));
        reads.map(|one| one.request.path).collect()
    };
    for status in [403, 500, 502] {
        let (set_up_server, fresh) = (Responses::set_up(), Responses::fresh());
        assert_eq!(may_fail(&set_up(|it| it), &set_up_server, status), [] as [&str; 0]);
        let without = set_up(|it| it.service_account(ServiceAccount::None));
        let same_name = "core/users/?username=NetBird&page_size=1000";
        assert_eq!(may_fail(&without, &fresh, status), [same_name]);
        let rights = may_fail(&set_up(|it| it), &limited("2025.10.4"), status);
        assert_eq!(rights.len(), 4, "{rights:?}");
        let authors = Goal::Authors(vec![("authentik_core", "user")]);
        assert_eq!(may_fail(&authors, &fresh, status).len(), 1);
        // What uses an object may be denied, and 2026.5 cannot list it for everyone.
        let hidden = may_fail(&teardown(|it| it), &set_up_server, status);
        let is_hidden = status != 502;
        assert_eq!(hidden.len(), if is_hidden { 3 } else { 0 }, "{status}: {hidden:?}");
        assert!(hidden.iter().all(|path| path.ends_with("/used_by/")), "{hidden:?}");
    }
}

/// authentik ignores filters that it does not know, and lists everything.
#[test]
fn lists_that_were_not_filtered_add_each_object_once() {
    let users = json!([{"pk": 4, "username": "netbird", "type": "service_account"},
        {"pk": 5, "username": "NetBird", "type": "service_account"}]);
    let server = Responses::set_up().with(USERS, users);
    let (_, snapshot) = server.read(&teardown(|it| it));
    assert_eq!(snapshot.users.len(), 1, "the token shows its user");
    let (_, snapshot) = server.read(&set_up(|it| it));
    assert_eq!(snapshot.users.len(), 2);
    assert_eq!(snapshot.user("NetBird").map(|user| user.pk.0), Some(5));
}
