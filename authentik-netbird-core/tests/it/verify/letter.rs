//! What is sent is what NetBird sends, to the letter, and the administrator's token goes to the API
//! alone.

use authentik_netbird_core::Client;
use authentik_simulator::Simulator;

use super::front::Front;
use crate::support::applied::{apply, passes};

/// Each request of a verification, head and body, by how it begins.
async fn sent() -> (Vec<String>, String, String, String, u64) {
    let simulator = Simulator::builder().token("ak-administrator").start().unwrap();
    let front = Front::default().of(&simulator).await;
    let wanted = crate::support::as_in_guide(&front.url, "netbird.company").build().unwrap();
    let client = Client::builder(&front.url).token("ak-administrator").build().unwrap();
    let outputs = apply(&client, &wanted).await;
    front.seen.lock().unwrap().clear();
    passes(&client.verify(&wanted, &outputs).await.unwrap(), &[]);
    let seen = front.seen.lock().unwrap().clone();
    let password = outputs.account.unwrap().app_password.unwrap().expose().to_owned();
    let token = simulator.edit(|state| state.issued.access_tokens[0].token.clone());
    let account =
        simulator.edit(|state| state.users.iter().find(|u| u.username == "NetBird").unwrap().pk);
    (seen, outputs.client_id.to_string(), password, token, account)
}

fn one<'a>(seen: &'a [String], begins: &str) -> &'a str {
    let mut found = seen.iter().filter(|request| request.starts_with(begins));
    let request = found.next().unwrap_or_else(|| panic!("{begins} is not in {seen:#?}"));
    assert!(found.next().is_none(), "{begins} was sent twice");
    request
}

fn header<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    let head = request.split("\r\n\r\n").next().unwrap();
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

fn body(request: &str) -> &str {
    request.split_once("\r\n\r\n").unwrap().1
}

#[tokio::test]
async fn requests_are_netbirds_to_the_letter() {
    let (seen, id, password, token, account) = sent().await;
    let form = Some("application/x-www-form-urlencoded");

    let request = one(&seen, "POST /application/o/token/ HTTP/1.1\r\n");
    assert_eq!(header(request, "content-type"), form);
    assert_eq!(header(request, "authorization"), None);
    assert_eq!(
        body(request),
        format!(
            "client_id={id}&grant_type=client_credentials&password={password}\
             &scope=goauthentik.io%2Fapi&username=NetBird"
        )
    );

    let request = one(&seen, "GET /api/v3/core/users/?page=1 HTTP/1.1\r\n");
    assert_eq!(header(request, "authorization"), Some(format!("Bearer {token}").as_str()));
    assert_eq!(header(request, "accept"), Some("application/json"));

    let user = format!("GET /api/v3/core/users/{account}/ HTTP/1.1\r\n");
    let request = one(&seen, &user);
    assert_eq!(header(request, "authorization"), Some(format!("Bearer {token}").as_str()));
    assert_eq!(header(request, "accept"), Some("application/json"));

    let request = one(&seen, "POST /application/o/device/ HTTP/1.1\r\n");
    assert_eq!(header(request, "content-type"), form);
    assert_eq!(
        body(request),
        format!("audience={id}&client_id={id}&scope=openid+profile+email+offline_access")
    );

    let discovery = "GET /application/o/netbird/.well-known/openid-configuration HTTP/1.1\r\n";
    // As the dashboard's page asks in a browser.
    assert_eq!(header(one(&seen, discovery), "origin"), Some("https://netbird.company"));
    one(&seen, "GET /application/o/netbird/jwks/ HTTP/1.1\r\n");
    one(&seen, "GET /device HTTP/1.1\r\n");
}

#[tokio::test]
async fn the_administrators_token_goes_to_the_api_alone() {
    let (seen, .., account) = sent().await;
    let with_token: Vec<&String> =
        seen.iter().filter(|request| request.contains("ak-administrator")).collect();
    assert_eq!(with_token.len(), 8, "{seen:#?}");
    for request in with_token {
        assert!(request.starts_with("GET /api/v3/"), "{request}");
        assert!(!request.starts_with("GET /api/v3/core/users/?page="), "{request}");
        assert!(!request.starts_with(&format!("GET /api/v3/core/users/{account}/ ")), "{request}");
        assert!(!request.starts_with("GET /api/v3/core/brands/current/"), "{request}");
    }
}
