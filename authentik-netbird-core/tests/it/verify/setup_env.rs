//! A `setup.env` that someone wrote by hand: what is wrong with the file, and what with what it says.

use authentik_netbird_core::Verification;
use authentik_netbird_core::verify::{CheckName, CheckStatus, NetbirdSettings};
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
    let texts = ["no provider with the client id other, which NETBIRD_IDP_MGMT_CLIENT_ID names"];
    fails(&verify_text(&client).await, CheckName::ApiClient, &texts);
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
    let texts = ["NETBIRD_AUTH_DEVICE_AUTH_SCOPE is missing profile", "Set NETBIRD_AUTH_DEVICE"];
    warns(&verify_text(&device).await, CheckName::Scopes, &texts);
    let scopes = applied.file(&[
        ("NETBIRD_AUTH_SUPPORTED_SCOPES", "openid profile email"),
        ("NETBIRD_AUTH_DEVICE_AUTH_SCOPE", "openid"),
    ]);
    let texts = [
        "NETBIRD_AUTH_SUPPORTED_SCOPES is missing offline_access",
        "NETBIRD_AUTH_DEVICE_AUTH_SCOPE is missing profile",
    ];
    warns(&verify_text(&scopes).await, CheckName::Scopes, &texts);
}

#[tokio::test]
async fn what_is_switched_off_is_left_out() {
    let applied = applied(Release::V2026_5).await;
    let text = applied.file(&[("NETBIRD_AUTH_DEVICE_AUTH_CLIENT_ID", "")]);
    let verification = verify_text(&text).await;
    assert!(verification.clone().into_result().is_ok(), "{verification}");
    for name in [CheckName::DeviceAuthorization, CheckName::DevicePage] {
        assert_eq!(verification.get(name).unwrap().status, CheckStatus::Skipped);
    }
    let text = applied.file(&[("NETBIRD_MGMT_IDP", "")]);
    let verification = verify_text(&text).await;
    assert!(verification.clone().into_result().is_ok(), "{verification}");
    assert_eq!(verification.get(CheckName::Token).unwrap().status, CheckStatus::Skipped);
}

fn fields(settings: &NetbirdSettings) -> Vec<&str> {
    settings.issues().iter().map(|issue| issue.field.as_str()).collect()
}

/// The check `environment` fails with these words, and is the cause of whatever cannot be checked.
#[track_caller]
fn only_the_file_fails(verification: &Verification, texts: &[&str]) {
    let failed = names(verification, CheckStatus::Fail);
    assert_eq!(failed, [CheckName::Environment], "{verification}");
    let check = verification.get(CheckName::Environment).unwrap().to_string();
    for text in texts {
        assert!(check.contains(text), "\"{text}\" is not in: {check}");
    }
}

#[tokio::test]
async fn every_problem_of_the_file_is_told_at_once_and_the_report_is_there() {
    let settings = NetbirdSettings::from_setup_env("NETBIRD_MGMT_IDP=authentik\n");
    assert_eq!(
        fields(&settings),
        [
            "NETBIRD_DOMAIN",
            ENDPOINT,
            "NETBIRD_AUTH_CLIENT_ID",
            "NETBIRD_AUTH_AUDIENCE",
            "NETBIRD_AUTH_SUPPORTED_SCOPES",
            "NETBIRD_USE_AUTH0",
            "NETBIRD_IDP_MGMT_CLIENT_ID",
            "NETBIRD_IDP_MGMT_EXTRA_USERNAME",
            "NETBIRD_IDP_MGMT_EXTRA_PASSWORD",
        ]
    );
    only_the_file_fails(
        &verify_text("NETBIRD_MGMT_IDP=authentik\n").await,
        &["NETBIRD_DOMAIN: missing", "and 1 more", "without spaces around the ="],
    );
    let applied = applied(Release::V2026_5).await;
    let text = applied.file(&[("NETBIRD_MGMT_IDP", "keycloak")]);
    let text = text.replace('\n', "\r\n").replace("'netbird.company'", "$DOMAIN");
    let settings = NetbirdSettings::from_setup_env(&text);
    assert_eq!(fields(&settings), ["setup.env line 1", "NETBIRD_MGMT_IDP"], "{settings:?}");
    let texts = ["Windows line ending", "\"keycloak\""];
    only_the_file_fails(&verify_text(&text).await, &texts);
}

