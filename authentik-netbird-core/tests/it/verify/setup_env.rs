//! A `setup.env` that someone wrote by hand: what is wrong with the file, and what with what it says.

use authentik_netbird_core::verify::{CheckName, CheckStatus, NetbirdSettings};
use authentik_netbird_core::{Error, ErrorKind};
use authentik_simulator::Release;

use crate::support::applied::{Applied, applied, fails, names, verify_text, warns};

const ENDPOINT: &str = "NETBIRD_AUTH_OIDC_CONFIGURATION_ENDPOINT";

impl Applied {
    /// The whole file, with some of its lines written otherwise; an empty value takes one out.
    fn file(&self, changes: &[(&str, &str)]) -> String {
        let text = self.outputs.netbird_env().to_setup_env().unwrap();
        let mut lines: Vec<String> = text.expose().lines().map(str::to_owned).collect();
        for (name, value) in changes {
            lines.retain(|line| !line.starts_with(&format!("{name}=")));
            if !value.is_empty() {
                lines.push(format!("{name}='{value}'"));
            }
        }
        lines.join("\n")
    }
}

#[tokio::test]
async fn the_guides_own_file_to_the_letter() {
    let applied = applied(Release::V2026_5).await;
    let url = applied.simulator().url();
    let (id, secret) = applied.simulator().edit(|state| {
        let provider = &state.providers[0];
        (provider.client_id.clone(), provider.client_secret.to_string())
    });
    let password = applied.outputs.account.as_ref().unwrap().app_password.clone().unwrap();
    let password = password.expose();
    let text = format!(
        "NETBIRD_DOMAIN=\"netbird.company\"\n\
         NETBIRD_AUTH_OIDC_CONFIGURATION_ENDPOINT=\"{url}/application/o/netbird/.well-known/openid-configuration\"\n\
         NETBIRD_USE_AUTH0=false\n\
         NETBIRD_AUTH_CLIENT_ID=\"{id}\"\n\
         NETBIRD_AUTH_SUPPORTED_SCOPES=\"openid profile email offline_access api\"\n\
         NETBIRD_AUTH_AUDIENCE=\"{secret}\"\n\
         NETBIRD_AUTH_DEVICE_AUTH_CLIENT_ID=\"{id}\"\n\
         NETBIRD_AUTH_DEVICE_AUTH_AUDIENCE=\"{id}\"\n\
         NETBIRD_MGMT_IDP=\"authentik\"\n\
         NETBIRD_IDP_MGMT_CLIENT_ID=\"{id}\"\n\
         NETBIRD_IDP_MGMT_EXTRA_USERNAME=\"Netbird\"\n\
         NETBIRD_IDP_MGMT_EXTRA_PASSWORD=\"{password}\"\n"
    );
    let verification = verify_text(&text).await;
    let failed = names(&verification, CheckStatus::Fail);
    assert_eq!(failed, [CheckName::Audience, CheckName::Token], "{verification}");
    let warned = names(&verification, CheckStatus::Warn);
    assert_eq!(warned, [CheckName::Scopes, CheckName::PromptLogin], "{verification}");
    let report = format!("{verification} {} {verification:?}", verification.to_json());
    assert!(!report.contains(&secret) && !report.contains(password));
}

#[tokio::test]
async fn what_the_file_says_is_looked_at_too() {
    let applied = applied(Release::V2026_5).await;
    let id = applied.outputs.client_id.as_str();
    let audience = applied.file(&[("NETBIRD_AUTH_AUDIENCE", "netbird")]);
    let texts = ["NETBIRD_AUTH_AUDIENCE is not", id, "If it is the client secret"];
    fails(&verify_text(&audience).await, CheckName::Audience, &texts);
    let audience = applied.file(&[("NETBIRD_AUTH_DEVICE_AUTH_AUDIENCE", "netbird")]);
    let texts = ["NETBIRD_AUTH_DEVICE_AUTH_AUDIENCE is not"];
    fails(&verify_text(&audience).await, CheckName::Audience, &texts);
    let client = applied.file(&[("NETBIRD_IDP_MGMT_CLIENT_ID", "other")]);
    let texts = ["NETBIRD_IDP_MGMT_CLIENT_ID is not the same client id"];
    fails(&verify_text(&client).await, CheckName::Client, &texts);
    // The audience is right, and is not said to be wrong because of the client ids.
    let client = applied.file(&[
        ("NETBIRD_AUTH_CLIENT_ID", "other"),
        ("NETBIRD_AUTH_DEVICE_AUTH_CLIENT_ID", "other"),
        ("NETBIRD_IDP_MGMT_CLIENT_ID", "other"),
    ]);
    let texts = ["authentik has no provider with the client id other"];
    fails(&verify_text(&client).await, CheckName::Client, &texts);

    let prompt = applied.file(&[("NETBIRD_AUTH_PKCE_DISABLE_PROMPT_LOGIN", "")]);
    warns(&verify_text(&prompt).await, CheckName::PromptLogin, &["log in twice", "=true"]);
    let device = applied.file(&[("NETBIRD_AUTH_DEVICE_AUTH_SCOPE", "")]);
    let texts = ["NETBIRD_AUTH_DEVICE_AUTH_SCOPE is missing profile", "Set it to"];
    warns(&verify_text(&device).await, CheckName::Scopes, &texts);
    let scopes = applied.file(&[("NETBIRD_AUTH_SUPPORTED_SCOPES", "openid profile email")]);
    let texts = ["NETBIRD_AUTH_SUPPORTED_SCOPES is missing offline_access"];
    warns(&verify_text(&scopes).await, CheckName::Scopes, &texts);
}

