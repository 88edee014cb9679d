//! The whole story on one server, real or simulated: plan, apply, nothing to do, NetBird's own
//! requests, every drift, a half-done setup, a conflict, the teardown; and nothing else changed, ever.
//!
//! It speaks to the server with an HTTP client of its own, so that nothing is judged by the code
//! that it judges.

mod server;

use authentik_netbird_core::outputs::Outputs;
use authentik_netbird_core::{Client, ErrorKind, NetbirdIntegration, Plan};
use serde_json::{Value, json};

pub(crate) use server::Server;

/// Names that a server in use won't have.
const NAME: &str = "NetBird live test";
const SLUG: &str = "netbird-live-test";
const DOMAIN: &str = "netbird-live-test.company";

pub(crate) fn integration(url: &str) -> NetbirdIntegration {
    crate::support::as_in_guide(url, DOMAIN)
        .application_name(NAME)
        .application_slug(SLUG)
        .provider_name(NAME)
        .service_account_name(NAME)
        .build()
        .unwrap()
}

/// The same, and everything that has a default as the default is.
fn exact(wanted: &NetbirdIntegration) -> NetbirdIntegration {
    wanted.with_fields([("exact".to_owned(), true.into())].into()).build().unwrap()
}

/// Plans, applies, plans again and finds nothing to do. Returns the plan and the outputs.
pub(crate) async fn converge(client: &Client, wanted: &NetbirdIntegration) -> (Plan, Outputs) {
    let plan = client.plan(wanted).await.unwrap_or_else(|error| panic!("{}", error.chain()));
    let outcome = client.apply(&plan).await.unwrap_or_else(|error| panic!("{}", error.chain()));
    assert_eq!(outcome.report().changed(), plan.changes().count(), "{}", outcome.report());
    let again = client.plan(wanted).await.unwrap();
    assert!(!again.has_changes(), "after {plan}\nthere is left {again}");
    (plan, outcome.outputs().unwrap().clone())
}

/// The same integration; with `adopt` where the account is without its rights, which an administrator took
/// away or never gave it: somebody else may know its password.
pub(crate) async fn adopting(client: &Client, wanted: &NetbirdIntegration) -> NetbirdIntegration {
    match client.plan(wanted).await {
        Err(error) if error.to_string().contains("but not with rights from the group") => {
            wanted.with_fields([("adopt".to_owned(), true.into())].into()).build().unwrap()
        }
        _ => wanted.clone(),
    }
}

/// The whole story. The server is left as it was found.
pub(crate) async fn tell(server: &Server) {
    let client = Client::builder(&server.url).token(server.token.clone()).build().unwrap();
    let wanted = integration(&server.url);
    let before = server.everything().await;
    assert!(!before.to_string().contains(SLUG), "left over from a run that was cut off");

    let (plan, outputs) = converge(&client, &wanted).await;
    let made_flow = plan.changes().any(|operation| operation.id.as_str() == "device-flow");
    assert_eq!(plan.changes().count(), if made_flow { 6 } else { 4 }, "{plan}");
    let ours = Ours { server, made_flow };
    ours.nothing_else_changed(&before).await;

    // Again: nothing is written, and the password is not read.
    let (_, again) = converge(&client, &wanted).await;
    assert_eq!(again.account.as_ref().unwrap().app_password, None);
    assert_eq!(client.outputs(&wanted).await.unwrap(), outputs);

    netbird_logs_in(server, &outputs).await;
    drift_of_the_provider(server, &client, &wanted).await;
    other_drifts(server, &client, &wanted, made_flow).await;
    ours.nothing_else_changed(&before).await;
    netbird_logs_in(server, &outputs).await;
    half_done(server, &client, &wanted).await;
    let outputs = client.outputs(&wanted).await.unwrap();
    netbird_logs_in(server, &outputs).await;
    Box::pin(conflicts(server, &client)).await;
    ours.nothing_else_changed(&before).await;

    tear_down(&client, &wanted, made_flow).await;
    assert_eq!(server.everything().await, before);
}

/// NetBird's token request to the letter, then its listing of users with that token.
pub(crate) async fn netbird_logs_in(server: &Server, outputs: &Outputs) {
    let discovery = server.get(&outputs.openid_configuration_endpoint()).await;
    assert_eq!(discovery["issuer"], outputs.issuer());
    let account = outputs.account.as_ref().unwrap();
    let form = [
        ("client_id", outputs.client_id.as_str()),
        ("username", account.username.as_str()),
        ("password", account.app_password.as_ref().unwrap().expose()),
        ("grant_type", "client_credentials"),
        ("scope", "goauthentik.io/api"),
    ];
    let endpoint = discovery["token_endpoint"].as_str().unwrap();
    let (status, answer) = server.post_form(endpoint, &form).await;
    assert_eq!(status, 200, "{answer}");
    let token = answer["access_token"].as_str().unwrap();
    assert_eq!(token.split('.').count(), 3, "a plain signed JWT");
    let (status, users) = server.get_as(token, "core/users/?page=1").await;
    assert_eq!(status, 200, "{users}");
    assert!(users["results"].to_string().contains(&account.username));
}