#[tokio::test]
async fn what_only_bash_can_tell_is_unknown_and_not_wrong() {
    let applied = applied(Release::V2026_5).await;
    let text = applied.file(&[]).replace("'netbird.company'", "$(hostname)");
    let verification = verify_text(&text).await;
    assert_eq!(names(&verification, CheckStatus::Fail), [], "{verification}");
    let unknown = names(&verification, CheckStatus::Unknown);
    assert!(unknown.contains(&CheckName::Environment), "{verification}");
    let text = format!("source common.env\n{}", applied.file(&[("NETBIRD_AUTH_AUDIENCE", "")]));
    let verification = verify_text(&text).await;
    assert_eq!(names(&verification, CheckStatus::Fail), [], "{verification}");
    let audience = verification.get(CheckName::Audience).unwrap();
    assert_eq!(audience.status, CheckStatus::Unknown, "{verification}");
    assert!(!verification.is_success() && !verification.is_complete());
}

#[tokio::test]
async fn each_line_that_bash_would_not_take_for_an_assignment_is_named() {
    let applied = applied(Release::V2026_5).await;
    let file = applied.file(&[]);
    for (line, text) in [
        ("NETBIRD_A = x", "there are spaces around the ="),
        ("\u{a0}NETBIRD_A=x", "begins with U+00A0"),
        ("\u{200b}NETBIRD_A=x", "begins with U+200B"),
        ("NETBIRD-A=x", "reads it as a command"),
        ("NETBIRD_A: x", "reads it as a command"),
        ("NETBIRD_A\u{200b}=x", "reads it as a command"),
        ("netbird.company", "reads it as a command"),
        ("exit 0", "ends the script"),
        ("NETBIRD_A='x", "never closed"),
    ] {
        let all = format!("{file}\n{line}");
        let number = format!("setup.env line {}", all.lines().count());
        only_the_file_fails(&verify_text(&all).await, &[text, &number]);
    }
    let bom = format!("\u{feff}{file}");
    only_the_file_fails(&verify_text(&bom).await, &["line 1: begins with a byte order mark"]);
    for line in ["set -a", "export NETBIRD_DOMAIN", "echo ready", "# NETBIRD_A = x", "[ -f x ]"] {
        let verification = verify_text(&format!("{file}\n{line}")).await;
        let check = verification.get(CheckName::Environment).unwrap();
        assert_eq!(check.status, CheckStatus::Pass, "{line}: {check}");
    }
}

