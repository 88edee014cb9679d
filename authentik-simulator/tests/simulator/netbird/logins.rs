//! Logins through NetBird's connector and authentik, and the ways in which they fail on real servers.

use std::time::Duration;

use authentik_simulator::netbird::{LoginError, NetbirdSimulator, State, user_id};
use authentik_simulator::{Effect, Fault, KeyType, Provider, Release, Simulator};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client;

/// Two servers that belong together, with a user of authentik's.
struct Servers {
    authentik: Simulator,
    netbird: NetbirdSimulator,
    connector: String,
}

const CALLBACK: &str = "https://netbird.company/oauth2/callback";

fn start() -> Servers {
    let authentik = Simulator::builder().release(Release::V2026_5).start().unwrap();
    let netbird = NetbirdSimulator::start().unwrap();
    let (id, secret) = authentik.edit(|state| {
        let user = state.add_user("alice");
        user.name = "Alice Doe".to_owned();
        user.email = "alice@netbird.company".to_owned();
        let user = user.pk;
        state.add_group("netbird users").users.push(user);
        let key = state.certificates[0].pk.clone();
        let scopes = ["openid", "profile", "email"];
        let mappings = state.scope_mappings.iter();
        let mappings = mappings.filter(|one| scopes.contains(&one.scope_name.as_str()));
        let mappings: Vec<String> = mappings.map(|one| one.pk.clone()).collect();
        let provider = state.add_provider("NetBird");
        provider.property_mappings = mappings;
        provider.signing_key = Some(key);
        provider.sub_mode = "user_id".to_owned();
        provider.grant_types = vec!["authorization_code".to_owned()];
        provider.redirect_uris = vec![authentik_simulator::RedirectUri::new("strict", CALLBACK)];
        let (pk, id, secret) =
            (provider.pk, provider.client_id.clone(), provider.client_secret.clone());
        state.add_application("NetBird", "netbird", Some(pk));
        (id, secret)
    });
    let issuer = format!("{}/application/o/netbird/", authentik.url());
    let connector = netbird.edit(|state| {
        let connector = state.add_connector("authentik", "authentik", &issuer);
        connector.client_id = id;
        connector.client_secret = secret;
        connector.id.clone()
    });
    Servers { authentik, netbird, connector }
}

impl Servers {
    fn provider(&self, change: impl FnOnce(&mut Provider)) {
        self.authentik.edit(|state| change(&mut state.providers[0]));
    }

    fn netbird(&self, change: impl FnOnce(&mut State)) {
        self.netbird.edit(change);
    }

    fn log_in(&self) -> Result<String, LoginError> {
        self.netbird.log_in(&self.authentik, &self.connector, "alice")
    }

    /// Expects the page with which all logins end that Dex does not take, and this in the log.
    #[track_caller]
    fn fails(&self, reason: &str) {
        let error = self.log_in().unwrap_err();
        assert!(matches!(error, LoginError::Netbird { status: 500, .. }), "{error}");
        let log = self.netbird.edit(|state| state.log.last().cloned().unwrap_or_default());
        assert!(log.contains(reason), "{log}");
        assert!(!error.to_string().contains(reason), "{error}");
    }

    async fn call(&self, method: Method, path: &str, token: &str, body: Value) -> (u16, Value) {
        call(&self.netbird, method, path, &format!("Bearer {token}"), body).await
    }

    async fn current(&self, token: &str) -> (u16, Value) {
        self.call(Method::GET, "users/current", token, Value::Null).await
    }
}

async fn call(
    netbird: &NetbirdSimulator,
    method: Method,
    path: &str,
    authorization: &str,
    body: Value,
) -> (u16, Value) {
    let request = client()
        .request(method, format!("{}/api/{path}", netbird.url()))
        .header("authorization", authorization)
        .body(if body.is_null() { String::new() } else { body.to_string() });
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default())
}