async fn drift_of_the_provider(server: &Server, client: &Client, wanted: &NetbirdIntegration) {
    let provider = server.find("providers/oauth2/", "name", NAME).await.unwrap();
    let path = format!("providers/oauth2/{}/", provider["pk"]);
    let flow = server.find("flows/instances/", "slug", "default-source-authentication").await;
    let flow = flow.unwrap()["pk"].clone();
    let exact = exact(wanted);
    let mut drifts = vec![
        ("client_type", json!("confidential")),
        ("property_mappings", json!([])),
        (
            "redirect_uris",
            json!([{"matching_mode": "regex", "url": format!("https://{DOMAIN}.*")}]),
        ),
        ("signing_key", Value::Null),
        ("encryption_key", provider["signing_key"].clone()),
        ("sub_mode", json!("hashed_user_id")),
        ("issuer_mode", json!("global")),
        ("include_claims_in_id_token", json!(false)),
    ];
    if provider.get("grant_types").is_some() {
        drifts.push(("grant_types", json!(["authorization_code"])));
    }
    let drifts = drifts.into_iter().map(|(field, value)| (field, value, wanted));
    // What NetBird does without is changed back on request alone.
    let preferred = [
        ("authorization_flow", flow.clone(), &exact),
        ("invalidation_flow", flow, &exact),
        ("access_code_validity", json!("minutes=1"), &exact),
    ];
    for (field, value, asked) in drifts.chain(preferred) {
        let (status, answer) = server.send("PATCH", &path, &json!({field: value})).await;
        assert_eq!(status, 200, "{field}: {answer}");
        if asked.exact() {
            assert!(!client.plan(wanted).await.unwrap().has_changes(), "{field}");
        }
        let (plan, _) = converge(client, asked).await;
        let changed: Vec<&str> = plan
            .changes()
            .flat_map(|operation| &operation.changes)
            .map(|change| change.path.as_str())
            .collect();
        assert_eq!(changed, [field], "{plan}");
        let now = server.find("providers/oauth2/", "name", NAME).await.unwrap();
        let sorted = |value: &Value| match value {
            Value::Array(values) => {
                // Where a logout leads back to is nothing that NetBird needs.
                let values = values.iter().filter(|one| one["redirect_uri_type"] != "logout");
                let mut texts: Vec<String> = values.map(Value::to_string).collect();
                texts.sort();
                json!(texts)
            }
            value => value.clone(),
        };
        assert_eq!(sorted(&now[field]), sorted(&provider[field]), "{field}");
    }
    // What someone added stays.
    let extra = server.find("propertymappings/provider/scope/", "scope_name", "entitlements").await;
    let extra = extra.unwrap()["pk"].clone();
    let mut mappings = provider["property_mappings"].as_array().unwrap().clone();
    mappings.push(extra.clone());
    mappings.remove(0);
    server.send("PATCH", &path, &json!({"property_mappings": mappings})).await;
    converge(client, wanted).await;
    let now = server.find("providers/oauth2/", "name", NAME).await.unwrap();
    let now = now["property_mappings"].as_array().unwrap().clone();
    assert!(now.contains(&extra) && now.len() == 6, "{now:?}");
    server.send("PATCH", &path, &json!({"property_mappings": provider["property_mappings"]})).await;
}

async fn other_drifts(
    server: &Server,
    client: &Client,
    wanted: &NetbirdIntegration,
    made_flow: bool,
) {
    let user = server.find("core/users/", "username", NAME).await.unwrap()["pk"].clone();
    let application = format!("core/applications/{SLUG}/");
    let exact = exact(wanted);
    let mut drifts = vec![
        ("PATCH", application.clone(), json!({"name": "Drifted"}), "application"),
        ("PATCH", application.clone(), json!({"provider": null}), "application"),
        ("PATCH", application, json!({"meta_launch_url": ""}), "application"),
        ("PATCH", format!("core/users/{user}/"), json!({"is_active": false}), "service-account"),
    ];
    if made_flow {
        let brand = server.find("core/brands/", "default", "true").await.unwrap();
        let brand = format!("core/brands/{}/", brand["brand_uuid"].as_str().unwrap());
        let flow = "flows/instances/default-device-code-flow/".to_owned();
        drifts.push(("PATCH", flow.clone(), json!({"title": "Drifted"}), "device-flow"));
        drifts.push(("PATCH", flow.clone(), json!({"name": "drifted"}), "device-flow"));
        drifts.push(("PATCH", flow, json!({"authentication": "none"}), "device-flow"));
        drifts.push(("PATCH", brand, json!({"flow_device_code": null}), "brand"));
    }
    for (method, path, body, operation) in drifts {
        let (status, answer) = server.send(method, &path, &body).await;
        assert!(status == 200 || status == 204, "{path} {status} {answer}");
        let (plan, _) = converge(client, &exact).await;
        let ids: Vec<&str> = plan.changes().map(|operation| operation.id.as_str()).collect();
        assert_eq!(ids, [operation], "{plan}");
    }
}