#[tokio::test]
async fn values_that_netbird_does_not_read_as_they_are_meant() {
    let applied = applied(Release::V2026_5).await;
    for (name, value, text) in [
        ("NETBIRD_MGMT_IDP_SIGNKEY_REFRESH", "True", "\"True\" is not a JSON boolean"),
        ("NETBIRD_AUTH_PKCE_USE_ID_TOKEN", "False", "jq error"),
        ("NETBIRD_AUTH_DEVICE_AUTH_USE_ID_TOKEN", "yes", "Set it to true or false"),
        ("NETBIRD_MGMT_DISABLE_DEFAULT_POLICY", "no", "not a JSON boolean"),
        ("NETBIRD_AUTH_PKCE_DISABLE_PROMPT_LOGIN", "1", "not a JSON boolean"),
        ("NETBIRD_AUTH_PKCE_LOGIN_FLAG", "x", "not a small JSON number"),
        ("NETBIRD_AUTH_PKCE_LOGIN_FLAG", "01", "not a small JSON number"),
        ("NETBIRD_AUTH_USER_ID_CLAIM", "preferred_username", "leave it empty"),
        ("NETBIRD_USE_AUTH0", "true", "as if it were Auth0"),
        ("NETBIRD_DOMAIN", "https://netbird.company", "not a host name alone"),
        ("NETBIRD_AUTH_REDIRECT_URI", "auth", "does not begin with a slash"),
        ("NETBIRD_AUTH_SILENT_REDIRECT_URI", "https://netbird.company/x", "a path, such as"),
        ("NETBIRD_AUTH_PKCE_REDIRECT_URL_PORTS", "53000, 54000", "not a list of ports"),
        ("NETBIRD_MGMT_API_PORT", "443/tcp", "is not a port"),
        ("NETBIRD_AUTH_SUPPORTED_SCOPES", "openid \"profile\"", "contains a quote"),
        ("NETBIRD_IDP_MGMT_EXTRA_PASSWORD", "a{{b", "takes for a template"),
        ("NETBIRD_AUTH_SUPPORTED_SCOPES", "openid,profile,email,offline_access", "with spaces"),
        ("NETBIRD_STORE_CONFIG_ENGINE", "postgres", "NETBIRD_STORE_ENGINE_POSTGRES_DSN"),
    ] {
        let verification = verify_text(&applied.file(&[(name, value)])).await;
        let check = verification.get(CheckName::Environment).unwrap();
        assert_eq!(check.status, CheckStatus::Fail, "{name}={value}\n{verification}");
        let said = check.to_string();
        assert!(said.contains(name) && said.contains(text), "{said}");
    }
    let verification = verify_text(&applied.file(&[("NETBIRD_USE_AUTH0", "")])).await;
    only_the_file_fails(&verification, &["NETBIRD_USE_AUTH0: missing"]);
    for (name, value, text) in [
        ("NETBIRD_DISABLE_LETSENCRYPT", "true", "Let's Encrypt is off"),
        ("NETBIRD_DISABLE_LETSENCRYPT", "yes", "exactly true"),
        ("NETBIRD_MGMT_IDP", "", "although NETBIRD_IDP_MGMT_EXTRA_USERNAME is set"),
        ("NETBIRD_TOKEN_SOURCE", "IDToken", "neither accessToken nor idToken"),
        ("NETBIRD_AUTH_CLIENT_SECRET", "canary", "publishes this secret"),
        ("NETBIRD_DATASTORE_ENC_KEY", "canary", "without `export` it has no effect"),
    ] {
        let verification = verify_text(&applied.file(&[(name, value)])).await;
        let check = verification.get(CheckName::Environment).unwrap();
        assert_eq!(check.status, CheckStatus::Warn, "{name}={value}\n{verification}");
        assert!(
            check.to_string().contains(text) && !check.to_string().contains("canary"),
            "{check}"
        );
    }
    // The key of NetBird's database, where configure.sh sees it.
    for lines in [
        "export NETBIRD_DATASTORE_ENC_KEY='a2V5'",
        "NETBIRD_DATASTORE_ENC_KEY='a2V5'\nexport NETBIRD_DATASTORE_ENC_KEY",
        "set -a\nNETBIRD_DATASTORE_ENC_KEY='a2V5'",
    ] {
        let verification = verify_text(&format!("{}\n{lines}\n", applied.file(&[]))).await;
        let check = verification.get(CheckName::Environment).unwrap();
        assert_eq!(check.status, CheckStatus::Pass, "{lines}: {check}");
    }
    // As NetBird takes it.
    for (name, value) in [
        ("NETBIRD_MGMT_IDP", "Authentik"),
        ("NETBIRD_AUTH_USER_ID_CLAIM", "sub"),
        ("NETBIRD_AUTH_PKCE_LOGIN_FLAG", "1"),
        ("NETBIRD_TOKEN_SOURCE", "idToken"),
    ] {
        let verification = verify_text(&applied.file(&[(name, value)])).await;
        assert_eq!(names(&verification, CheckStatus::Fail), [], "{name}={value}: {verification}");
    }
}

