//! Every variable of the guide is there, with the guide's value but for the named deviations.

use authentik_netbird_core::integration::GuideStep;
use authentik_netbird_core::outputs::VariableValue;

use super::{env, outputs, text};

/// The code block of the guide's "NetBird configuration", and of its "Troubleshooting".
const GUIDE: &str = r#"
NETBIRD_AUTH_OIDC_CONFIGURATION_ENDPOINT="https://authentik.company/application/o/<application slug>/.well-known/openid-configuration"
NETBIRD_USE_AUTH0=false
NETBIRD_AUTH_CLIENT_ID="<Your Client ID>"
NETBIRD_AUTH_SUPPORTED_SCOPES="openid profile email offline_access api"
NETBIRD_AUTH_AUDIENCE="<Your Client Secret>"
NETBIRD_AUTH_DEVICE_AUTH_CLIENT_ID="<Your Client ID>"
NETBIRD_AUTH_DEVICE_AUTH_AUDIENCE="<Your Client ID>"
NETBIRD_MGMT_IDP="authentik"
NETBIRD_IDP_MGMT_CLIENT_ID="<Your Client ID>"
NETBIRD_IDP_MGMT_EXTRA_USERNAME="Netbird"
NETBIRD_IDP_MGMT_EXTRA_PASSWORD="<Your Service Account password>"
"#;
const TROUBLESHOOTING: &str = "
NETBIRD_MGMT_API_PORT=443
NETBIRD_SIGNAL_PORT=443
";

/// Where this crate has another value than the guide, and which.
const DEVIATIONS: [(&str, &str); 3] = [
    ("NETBIRD_AUTH_SUPPORTED_SCOPES", "openid profile email offline_access"),
    ("NETBIRD_AUTH_AUDIENCE", "5JXuw0qD"),
    ("NETBIRD_IDP_MGMT_EXTRA_USERNAME", "NetBird"),
];

#[test]
fn every_variable_of_the_guide_is_there() {
    let mut outputs = outputs();
    outputs.reverse_proxy = true;
    let env = outputs.netbird_env();
    let lines = |block: &'static str| block.lines().filter(|line| !line.is_empty());
    let mut of_the_guide = Vec::new();
    for line in lines(GUIDE).chain(lines(TROUBLESHOOTING)) {
        let (name, guides) = line.split_once('=').unwrap();
        of_the_guide.push(name);
        let guides = guides
            .trim_matches('"')
            .replace("<application slug>", "netbird")
            .replace("<Your Client ID>", "5JXuw0qD")
            .replace("<Your Service Account password>", super::CANARY);
        let value = text(env.get(name).unwrap_or_else(|| panic!("{name} is missing")));
        match DEVIATIONS.iter().find(|deviation| deviation.0 == name) {
            Some((_, ours)) => assert_eq!((&*value, &*guides != *ours), (*ours, true), "{name}"),
            None => assert_eq!(value, guides, "{name}"),
        }
    }
    assert_eq!(of_the_guide.len(), 13);
    let marked = env.variables().iter().filter(|variable| variable.guide.is_some());
    let mut marked: Vec<&str> = marked.map(|variable| variable.name).collect();
    marked.sort_unstable();
    of_the_guide.sort_unstable();
    assert_eq!(marked, of_the_guide);
}

#[test]
fn what_netbird_needs_beyond_the_guide() {
    let env = env();
    for (name, value) in [
        ("NETBIRD_DOMAIN", "netbird.company"),
        ("NETBIRD_AUTH_USER_ID_CLAIM", ""),
        ("NETBIRD_AUTH_DEVICE_AUTH_SCOPE", "openid profile email offline_access"),
        ("NETBIRD_AUTH_REDIRECT_URI", "/auth"),
        ("NETBIRD_AUTH_SILENT_REDIRECT_URI", "/silent-auth"),
        ("NETBIRD_AUTH_PKCE_REDIRECT_URL_PORTS", "53000"),
        ("NETBIRD_AUTH_PKCE_DISABLE_PROMPT_LOGIN", "true"),
        ("NETBIRD_TOKEN_SOURCE", "accessToken"),
        ("NETBIRD_MGMT_IDP_SIGNKEY_REFRESH", "true"),
    ] {
        assert_eq!(env.get(name).map(text).as_deref(), Some(value), "{name}");
    }
    let names: std::collections::BTreeSet<_> = env.variables().iter().map(|v| v.name).collect();
    assert_eq!(names.len(), env.variables().len(), "a name is there twice");
}

#[test]
fn ports_come_with_a_reverse_proxy_only() {
    let ports = ["NETBIRD_MGMT_API_PORT", "NETBIRD_SIGNAL_PORT", "NETBIRD_RELAY_PORT"];
    let mut outputs = outputs();
    assert!(ports.iter().all(|name| outputs.netbird_env().get(name).is_none()));
    outputs.reverse_proxy = true;
    let env = outputs.netbird_env();
    assert!(ports.iter().all(|name| env.get(name) == Some(&VariableValue::Number(443))));
    assert_eq!(env.get("NETBIRD_DISABLE_LETSENCRYPT"), Some(&VariableValue::Boolean(true)));
    let guide = env.variables().iter().find(|found| found.name == ports[0]).unwrap().guide;
    assert_eq!(guide, Some(GuideStep::Troubleshooting));
}

#[test]
fn without_a_service_account_netbird_reads_no_users() {
    let mut outputs = outputs();
    outputs.account = None;
    let env = outputs.netbird_env();
    assert_eq!(env.get("NETBIRD_MGMT_IDP"), Some(&VariableValue::Text("none".to_owned())));
    assert!(env.variables().iter().all(|variable| !variable.name.contains("IDP_MGMT_EXTRA")));
    assert!(env.to_setup_env().is_ok());
}

#[test]
fn addresses_of_an_authentik_below_a_path_do_not_depend_on_its_last_slash() {
    for url in ["https://a.company/auth", "https://a.company/auth/", "https://a.company/auth/?x#y"]
    {
        let mut outputs = outputs();
        outputs.authentik_url = url.parse().unwrap();
        assert_eq!(outputs.issuer(), "https://a.company/auth/application/o/netbird/");
        assert_eq!(
            outputs.openid_configuration_endpoint(),
            "https://a.company/auth/application/o/netbird/.well-known/openid-configuration"
        );
    }
}