/// Someone got half-way by hand, or an earlier run was cut off: it is adopted.
async fn half_done(server: &Server, client: &Client, wanted: &NetbirdIntegration) {
    let token = server.find("core/tokens/", "user__username", NAME).await.unwrap();
    let token = format!("core/tokens/{}/", token["identifier"].as_str().unwrap());
    let user = server.find("core/users/", "username", NAME).await.unwrap()["pk"].clone();
    let application = format!("core/applications/{SLUG}/");
    for path in [application, token] {
        assert_eq!(server.send("DELETE", &path, &Value::Null).await.0, 204, "{path}");
    }
    let (plan, outputs) = converge(client, wanted).await;
    let ids: Vec<&str> = plan.changes().map(|operation| operation.id.as_str()).collect();
    assert_eq!(ids, ["app-password", "application"], "{plan}");
    assert!(outputs.account.unwrap().app_password.is_some(), "a new password is handed out");
    assert_eq!(server.find("core/users/", "username", NAME).await.unwrap()["pk"], user);
}

/// What belongs to something else is refused, and nothing is touched.
async fn conflicts(server: &Server, client: &Client) {
    let before = server.everything().await;
    let builder = || {
        crate::support::as_in_guide(&server.url, DOMAIN)
            .application_slug(SLUG)
            .provider_name(NAME)
            .service_account_name(NAME)
    };
    let person = server.get("core/users/me/").await["user"]["username"].clone();
    for (what, integration) in [
        ("another provider's slug", builder().provider_name("NetBird of others")),
        ("another application's provider", builder().application_slug("of-others")),
        ("a person's name", builder().service_account_name(person.as_str().unwrap())),
    ] {
        let error = client.plan(&integration.build().unwrap()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict, "{what}: {error}");
    }
    assert_eq!(server.everything().await, before);
}

/// Removes everything, and finds nothing left. Another NetBird's flow and brand stay.
async fn tear_down(client: &Client, wanted: &NetbirdIntegration, made_flow: bool) {
    let plan = client.plan_teardown(wanted).await.unwrap();
    // The account's membership and the brand's field go with the account and the flow.
    assert_eq!(plan.changes().count(), if made_flow { 4 } else { 3 }, "{plan}");
    client.apply(&plan).await.unwrap_or_else(|error| panic!("{}", error.chain()));
    let again = client.plan_teardown(wanted).await.unwrap();
    assert!(!again.has_changes(), "after {plan}\nthere is left {again}");
}

struct Ours<'a> {
    server: &'a Server,
    made_flow: bool,
}

impl Ours<'_> {
    /// Takes what is ours out of the state of the whole server, and compares the rest.
    async fn nothing_else_changed(&self, before: &Value) {
        let mut now = self.server.everything().await;
        let user = self.server.find("core/users/", "username", NAME).await.unwrap()["pk"].clone();
        let ours = |list: &str, entry: &Value| match list {
            "core/applications/" => entry["slug"] == SLUG,
            "providers/oauth2/" => entry["name"] == NAME,
            "core/users/" => entry["username"] == NAME,
            "core/tokens/" => entry["user"] == user,
            "flows/instances/" => self.made_flow && entry["slug"] == "default-device-code-flow",
            _ => false,
        };
        for (list, entries) in now.as_object_mut().unwrap() {
            let entries = entries.as_array_mut().unwrap();
            entries.retain(|entry| !ours(list, entry));
            for entry in entries {
                if list == "core/groups/" && entry["name"] == "authentik Admins" {
                    entry["users"].as_array_mut().unwrap().retain(|member| *member != user);
                }
                if list == "core/brands/" && entry["default"] == true && self.made_flow {
                    entry["flow_device_code"] = Value::Null;
                }
            }
        }
        assert_eq!(&now, before);
    }
}