#[tokio::test]
async fn what_is_switched_off_is_left_out() {
    let applied = applied(Release::V2026_5).await;
    let text = applied.file(&[("NETBIRD_AUTH_DEVICE_AUTH_CLIENT_ID", "")]);
    let verification = verify_text(&text).await;
    assert!(verification.is_success(), "{verification}");
    for name in [CheckName::DeviceAuthorization, CheckName::DevicePage] {
        assert_eq!(verification.get(name).unwrap().status, CheckStatus::Skipped);
    }
    let text = applied.file(&[("NETBIRD_MGMT_IDP", "")]);
    let verification = verify_text(&text).await;
    assert!(verification.is_success(), "{verification}");
    assert_eq!(verification.get(CheckName::Token).unwrap().status, CheckStatus::Skipped);
}

fn refused(text: &str) -> Error {
    let error = NetbirdSettings::from_setup_env(text).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidOutputs);
    error
}

fn fields(error: &Error) -> Vec<&str> {
    error.issues().iter().map(|issue| issue.field.as_str()).collect()
}

#[tokio::test]
async fn every_problem_of_the_file_is_told_at_once() {
    let error = refused("NETBIRD_MGMT_IDP=authentik\n");
    assert_eq!(
        fields(&error),
        [
            "NETBIRD_DOMAIN",
            ENDPOINT,
            "NETBIRD_AUTH_CLIENT_ID",
            "NETBIRD_AUTH_AUDIENCE",
            "NETBIRD_AUTH_SUPPORTED_SCOPES",
            "NETBIRD_IDP_MGMT_CLIENT_ID",
            "NETBIRD_IDP_MGMT_EXTRA_USERNAME",
            "NETBIRD_IDP_MGMT_EXTRA_PASSWORD",
        ]
    );
    assert!(error.to_string().contains("without spaces around the ="), "{error}");
    let applied = applied(Release::V2026_5).await;
    let text = applied.file(&[("NETBIRD_MGMT_IDP", "keycloak")]);
    let error = refused(&text.replace('\n', "\r\n").replace("'netbird.company'", "$DOMAIN"));
    assert_eq!(
        fields(&error),
        ["setup.env line 1", "NETBIRD_DOMAIN", "NETBIRD_MGMT_IDP"],
        "{error}"
    );
    for text in ["Windows line ending", "only bash can evaluate", "\"keycloak\""] {
        assert!(error.to_string().contains(text), "{error}");
    }
}

#[tokio::test]
async fn addresses_that_are_no_discovery_document() {
    let applied = applied(Release::V2026_5).await;
    for (address, text) in [
        ("authentik.company", "is not an http or https URL"),
        ("ftp://a/application/o/x/.well-known/openid-configuration", "is not an http or https URL"),
        ("http://a.company/application/o/x/.well-known/openid-configuration", "unencrypted"),
        ("https://u:canary@a/application/o/x/.well-known/openid-configuration", "user name"),
        ("https://a/application/o/netbird/", "not the URL of a discovery document of authentik"),
        (
            "https://a/application/o/netbird//.well-known/openid-configuration",
            "not the URL of a discovery",
        ),
        (
            "https://a/realms/x/.well-known/openid-configuration",
            "not the URL of a discovery document",
        ),
        (
            "https://a/application/o/x/.well-known/openid-configuration?x=canary",
            "not the URL of a discovery",
        ),
    ] {
        let error = refused(&applied.file(&[(ENDPOINT, address)]));
        assert_eq!(fields(&error), [ENDPOINT], "{error}");
        assert!(error.to_string().contains(text), "{error}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
    }
}

#[tokio::test]
async fn the_last_line_of_a_name_counts_as_for_bash() {
    let applied = applied(Release::V2026_5).await;
    let text = format!("NETBIRD_AUTH_CLIENT_ID=old\n{}", applied.file(&[]));
    let settings = NetbirdSettings::from_setup_env(&text).unwrap();
    assert_eq!(settings, NetbirdSettings::from_env(&applied.outputs.netbird_env()).unwrap());
    assert_eq!(settings.domain(), "netbird.company");
    assert_eq!(settings.application_slug().as_str(), "netbird");
}