/// Whatever the rules refuse, bash and jq refuse as well, and the other way round.
#[test]
fn booleans_are_those_that_jq_takes() {
    for value in ["true", "false", "True", "yes", "1", "\"true\"", "''", "null "] {
        let text = format!("NETBIRD_MGMT_IDP_SIGNKEY_REFRESH={value}\n");
        let settings = NetbirdSettings::from_setup_env(&text);
        let is_refused = fields(&settings).contains(&"NETBIRD_MGMT_IDP_SIGNKEY_REFRESH");
        // Empty: base.setup.env has a default.
        assert_eq!(is_refused, !matches!(value, "true" | "false" | "\"true\"" | "''"), "{value}");
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
            "https://a/application/o/netbird/",
            "Use https://a/application/o/netbird/.well-known/openid-configuration.",
        ),
        ("https://a/application/o/authorize/", "Use for example"),
        (
            "https://a//application/o/netbird/.well-known/openid-configuration",
            "Use https://a/application/o/netbird/.well-known/openid-configuration.",
        ),
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
        let file = applied.file(&[(ENDPOINT, address)]);
        let settings = NetbirdSettings::from_setup_env(&file);
        assert_eq!(fields(&settings), [ENDPOINT], "{settings:?}");
        let verification = verify_text(&file).await;
        only_the_file_fails(&verification, &[text]);
        assert!(!format!("{verification} {settings:?}").contains("canary"), "{verification}");
        let skipped = verification.get(CheckName::Discovery).unwrap();
        assert!(skipped.message.contains("environment"), "{verification}");
    }
}

/// Each is one mistake, and none makes another check ask for something that is right already.
#[tokio::test]
async fn one_mistake_of_a_file_is_reported_once() {
    let applied = applied(Release::V2026_5).await;
    let running = &applied.running;
    let outputs = running.client.outputs(&running.wanted).await.unwrap();
    for (name, value) in [
        ("NETBIRD_AUTH_REDIRECT_URI", "https://netbird.company/auth"),
        ("NETBIRD_DOMAIN", "https://netbird.company"),
        ("NETBIRD_DOMAIN", "vpn.example"),
        ("NETBIRD_AUTH_CLIENT_ID", &format!("{} ", outputs.client_id)),
        ("NETBIRD_IDP_MGMT_EXTRA_USERNAME", " NetBird"),
        ("NETBIRD_AUTH_DEVICE_AUTH_SCOPE", "openid,profile,email,offline_access"),
    ] {
        let settings = NetbirdSettings::from_setup_env(&applied.file(&[(name, value)]));
        let verification = running.client.verify_settings(&settings, Some(&running.wanted)).await;
        let verification = verification.unwrap();
        only_the_file_fails(&verification, &[value.trim().split(' ').next().unwrap()]);
        assert_eq!(verification.to_string().matches(&format!("{name}: ")).count(), 1);
    }
    // Behind a proxy an empty port is NetBird's own, as one that is not set.
    let ports = ["NETBIRD_MGMT_API_PORT", "NETBIRD_SIGNAL_PORT"].map(|name| (name, ""));
    let file = applied.file(&[&ports[..], &[("NETBIRD_DISABLE_LETSENCRYPT", "true")]].concat());
    let report = verify_text(&format!("{file}\nNETBIRD_RELAY_PORT=443")).await.to_string();
    assert!(report.contains("NETBIRD_MGMT_API_PORT: and 1 more are not set"), "{report}");
    // Name and password are swapped.
    let swapped = [(
        "NETBIRD_IDP_MGMT_EXTRA_USERNAME",
        "Canary0123456789Canary0123456789Canary0123456789Canary012345",
    )];
    let report = verify_text(&applied.file(&swapped)).await;
    only_the_file_fails(&report, &["is an app password by its look"]);
    assert!(!report.to_string().contains("Canary"), "{report}");
    // bash reads a here-document.
    let file = format!("cat > /dev/null << EOF\nNETBIRD_DOMAIN=other\nEOF\n{}", applied.file(&[]));
    let report = verify_text(&file).await;
    assert_eq!(names(&report, CheckStatus::Fail), [], "{report}");
    assert!(!report.is_complete(), "{report}");
    // Browsers write a host in lower case.
    let shouted = applied.file(&[("NETBIRD_DOMAIN", "NetBird.Company")]);
    let settings = NetbirdSettings::from_setup_env(&shouted);
    let verification = running.client.verify_settings(&settings, Some(&running.wanted)).await;
    assert_eq!(names(&verification.unwrap(), CheckStatus::Fail), []);
    // The report would publish it.
    let secret = applied.simulator().edit(|state| state.providers[0].client_secret.to_string());
    let ids = ["NETBIRD_AUTH_CLIENT_ID", "NETBIRD_AUTH_DEVICE_AUTH_CLIENT_ID"];
    let file = applied.file(&ids.map(|name| (name, secret.as_str())));
    let settings = NetbirdSettings::from_setup_env(&file);
    let verification = running.client.verify_settings(&settings, None).await.unwrap();
    fails(&verification, CheckName::Client, &["looks like a client secret", "create a new one"]);
    let without_token = verify_text(&file).await;
    assert!(!format!("{verification}{without_token}").contains(&secret), "{verification}");
}

