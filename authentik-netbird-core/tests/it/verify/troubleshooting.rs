//! The tables of docs/troubleshooting.md, which are written from what `verify` really reports and from the
//! requirements: a server is broken in the way of each row, and the report's words are its cells.
//! A page that differs is written anew, and the test fails once: look at the changes and commit them.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::Duration;

use authentik_netbird_core::outputs::Outputs;
use authentik_netbird_core::requirements::requirements;
use authentik_netbird_core::verify::{Check, CheckName, CheckStatus, NetbirdSettings};
use authentik_netbird_core::{Client, ConnectionOptions, Verification};
use authentik_simulator::{
    Effect, Fault, FaultAnswer, KeyType, RedirectUri, Release, Simulator, State,
};

use super::front::Front;
use crate::support::applied::{applied, apply, verify_text};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/troubleshooting.md");
const HEAD: &str =
    "| what people see | check | what the report says | what to do |\n|---|---|---|---|\n";
const NEEDS: &str = "
## What NetBird needs

The requirements that plans satisfy and verifications prove, with the step of the guide that each is about.

| check | what NetBird needs, and why | guide |
|---|---|---|
";

/// How a server, or what NetBird was given, is broken.
enum Break {
    State(fn(&mut State)),
    Server(fn(&Simulator)),
    Outputs(fn(&mut Outputs)),
    /// A variable of setup.env with another value.
    SetupEnv(&'static str, &'static str),
    /// NetBird's data store key is only where configure.sh does not look.
    Key,
    Path,
    /// One that ends TLS and does not say so.
    Proxy,
    /// Not at all: what this check says of the guide's setup, and what to do if the report does not say so.
    Nothing(CheckName, &'static str),
}

const NO_USER: &str =
    "every login: 401; management's log: \"unable to get authentik token, statusCode 400\"";
const NO_LIST: &str = "every login: 401; management's log: \"403 Forbidden\"";
const INVALID: &str = "every login: 401 \"token invalid\"";

/// What people see, and what is behind it.
const ROWS: [(&str, Break); 34] = [
    (
        "`configure.sh` stops with a jq error",
        Break::SetupEnv("NETBIRD_MGMT_IDP_SIGNKEY_REFRESH", "True"),
    ),
    ("people come back as new users", Break::SetupEnv("NETBIRD_AUTH_USER_ID_CLAIM", "email")),
    ("every login: 401; management's log: \"cipher: message authentication failed\"", Break::Key),
    ("`configure.sh` writes `null` into `management.json`", Break::State(other_slug)),
    ("`configure.sh` stops with a jq error", Break::Server(login_page)),
    (INVALID, Break::Server(no_slash)),
    (INVALID, Break::Proxy),
    ("\"Token used before issued\"", Break::Server(|server| server.set_clock_offset(60))),
    (INVALID, Break::SetupEnv("NETBIRD_AUTH_AUDIENCE", "'the-client-secret'")),
    ("the dashboard cannot log in: `invalid_client`", Break::State(confidential)),
    (INVALID, Break::State(|state| state.providers[0].signing_key = None)),
    (INVALID, Break::State(elliptic)),
    ("the dashboard loads again and again", Break::State(encrypted)),
    ("names and rights of people are lost", Break::State(hashed)),
    ("people are logged out again and again", Break::State(|state| unmap(state, "offline_access"))),
    ("groups vanish when a peer is added", Break::SetupEnv("NETBIRD_AUTH_DEVICE_AUTH_SCOPE", "")),
    (
        "\"Invalid grant_type for provider\"",
        Break::State(|state| state.providers[0].grant_types.clear()),
    ),
    ("\"Redirect URI Error\"", Break::State(|state| state.providers[0].redirect_uris.clear())),
    ("\"Redirect URI Error\"", Break::State(no_callback)),
    ("the dashboard says \"Unauthenticated\"", Break::State(no_plain_uri)),
    ("nothing, until someone takes over a login", Break::State(open_redirect)),
    (
        "nothing, until someone gets an API token of an administrator",
        Break::Nothing(CheckName::ApiClient, ""),
    ),
    ("people log in twice", Break::SetupEnv("NETBIRD_AUTH_PKCE_DISABLE_PROMPT_LOGIN", "false")),
    ("the device page is not found (404)", Break::State(no_device_flow)),
    (NO_USER, Break::Outputs(|outputs| username(outputs, "Netbird"))),
    (NO_USER, Break::State(deactivated)),
    (NO_USER, Break::State(|state| expire(state, -1))),
    ("nothing, until that day", Break::State(|state| expire(state, 20))),
    (NO_USER, Break::State(bound)),
    (NO_USER, Break::Outputs(|outputs| password(outputs, "Account-Passw0rd"))),
    (NO_LIST, Break::State(|state| unmap(state, "goauthentik.io/api"))),
    (NO_LIST, Break::State(no_rights)),
    ("every login: 401; management's log: \"404 Not Found\"", Break::Path),
    (
        "\"user is pending approval\"",
        Break::Nothing(CheckName::Users, "Approve the person in NetBird under Team > Users."),
    ),
];

fn other_slug(state: &mut State) {
    "vpn".clone_into(&mut state.applications[0].slug);
}

fn login_page(server: &Simulator) {
    let page = FaultAnswer::html(200, "<title>Company login</title>");
    server.add_fault(Fault::new(Effect::Answer(page)).on_path("openid-configuration"));
}

fn deactivated(state: &mut State) {
    let account = state.users.iter_mut().find(|user| user.username == "NetBird").unwrap();
    account.is_active = false;
}

fn no_callback(state: &mut State) {
    let uris = &mut state.providers[0].redirect_uris;
    uris.retain(|uri| uri.url != r"https://netbird\.company(/.*)?");
}

fn no_plain_uri(state: &mut State) {
    let uris = &mut state.providers[0].redirect_uris;
    uris.retain(|uri| !uri.url.starts_with("https://netbird.company"));
}

fn no_slash(server: &Simulator) {
    let (text, by) = ("/o/netbird/\"".to_owned(), "/o/netbird\"".to_owned());
    server.add_fault(Fault::new(Effect::Replace { text, by }).on_path("openid-configuration"));
}

fn elliptic(state: &mut State) {
    let key = state.add_certificate("elliptic", KeyType::Ec).pk.clone();
    state.providers[0].signing_key = Some(key);
}

fn confidential(state: &mut State) {
    "confidential".clone_into(&mut state.providers[0].client_type);
}

fn encrypted(state: &mut State) {
    state.providers[0].encryption_key = Some(state.certificates[0].pk.clone());
}

fn hashed(state: &mut State) {
    "hashed_user_id".clone_into(&mut state.providers[0].sub_mode);
}

fn unmap(state: &mut State, scope: &str) {
    let mapping = state.scope_mappings.iter().find(|mapping| mapping.scope_name == scope).unwrap();
    let pk = mapping.pk.clone();
    state.providers[0].property_mappings.retain(|mapping| *mapping != pk);
}

fn open_redirect(state: &mut State) {
    let guide = RedirectUri::new("regex", "https://netbird.company.*");
    state.providers[0].redirect_uris.push(guide);
}

fn no_device_flow(state: &mut State) {
    state.brands[0].flow_device_code = None;
}

fn expire(state: &mut State, days: i64) {
    let day = Duration::from_secs(86_400 * days.unsigned_abs());
    let expires = if days < 0 { state.now() - day } else { state.now() + day };
    let token = state.tokens.iter_mut().find(|token| token.intent == "app_password").unwrap();
    (token.expiring, token.expires) = (true, Some(expires));
}

fn bound(state: &mut State) {
    let application = state.applications[0].pk.clone();
    let group = state.add_group("VPN users").pk.clone();
    state.add_policy_binding(&application).group = Some(group);
}

fn no_rights(state: &mut State) {
    let account = state.users.iter().find(|user| user.username == "NetBird").unwrap().pk;
    state.groups.iter_mut().for_each(|group| group.users.retain(|user| *user != account));
}

fn username(outputs: &mut Outputs, username: &str) {
    username.clone_into(&mut outputs.account.as_mut().unwrap().username);
}

fn password(outputs: &mut Outputs, password: &str) {
    outputs.account.as_mut().unwrap().app_password = Some(password.into());
}

async fn verify(cause: &Break) -> (Verification, String) {
    let mut applied = applied(Release::V2026_5).await;
    let url = applied.simulator().url().to_owned();
    let verification = match cause {
        Break::State(change) => applied.edit(change).verify().await,
        Break::Server(change) => {
            change(applied.simulator());
            applied.verify().await
        }
        Break::Outputs(change) => {
            change(&mut applied.outputs);
            applied.verify().await
        }
        Break::SetupEnv(name, value) => {
            let text = applied.outputs.netbird_env().to_setup_env().unwrap();
            let other = format!("{name}={value}");
            let is_it = |line: &str| line.starts_with(&format!("{name}="));
            let lines = text.expose().lines().map(|line| if is_it(line) { &other } else { line });
            verify_text(&lines.collect::<Vec<_>>().join("\n")).await
        }
        Break::Key => {
            let text = applied.outputs.netbird_env().to_setup_env().unwrap();
            let settings = NetbirdSettings::parse(text.expose());
            let settings =
                settings.with_data_store_key(None, "{\"DataStoreEncryptionKey\": \"a2V5\"}");
            applied.running.client.verify_settings(&settings, None).await.unwrap()
        }
        Break::Nothing(..) => applied.verify().await,
        Break::Path => return under_a_path().await,
        Break::Proxy => return behind_a_proxy().await,
    };
    (verification, url)
}

async fn under_a_path() -> (Verification, String) {
    let simulator = Simulator::builder().path("/authentik").start().unwrap();
    let wanted = crate::support::as_in_guide(simulator.url(), "netbird.company").build().unwrap();
    let client = Client::builder(simulator.url()).token(simulator.token()).build().unwrap();
    let outputs = apply(&client, &wanted).await;
    let verification = client.verify(&wanted, &outputs).await.unwrap();
    (verification, simulator.url().trim_end_matches("/authentik").to_owned())
}

async fn behind_a_proxy() -> (Verification, String) {
    let simulator = Simulator::start().unwrap();
    let front = Front { tls: true, ..Front::default() }.of(&simulator).await;
    let wanted = crate::support::as_in_guide(&front.url, "netbird.company").build().unwrap();
    let client = Client::builder(&front.url).token(simulator.token());
    let options = ConnectionOptions::new().root_certificates(front.authority.as_str());
    let client = client.options(options).build().unwrap();
    let outputs = apply(&client, &wanted).await;
    let verification = client.verify(&wanted, &outputs).await.unwrap();
    (verification, front.url.trim_start_matches("https://").to_owned())
}

/// Without what differs from run to run: the address, and times.
fn stable(text: &str, url: &str) -> String {
    // A proxy's address is without its scheme, which differs.
    let host = if url.contains("://") { "https://authentik.company" } else { "authentik.company" };
    let text = text.replace(url, host).replace("127.0.0.1", "the host");
    let is_day = |word: &str| word.len() > 19 && word.as_bytes()[4] == b'-' && word.contains('T');
    let is_id = |word: &str| word.len() == 40 && word.bytes().all(|b| b.is_ascii_alphanumeric());
    let words = text.split(' ').map(|word| {
        let bare = word.trim_end_matches([',', ';', '.']);
        let stable = match bare {
            "59" => "60",
            day if is_day(day) => "2026-11-23",
            id if is_id(id) => "5JXuw0qD",
            other => other,
        };
        format!("{stable}{}", &word[bare.len()..])
    });
    let words: Vec<String> = words.collect();
    words.join(" ").replace('|', "\\|")
}

/// What a report says about a row's cause: message and hint.
fn found<'r>(verification: &'r Verification, seen: &str, cause: &'r Break) -> (&'r Check, &'r str) {
    if let Break::Nothing(name, hint) = cause {
        let check = verification.get(*name).unwrap();
        assert_ne!(check.status, CheckStatus::Fail, "{check}");
        return (check, check.hint.as_deref().unwrap_or(hint));
    }
    let mut bad = verification
        .checks
        .iter()
        .filter(|check| matches!(check.status, CheckStatus::Fail | CheckStatus::Warn))
        // Both share a client, as in the guide.
        .filter(|check| check.name != CheckName::ApiClient);
    let check = bad.next().unwrap_or_else(|| panic!("{seen}: {verification}"));
    assert!(bad.next().is_none(), "{seen}: {verification}");
    (check, check.hint.as_deref().unwrap())
}

