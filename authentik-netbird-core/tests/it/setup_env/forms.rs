//! docker compose's env_file, and JSON.

use authentik_netbird_core::outputs::VariableValue;

use super::{account, env, env_without_password, outputs, pairs, text};

#[test]
fn the_compose_form_quotes_everything_so_that_nothing_is_replaced() {
    let mut outputs = outputs();
    outputs.account = Some(account("Net Bird", Some("a$b #\"c\" ${d}")));
    let env = outputs.netbird_env();
    let file = env.to_compose_env().unwrap();
    let lines: Vec<(String, String)> = file
        .expose()
        .lines()
        .map(|line| {
            let (name, value) = line.split_once('=').unwrap();
            let value = value.strip_prefix('\'').and_then(|value| value.strip_suffix('\''));
            (name.to_owned(), value.unwrap().to_owned())
        })
        .collect();
    assert_eq!(lines, pairs(&env));
}

#[test]
fn what_releases_of_compose_read_differently_is_refused() {
    for password in ["it's", "back\\slash"] {
        let mut outputs = outputs();
        outputs.account = Some(account("NetBird", Some(password)));
        let env = outputs.netbird_env();
        let error = env.to_compose_env().unwrap_err();
        assert_eq!(error.issues()[0].field, "NETBIRD_IDP_MGMT_EXTRA_PASSWORD");
        assert!(!error.to_string().contains(password));
        assert!(env.to_setup_env().is_ok());
    }
}

#[test]
fn the_json_form_has_every_variable_with_its_own_type() {
    let mut outputs = outputs();
    outputs.account = Some(account("jürgen \"x\" \\ 😀", Some("a$b'c")));
    outputs.reverse_proxy = true;
    let env = outputs.netbird_env();
    let json: serde_json::Value = serde_json::from_str(env.to_json().unwrap().expose()).unwrap();
    assert_eq!(json.as_object().unwrap().len(), env.variables().len());
    for variable in env.variables() {
        let expected = match &variable.value {
            VariableValue::Boolean(value) => (*value).into(),
            VariableValue::Number(value) => (*value).into(),
            other => serde_json::Value::from(text(other)),
        };
        assert_eq!(json[variable.name], expected, "{}", variable.name);
    }
}

#[test]
fn a_password_that_is_not_known_is_an_error_that_says_where_to_get_it() {
    let env = env_without_password();
    for error in [env.to_setup_env(), env.to_compose_env(), env.to_json()] {
        let error = error.unwrap_err();
        assert_eq!(error.issues().len(), 1);
        assert_eq!(error.issues()[0].field, "NETBIRD_IDP_MGMT_EXTRA_PASSWORD");
        assert!(error.to_string().contains("Client::outputs"), "{error}");
    }
    assert!(self::env().to_json().is_ok());
}