#[tokio::test]
async fn the_last_line_of_a_name_counts_as_for_bash() {
    let applied = applied(Release::V2026_5).await;
    let text = format!("NETBIRD_AUTH_CLIENT_ID=old\n{}", applied.file(&[]));
    let settings = NetbirdSettings::from_setup_env(&text);
    assert_eq!(settings, NetbirdSettings::from_env(&applied.outputs.netbird_env()));
    assert_eq!(settings.domain(), "netbird.company");
    assert_eq!(settings.application_slug().as_str(), "netbird");
}

/// As management has it on its disk.
fn management_json(applied: &Applied) -> serde_json::Value {
    let url = applied.simulator().url();
    let id = applied.outputs.client_id.as_str();
    let password = applied.outputs.account.as_ref().unwrap().app_password.as_ref().unwrap();
    serde_json::json!({
        "Signal": {"Proto": "https", "URI": "netbird.company:443"},
        "DataStoreEncryptionKey": "a2V5",
        "HttpConfig": {
            "AuthIssuer": format!("{url}/application/o/netbird/"),
            "AuthAudience": id,
            "IdpSignKeyRefreshEnabled": true,
            "OIDCConfigEndpoint":
                format!("{url}/application/o/netbird/.well-known/openid-configuration"),
        },
        "IdpManagerConfig": {
            "ManagerType": "authentik",
            "ClientConfig": {"ClientID": id, "GrantType": "client_credentials"},
            "ExtraConfig": {"Username": "NetBird", "Password": password.expose()},
        },
        "DeviceAuthorizationFlow": {"Provider": "hosted", "ProviderConfig": {
            "Audience": id, "ClientID": id, "Scope": "openid profile email offline_access"}},
        "PKCEAuthorizationFlow": {"ProviderConfig": {
            "ClientID": id, "Scope": "openid profile email offline_access",
            "RedirectURLs": ["http://localhost:53000"], "DisablePromptLogin": true}},
    })
}

async fn verify_json(file: &serde_json::Value) -> Verification {
    verify_text(&format!("{file:#}")).await
}

