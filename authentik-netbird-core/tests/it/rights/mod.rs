//! What the service account may do, who may log in, and what the token may do: on the simulator of
//! each release, seen through NetBird's own requests.

mod access;
mod account;
mod lost;
mod minimal;
mod others;
mod preflight;

use authentik_netbird_core::integration::ServiceAccount;
use authentik_netbird_core::outputs::Outputs;
use authentik_netbird_core::{Client, NetbirdIntegration, NetbirdIntegrationBuilder};
use authentik_simulator::{Release, Simulator};
use serde_json::Value;

const RELEASES: [Release; 5] = Release::ALL;

fn start(release: Release) -> (Simulator, Client) {
    let simulator = Simulator::builder().release(release).start().unwrap();
    let client = Client::builder(simulator.url()).token(simulator.token()).build().unwrap();
    (simulator, client)
}

fn asking(simulator: &Simulator) -> NetbirdIntegrationBuilder {
    crate::support::as_in_guide(simulator.url(), "netbird.company")
}

fn with_rights(simulator: &Simulator, rights: ServiceAccount) -> NetbirdIntegration {
    asking(simulator).service_account(rights).build().unwrap()
}

/// NetBird's token request. Its status, and the token or the error.
async fn token(simulator: &Simulator, outputs: &Outputs) -> (u16, String) {
    let server = crate::support::story::Server::new(simulator.url(), "");
    let discovery = server.get(outputs.openid_configuration_endpoint().as_str()).await;
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
    let text = |field: &str| answer[field].as_str().map(str::to_owned);
    (status, text("access_token").or_else(|| text("error")).unwrap_or_default())
}

/// Statuses of reading users, reading brands, and deleting a user, with NetBird's token.
async fn may(simulator: &Simulator, outputs: &Outputs) -> (u16, u16, u16) {
    let victim = simulator.edit(|state| state.add_user("victim").pk);
    let (status, token) = token(simulator, outputs).await;
    assert_eq!(status, 200, "{token}");
    let server = crate::support::story::Server::new(simulator.url(), &token);
    let status = |path: &'static str| {
        let (server, token) = (&server, &token);
        async move { server.get_as(token, path).await.0 }
    };
    let users = status("core/users/?page=1").await;
    let brands = status("core/brands/").await;
    let (deleted, _) = server.send("DELETE", &format!("core/users/{victim}/"), &Value::Null).await;
    simulator.edit(|state| state.users.retain(|user| user.pk != victim));
    (users, brands, deleted)
}
