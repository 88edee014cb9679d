//! Requests to a simulator.

use authentik_simulator::{Release, Simulator};
use reqwest::{Client, Method, Response};
use serde_json::Value;

pub(crate) fn client() -> Client {
    // Without a TLS provider reqwest makes no client, also for plain HTTP.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

pub(crate) fn start(release: Release) -> Simulator {
    Simulator::builder().release(release).start().unwrap()
}

/// A request to the API with this token.
pub(crate) async fn api(
    simulator: &Simulator,
    token: &str,
    method: Method,
    path: &str,
    body: Value,
) -> (u16, Value) {
    let request =
        client().request(method, format!("{}/api/v3/{path}", simulator.url())).bearer_auth(token);
    let request = match body {
        Value::Null => request,
        body => request.header("content-type", "application/json").body(body.to_string()),
    };
    read(request.send().await.unwrap()).await
}

/// A form to an OAuth2 endpoint.
pub(crate) async fn oauth(
    simulator: &Simulator,
    endpoint: &str,
    fields: &[(&str, &str)],
) -> (u16, Value) {
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = client()
        .post(format!("{}/application/o/{endpoint}/", simulator.url()))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form);
    read(request.send().await.unwrap()).await
}

async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    (status, serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default())
}

/// A user with these permissions by a group and a role; returns the key of the user's API token.
pub(crate) fn user_with(simulator: &Simulator, name: &str, permissions: &[&str]) -> String {
    simulator.edit(|state| {
        let user = state.add_user(name).pk;
        let role = state.add_role(name);
        role.permissions.extend(permissions.iter().map(|one| (*one).to_owned()));
        let role = role.pk.clone();
        let group = state.add_group(name);
        group.roles.push(role);
        group.users.push(user);
        state.add_token(name, user).key.to_string()
    })
}