#[tokio::test]
async fn somebody_logs_in_and_waits_for_approval() {
    let servers = start();
    let token = servers.log_in().unwrap();
    let (status, body) = servers.current(&token).await;
    assert_eq!((status, &body["message"]), (403, &json!("user is blocked")));
    let (status, body) = servers.call(Method::GET, "identity-providers", &token, Value::Null).await;
    let message = body["message"].as_str().unwrap();
    assert!(status == 403 && message.ends_with("user is pending approval"), "{body}");

    let id = user_id("5", &servers.connector);
    let owner = format!("Token {}", servers.netbird.token());
    let path = format!("users/{id}/approve");
    let (status, _) = call(&servers.netbird, Method::POST, &path, &owner, Value::Null).await;
    assert_eq!(status, 200);
    let (status, body) = servers.current(&token).await;
    assert_eq!(status, 200);
    assert_eq!(body["id"], json!(id));
    assert_eq!(body["name"], "Alice Doe");
    assert_eq!(body["email"], "alice@netbird.company");
    assert_eq!(body["idp_id"], json!(servers.connector));
}

#[tokio::test]
async fn another_subject_is_another_user() {
    let servers = start();
    servers.netbird(|state| {
        state.accounts[0].settings.extra.as_mut().unwrap().user_approval_required = false;
    });
    let first = servers.current(&servers.log_in().unwrap()).await;
    servers.provider(|provider| provider.sub_mode = "hashed_user_id".to_owned());
    let second = servers.current(&servers.log_in().unwrap()).await;
    assert_eq!((first.0, second.0), (200, 200));
    assert_ne!(first.1["id"], second.1["id"]);
    assert_eq!(first.1["email"], second.1["email"]);
}

#[tokio::test]
async fn the_groups_of_the_token_are_created_and_may_be_required() {
    let servers = start();
    servers.netbird(|state| {
        let settings = &mut state.accounts[0].settings;
        settings.extra.as_mut().unwrap().user_approval_required = false;
        settings.jwt_groups_enabled = true;
        settings.jwt_groups_claim_name = "groups".to_owned();
    });
    let token = servers.log_in().unwrap();
    let (status, body) = servers.current(&token).await;
    assert_eq!(status, 200);
    let group = servers.netbird.edit(|state| state.groups.last().unwrap().clone());
    assert_eq!((group.name.as_str(), group.issued.as_str()), ("netbird users", "jwt"));
    assert_eq!(body["auto_groups"], json!([group.id]));

    servers.netbird(|state| {
        state.accounts[0].settings.jwt_allow_groups = vec!["somebody else".to_owned()];
    });
    let (status, body) = servers.current(&token).await;
    assert_eq!((status, &body["message"]), (401, &json!("token invalid")));
    let log = servers.netbird.edit(|state| state.log.last().cloned().unwrap());
    assert!(log.contains("user does not belong to any of the allowed JWT groups"), "{log}");
    // The owner has no groups, and is not asked for any.
    let owner = servers.netbird.log_in_locally("owner@netbird.company", "simulator-password");
    assert_eq!(servers.current(&owner.unwrap()).await.0, 200);
}

/// One mapping in the place of authentik's own gives some groups; a second one beside it doubles them, and a new
/// group is created twice.
#[tokio::test]
async fn a_mapping_chooses_the_groups() {
    let expression = "return {\n    \"name\": request.user.name,\n    \"groups\": [group.name for group in \
                      request.user.all_groups() if group.name in [\"netbird users\"]],\n}";
    for beside in [false, true] {
        let servers = start();
        servers.netbird(|state| {
            let settings = &mut state.accounts[0].settings;
            settings.extra.as_mut().unwrap().user_approval_required = false;
            settings.jwt_groups_enabled = true;
            settings.jwt_groups_claim_name = "groups".to_owned();
        });
        servers.authentik.edit(|state| {
            let alice = state.users.iter().find(|user| user.username == "alice").unwrap().pk;
            state.add_group("other").users.push(alice);
            let own = state.scope_mappings.iter().find(|one| one.scope_name == "profile");
            let own = own.unwrap().pk.clone();
            let mapping = state.add_scope_mapping("NetBird profile", "profile");
            mapping.expression = expression.to_owned();
            let mapping = mapping.pk.clone();
            let mappings = &mut state.providers[0].property_mappings;
            mappings.retain(|pk| beside || *pk != own);
            mappings.push(mapping);
        });
        let (status, _) = servers.current(&servers.log_in().unwrap()).await;
        assert_eq!(status, 200);
        let mut groups = servers.netbird.edit(|state| {
            let groups = state.groups.iter().filter(|group| group.issued == "jwt");
            groups.map(|group| group.name.clone()).collect::<Vec<_>>()
        });
        groups.sort();
        let expected: &[&str] =
            if beside { &["netbird users", "netbird users", "other"] } else { &["netbird users"] };
        assert_eq!(groups, expected);
    }
}