/// The requirements as a table.
fn needs() -> String {
    let mut table = NEEDS.to_owned();
    for requirement in requirements() {
        let guide = requirement.guide.map_or("not in the guide", |step| step.heading());
        let need = requirement.need.replace('|', "\\|");
        writeln!(table, "| `{}` | {need} | {guide} |", requirement.check).unwrap();
    }
    table
}

#[tokio::test]
async fn the_page_is_what_verify_reports_and_what_is_required() {
    let mut table = HEAD.to_owned();
    let mut checks = BTreeSet::new();
    for (seen, cause) in &ROWS {
        let (verification, url) = verify(cause).await;
        let (check, hint) = found(&verification, seen, cause);
        let (message, hint) = (stable(&check.message, &url), stable(hint, &url));
        writeln!(table, "| {seen} | `{}` | {message} | {hint} |", check.name).unwrap();
        checks.insert(check.name);
    }
    for requirement in requirements() {
        assert!(checks.contains(&requirement.check), "no row shows it unmet: {requirement:?}");
    }
    let old = std::fs::read_to_string(PAGE).unwrap();
    let intro = old.split("| what people see").next().unwrap();
    let new = format!("{intro}{table}{}", needs());
    if new != old {
        std::fs::write(PAGE, new).unwrap();
        panic!("docs/troubleshooting.md is written anew: look at the changes, and run this again");
    }
}
