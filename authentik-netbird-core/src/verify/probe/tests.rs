use proptest::prelude::*;

use super::*;

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

#[test]
fn the_token_request_is_the_one_that_netbird_sends() {
    let endpoint = url("https://authentik.company/application/o/token/");
    let Probe(message) = Probe::token(endpoint.clone(), "5JXuw0qD", "Net Bird", &"p&=+%ü".into());
    assert_eq!(message.url, endpoint);
    assert_eq!(message.content_type, Some("application/x-www-form-urlencoded"));
    assert_eq!((message.accept, message.authorization), (None, None));
    assert_eq!(
        message.body.unwrap(),
        "client_id=5JXuw0qD&grant_type=client_credentials&password=p%26%3D%2B%25%C3%BC\
         &scope=goauthentik.io%2Fapi&username=Net+Bird"
    );
}

#[test]
fn users_are_listed_at_the_host_with_the_token_and_nothing_else() {
    let list = url("https://authentik.company/api/v3/core/users/");
    let Probe(message) = Probe::users(list, 2, &"t".into());
    assert_eq!(message.url.as_str(), "https://authentik.company/api/v3/core/users/?page=2");
    assert_eq!(message.authorization.unwrap(), "Bearer t");
    assert_eq!((message.accept, message.body), (Some("application/json"), None));
}

#[test]
fn a_device_code_is_requested_with_the_audience() {
    let Probe(message) = Probe::device_code(url("https://a/d/"), "id", "aud", "openid profile");
    assert_eq!(message.body.unwrap(), "audience=aud&client_id=id&scope=openid+profile");
}

proptest! {
    #[test]
    fn a_form_is_read_as_it_was_written(client_id in ".*", username in ".*", password in ".*") {
        let password = Secret::from(password);
        let probe = Probe::token(url("https://a/t/"), &client_id, &username, &password);
        let body = probe.0.body.unwrap();
        let fields: Vec<_> = url::form_urlencoded::parse(&body).into_owned().collect();
        let read = [&fields[0].1, &fields[2].1, &fields[4].1].map(String::as_str);
        prop_assert_eq!(read, [client_id.as_str(), password.expose(), username.as_str()]);
    }
}