#[tokio::test]
async fn management_json_is_as_good() {
    let applied = applied(Release::V2026_5).await;
    let file = management_json(&applied);
    let verification = verify_json(&file).await;
    let unseen = [CheckName::Administration, CheckName::RedirectUris];
    crate::support::applied::passes(&verification, &unseen);
    assert_eq!(verification.domain, "netbird.company");
    // With an administrator's token all of it.
    let settings = NetbirdSettings::parse(&file.to_string());
    let client = &applied.running.client;
    let full = client.verify_settings(&settings, Some(&applied.running.wanted)).await.unwrap();
    crate::support::applied::passes(&full, &[]);
    assert!(full.is_success());
    // Without NetBird's host name the one that was asked about counts.
    let mut hostless = file.clone();
    hostless.as_object_mut().unwrap().remove("Signal");
    let settings = NetbirdSettings::parse(&hostless.to_string());
    let full = client.verify_settings(&settings, Some(&applied.running.wanted)).await.unwrap();
    crate::support::applied::passes(&full, &[]);
    assert_eq!(full.domain, "netbird.company");

    let change = |place: &str, value: serde_json::Value| {
        let mut file = file.clone();
        *file.pointer_mut(place).unwrap() = value;
        file
    };
    for (place, value, texts) in [
        ("/IdpManagerConfig/ExtraConfig/Password", "wrong".into(), ["token", "refused"]),
        ("/HttpConfig/AuthAudience", "other".into(), ["audience", "not the audience"]),
        ("/IdpManagerConfig/ExtraConfig/Username", "".into(), ["ExtraConfig.Username", "missing"]),
        ("/HttpConfig/IdpSignKeyRefreshEnabled", "true".into(), ["IdpSignKey", "JSON boolean"]),
        ("/IdpManagerConfig/ManagerType", "keycloak".into(), ["ManagerType", "expected authentik"]),
    ] {
        let verification = verify_json(&change(place, value)).await;
        let failed = names(&verification, CheckStatus::Fail);
        assert_eq!(failed.len(), 1, "{place} {verification}");
        let said = verification.get(failed[0]).unwrap().to_string();
        assert!(texts.iter().all(|text| said.contains(text)), "{said}");
        assert!(!said.contains("NETBIRD_MGMT_IDP"), "{said}");
    }
    let keyless = change("/DataStoreEncryptionKey", "".into());
    let verification = verify_json(&keyless).await;
    let warned = names(&verification, CheckStatus::Warn);
    assert_eq!(warned, [CheckName::Environment], "{verification}");
    assert!(verification.to_string().contains("DataStoreEncryptionKey: empty"), "{verification}");
    let prompt = change("/PKCEAuthorizationFlow/ProviderConfig/DisablePromptLogin", false.into());
    let warned = names(&verify_json(&prompt).await, CheckStatus::Warn);
    assert_eq!(warned, [CheckName::PromptLogin]);

    let verification = verify_text("{\"HttpConfig\": ").await;
    let texts = ["management.json: not valid JSON (line 1, column 15)"];
    only_the_file_fails(&verification, &texts);
    let embedded = serde_json::json!({"EmbeddedIdP": {"Enabled": true}});
    let verification = verify_json(&embedded).await;
    assert!(verification.to_string().contains("embedded identity provider"), "{verification}");
}

#[tokio::test]
async fn the_data_store_key_is_kept_or_it_is_said() {
    let applied = applied(Release::V2026_5).await;
    let settings = NetbirdSettings::from_setup_env(&applied.file(&[]));
    let file = |key: &str| format!("{{\"DataStoreEncryptionKey\": \"{key}\"}}");
    let (own, other) = (file("Y2FuYXJ5"), file("b3RoZXI="));
    let cases = [
        (None, own.as_str(), Some("configure.sh drops it")),
        (Some(file("")), &own, Some("configure.sh drops it")),
        (Some("{}".to_owned()), &own, Some("configure.sh drops it")),
        (Some(other), &own, Some("has another key")),
        (Some(own.clone()), &own, None),
        (None, "{}", None),
        (None, "not json", None),
    ];
    for (current, generated, text) in cases {
        let settings = settings.clone().with_data_store_key(current.as_deref(), generated);
        let client = &applied.running.client;
        let verification = client.verify_settings(&settings, None).await.unwrap();
        let check = verification.get(CheckName::Environment).unwrap().to_string();
        assert_eq!(check.contains("DataStoreEncryptionKey"), text.is_some(), "{check}");
        assert!(text.is_none_or(|text| check.contains(text)), "{check}");
        assert!(!check.contains("Y2FuYXJ5"), "{check}");
        assert_eq!(names(&verification, CheckStatus::Fail), [], "{verification}");
    }
}