#[tokio::test]
async fn authentik_previews_what_a_token_says() {
    let servers = start();
    let alice = servers
        .authentik
        .edit(|state| state.users.iter().find(|user| user.username == "alice").unwrap().pk);
    let path = format!("providers/oauth2/1/preview_user/?for_user={alice}");
    let token = servers.authentik.token().to_owned();
    let preview = crate::support::api(&servers.authentik, &token, Method::GET, &path, Value::Null);
    let (status, body) = preview.await;
    assert_eq!(status, 200);
    assert_eq!(body["preview"]["sub"], json!(alice.to_string()));
    assert_eq!(body["preview"]["name"], "Alice Doe");
    assert_eq!(body["preview"]["email"], "alice@netbird.company");
    assert_eq!(body["preview"]["groups"], json!(["netbird users"]));
    servers.provider(|provider| provider.include_claims_in_id_token = false);
    let preview = crate::support::api(&servers.authentik, &token, Method::GET, &path, Value::Null);
    assert!(preview.await.1["preview"]["name"].is_null());
}

#[test]
fn what_dex_does_not_take() {
    let servers = start();
    servers.provider(|provider| provider.signing_key = None);
    servers.fails(r#"unexpected signature algorithm "HS256"; expected ["RS256"]"#);

    let servers = start();
    let key = servers.authentik.edit(|state| state.certificates[0].pk.clone());
    servers.provider(|provider| provider.encryption_key = Some(key));
    servers.fails("compact JWS format must have three parts");

    let servers = start();
    servers.provider(|provider| provider.include_claims_in_id_token = false);
    servers.fails("missing \"name\" claim");

    let servers = start();
    let email = servers.authentik.edit(|state| {
        let mapping = state.scope_mappings.iter().find(|one| one.scope_name == "email");
        mapping.unwrap().pk.clone()
    });
    servers.provider(|provider| provider.property_mappings.retain(|pk| *pk != email));
    servers.fails("missing email claim");

    let servers = start();
    servers.netbird(|state| state.connectors[0].client_secret = "wrong".into());
    servers.fails("invalid_client");

    let servers = start();
    servers.provider(|provider| provider.redirect_uris[0].url.push('/'));
    let page = LoginError::Authentik { title: "Redirect URI Error".to_owned() };
    assert_eq!(servers.log_in(), Err(page));
}

#[test]
fn a_connector_in_use_is_kept_until_a_restart() {
    let servers = start();
    let right = servers.netbird.edit(|state| state.connectors[0].client_secret.clone());
    servers.log_in().unwrap();
    servers.netbird(|state| state.connectors[0].client_secret = "wrong".into());
    servers.log_in().unwrap();
    servers.netbird(State::restart);
    servers.fails("invalid_client");
    servers.netbird(|state| state.connectors[0].client_secret = right);
    servers.fails("invalid_client");
    servers.netbird(State::restart);
    servers.log_in().unwrap();
}

#[test]
fn a_key_of_another_type_is_taken_when_the_connector_is_opened() {
    let ec = |servers: &Servers| {
        let pk =
            servers.authentik.edit(|state| state.add_certificate("ec", KeyType::Ec).pk.clone());
        servers.provider(|provider| provider.signing_key = Some(pk));
    };
    let servers = start();
    ec(&servers);
    servers.log_in().unwrap();

    let servers = start();
    servers.log_in().unwrap();
    ec(&servers);
    servers.fails(r#"unexpected signature algorithm "ES256""#);
    servers.netbird(State::restart);
    servers.log_in().unwrap();
}

#[test]
fn a_deleted_connector_is_gone_at_once() {
    let servers = start();
    servers.log_in().unwrap();
    servers.netbird(|state| state.connectors.clear());
    let error = servers.log_in().unwrap_err();
    assert!(matches!(error, LoginError::Netbird { status: 400, .. }), "{error}");
}

#[test]
fn authentik_lets_in_whom_its_bindings_allow() {
    let servers = start();
    servers.authentik.edit(|state| {
        let group = state.add_group("others").pk.clone();
        let application = state.applications[0].pk.clone();
        state.add_policy_binding(&application).group = Some(group);
    });
    let page = LoginError::Authentik { title: "Permission denied".to_owned() };
    assert_eq!(servers.log_in(), Err(page));
}

/// The first start as NetBird's facts describe it, and what `create_pat` does instead.
#[tokio::test]
async fn a_first_start() {
    let setup = json!({
        "email": "me@netbird.company", "password": "a-long-password", "name": "Me", "create_pat": true,
    });
    for with_token in [false, true] {
        let netbird = NetbirdSimulator::builder()
            .set_up(false)
            .setup_pat_enabled(with_token)
            .start()
            .unwrap();
        let (status, made) = call(&netbird, Method::POST, "setup", "", setup.clone()).await;
        assert_eq!(status, 200);
        assert_eq!(made["personal_access_token"].is_string(), with_token);

        assert!(netbird.log_in_locally("me@netbird.company", "wrong").is_err());
        let token = netbird.log_in_locally("me@netbird.company", "a-long-password").unwrap();
        let bearer = format!("Bearer {token}");
        let (_, me) = call(&netbird, Method::GET, "users/current", &bearer, Value::Null).await;
        assert_eq!((&me["id"], &me["role"]), (&made["user_id"], &json!("owner")));
        let path = format!("users/{}/tokens", me["id"].as_str().unwrap());
        let body = json!({ "name": "integration", "expires_in": 30 });
        let (status, token) = call(&netbird, Method::POST, &path, &bearer, body).await;
        assert_eq!(status, 200);
        let token = format!("Token {}", token["plain_token"].as_str().unwrap());
        let (_, accounts) = call(&netbird, Method::GET, "accounts", &token, Value::Null).await;
        let domain = if with_token { "" } else { "netbird.selfhosted" };
        assert_eq!(accounts[0]["domain"], domain);
    }
}

#[tokio::test]
async fn without_a_domain_everybody_gets_an_account() {
    let servers = start();
    servers.netbird(|state| state.accounts[0].domain.clear());
    servers.authentik.edit(|state| {
        state.add_user("bob");
    });
    for (count, username) in [(2, "alice"), (3, "bob")] {
        let token = servers.netbird.log_in(&servers.authentik, &servers.connector, username);
        let (status, me) = servers.current(&token.unwrap()).await;
        assert_eq!((status, &me["role"]), (200, &json!("owner")));
        assert_eq!(servers.netbird.edit(|state| state.accounts.len()), count);
    }
}

/// NetBird gives up what it asks authentik when nobody waits for its answer any more.
#[tokio::test]
async fn a_client_that_goes_away_leaves_nothing_behind() {
    let servers = start();
    servers.netbird(|state| state.connectors.clear());
    let path = "/.well-known/openid-configuration";
    servers.authentik.add_fault(Fault::new(Effect::Hang).on_path(path));
    let body = json!({
        "type": "authentik",
        "name": "authentik",
        "issuer": format!("{}/application/o/netbird/", servers.authentik.url()),
        "client_id": "netbird",
    });
    let request = client()
        .post(format!("{}/api/identity-providers", servers.netbird.url()))
        .header("authorization", format!("Token {}", servers.netbird.token()))
        .body(body.to_string());
    let asked = async {
        while servers.authentik.requests().is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        answer = request.send() => panic!("it came: {answer:?}"),
        () = asked => {}
    }
    let ended = async {
        while servers.netbird.requests()[0].finished.is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), ended).await.unwrap();
    assert!(servers.netbird.edit(|state| state.connectors.is_empty()));
}
