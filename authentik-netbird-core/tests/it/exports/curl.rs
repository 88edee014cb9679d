//! The list of curl commands, run by bash.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use authentik_netbird_core::integration::{ModeKind, ServiceAccount};
use authentik_netbird_core::outputs::export::curl_script;
use authentik_netbird_core::outputs::parse_setup_env;
use authentik_netbird_core::{
    AppPasswordExpiry, Client, NetbirdIntegration, NetbirdIntegrationBuilder, Plan,
};
use authentik_simulator::netbird::NetbirdSimulator;
use authentik_simulator::{Effect, Fault, FaultAnswer, Release, Simulator};

/// Runs a plan's script; what it says, and what it writes for setup.env.
async fn run(simulator: &Simulator, plan: &Plan) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let (script, output) = (folder.path().join("calls.sh"), folder.path().join("secrets"));
    std::fs::write(&script, curl_script(plan).unwrap()).unwrap();
    let mut bash = Command::new("bash");
    bash.arg(&script).env("AUTHENTIK_URL", simulator.url()).env("OUTPUT", &output);
    bash.env("AUTHENTIK_TOKEN", simulator.token());
    let ran = tokio::task::spawn_blocking(move || bash.output().unwrap()).await.unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(ran.status.success(), "{said}\n{}", std::fs::read_to_string(&script).unwrap());
    if let Ok(written) = std::fs::metadata(&output) {
        assert_eq!(written.permissions().mode() & 0o777, 0o600);
    }
    (said, std::fs::read_to_string(&output).unwrap_or_default())
}

fn asked(of: NetbirdIntegrationBuilder, rights: ServiceAccount) -> NetbirdIntegration {
    of.service_account(rights).access_group("vpn's \"users\"").build().unwrap()
}

#[tokio::test]
async fn a_script_sets_up_what_a_plan_says() {
    for (release, rights, is_offline) in [
        (Release::V2025_10, ServiceAccount::UserReader, true),
        (Release::V2025_12, ServiceAccount::Administrator, true),
        (Release::V2026_5, ServiceAccount::UserReader, true),
        (Release::V2026_5, ServiceAccount::None, false),
    ] {
        let simulator = Simulator::builder().release(release).start().unwrap();
        simulator.edit(|state| state.add_group("vpn's \"users\"").pk.clone());
        let client = Client::builder(simulator.url()).token(simulator.token()).build().unwrap();
        let builder = NetbirdIntegration::builder(simulator.url(), "netbird.company");
        let wanted = asked(builder, rights);
        let planned = client.plan(&wanted).await.unwrap();
        let version = planned.server_version.unwrap();
        let plan = if is_offline { wanted.preview_of(version) } else { planned };
        let script = curl_script(&plan).unwrap();
        assert!(!script.contains(simulator.token()), "{script}");
        let (said, secrets) = run(&simulator, &plan).await;
        assert_eq!(said, "");
        let left = client.plan(&wanted).await.unwrap();
        assert!(!left.has_changes(), "{release} {rights:?}: {left}\n{script}");
        let values = parse_setup_env(&secrets).unwrap();
        let outputs = client.outputs(&wanted).await.unwrap();
        let is_same = |name: &str, value: &str| {
            assert_eq!(values[name].as_ref().unwrap().expose(), value, "{name}");
        };
        is_same("NETBIRD_AUTH_CLIENT_ID", outputs.client_id.as_str());
        if let Some(account) = &outputs.account {
            let password = account.app_password.as_ref().unwrap();
            is_same("NETBIRD_IDP_MGMT_EXTRA_PASSWORD", password.expose());
        }
    }
}

#[tokio::test]
async fn a_script_rotates_repairs_and_tears_down() {
    let simulator = Simulator::start().unwrap();
    let client = Client::builder(simulator.url()).token(simulator.token()).build().unwrap();
    let builder = NetbirdIntegration::builder(simulator.url(), "netbird.company");
    let wanted = builder.build().unwrap();
    client.apply(&client.plan(&wanted).await.unwrap()).await.unwrap();
    let before = client.outputs(&wanted).await.unwrap();
    let rotation = client.plan_rotate(&wanted, AppPasswordExpiry::Keep).await.unwrap();
    let (_, secrets) = run(&simulator, &rotation).await;
    let after = client.outputs(&wanted).await.unwrap();
    assert_ne!(before, after);
    let password = after.account.as_ref().unwrap().app_password.clone().unwrap();
    assert!(secrets.contains(password.expose()) && password.expose().len() == 60, "{secrets}");

    simulator.edit(|state| {
        state.providers[0].redirect_uris.clear();
        state.tokens.retain(|one| one.intent != "app_password");
    });
    let plan = client.plan(&wanted).await.unwrap();
    let (_, secrets) = run(&simulator, &plan).await;
    assert!(secrets.contains("NETBIRD_IDP_MGMT_EXTRA_PASSWORD"), "{secrets}");
    assert!(!client.plan(&wanted).await.unwrap().has_changes());

    let teardown = client.plan_teardown(&wanted).await.unwrap();
    run(&simulator, &teardown).await;
    assert!(!client.plan_teardown(&wanted).await.unwrap().has_changes());
}

#[tokio::test]
async fn a_script_stops_at_the_first_refusal() {
    let simulator = Simulator::start().unwrap();
    let builder = NetbirdIntegration::builder(simulator.url(), "netbird.company");
    let script = curl_script(&builder.build().unwrap().preview()).unwrap();
    let mut bash = Command::new("bash");
    bash.args(["-c", &script]).env("AUTHENTIK_URL", simulator.url());
    bash.env("AUTHENTIK_TOKEN", "wrong");
    let ran = tokio::task::spawn_blocking(move || bash.output().unwrap()).await.unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(!ran.status.success() && said.contains("Token invalid"), "{said}");
    assert!(simulator.requests().iter().all(|request| !request.is_write()));
}

/// Runs a script with these variables; what it says, and the writes that it sent.
async fn refused(simulator: &Simulator, script: String, env: &[(&str, &Path)]) -> (String, usize) {
    simulator.clear_requests();
    let mut bash = Command::new("/bin/bash");
    bash.args(["-c", &script]).env("AUTHENTIK_URL", simulator.url());
    bash.env("AUTHENTIK_TOKEN", simulator.token()).envs(env.iter().copied());
    let ran = tokio::task::spawn_blocking(move || bash.output().unwrap()).await.unwrap();
    assert!(!ran.status.success());
    let writes = simulator.requests().iter().filter(|request| request.is_write()).count();
    (String::from_utf8(ran.stderr).unwrap(), writes)
}

/// A rotated password that cannot be written down would be lost, and with it every login.
#[tokio::test]
async fn a_script_sends_nothing_that_it_cannot_finish() {
    let simulator = Simulator::start().unwrap();
    let client = Client::builder(simulator.url()).token(simulator.token()).build().unwrap();
    let builder = NetbirdIntegration::builder(simulator.url(), "netbird.company");
    let wanted = builder.build().unwrap();
    client.apply(&client.plan(&wanted).await.unwrap()).await.unwrap();
    let rotation = client.plan_rotate(&wanted, AppPasswordExpiry::Keep).await.unwrap();
    let script = curl_script(&rotation).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (existing, nowhere) = (folder.path().join("old"), folder.path().join("no/new"));
    std::fs::write(&existing, "old").unwrap();
    for (name, path, message) in [
        ("OUTPUT", &existing, "cannot overwrite existing file"),
        ("OUTPUT", &nowhere, "No such file or directory"),
        ("PATH", &folder.path().to_owned(), "curl is missing"),
    ] {
        let (said, writes) = refused(&simulator, script.clone(), &[(name, path)]).await;
        assert!(said.contains(message) && writes == 0, "{writes}: {said}");
    }
    assert_eq!(std::fs::read_to_string(&existing).unwrap(), "old");
}

#[tokio::test]
async fn a_script_names_what_it_does_not_find_and_leaves_no_empty_file() {
    let simulator = Simulator::start().unwrap();
    let builder = NetbirdIntegration::builder(simulator.url(), "netbird.company");
    let wanted = builder.authorization_flow("another").build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("secrets");
    let script = curl_script(&wanted.preview()).unwrap();
    let (said, writes) = refused(&simulator, script, &[("OUTPUT", &output)]).await;
    assert_eq!((said.as_str(), writes), ("not found in flows/instances/: slug \"another\"\n", 0));
    assert!(!output.exists());
}

/// The account has no name before its rights: a plan refuses an account of the name that has none.
#[tokio::test]
async fn a_script_for_what_is_left_completes_one_that_failed() {
    let simulator = Simulator::start().unwrap();
    let client = Client::builder(simulator.url()).token(simulator.token()).build().unwrap();
    let builder = NetbirdIntegration::builder(simulator.url(), "netbird.company");
    let wanted = builder.build().unwrap();
    let busy = Effect::Answer(FaultAnswer::empty(502));
    simulator.add_fault(Fault::new(busy).on_method("POST").on_path("/rbac/roles/").times(1));
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("secrets");
    let script = curl_script(&wanted.preview()).unwrap();
    let (said, writes) = refused(&simulator, script, &[("OUTPUT", &output)]).await;
    assert!(said.contains("/api/v3/rbac/roles/: ") && writes == 3, "{writes}: {said}");
    let left = client.plan(&wanted).await.unwrap();
    run(&simulator, &left).await;
    assert!(!client.plan(&wanted).await.unwrap().has_changes(), "{left}");
    assert!(client.outputs(&wanted).await.unwrap().account.unwrap().app_password.is_some());
}

#[tokio::test]
async fn a_script_sets_the_connector_up() {
    let simulator = Simulator::start().unwrap();
    let netbird = NetbirdSimulator::start().unwrap();
    let client = Client::builder(simulator.url()).token(simulator.token());
    let client = client.netbird(netbird.url(), netbird.token()).build().unwrap();
    let builder = NetbirdIntegration::builder(simulator.url(), "netbird.company");
    let wanted = builder.mode(ModeKind::Connector).claim_group("a \"b\" \\ c").build().unwrap();
    let script = curl_script(&client.plan(&wanted).await.unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut bash = Command::new("bash");
    bash.args(["-c", &script]).env("OUTPUT", folder.path().join("secrets"));
    bash.env("AUTHENTIK_URL", simulator.url()).env("AUTHENTIK_TOKEN", simulator.token());
    bash.env("NETBIRD_URL", netbird.url()).env("NETBIRD_TOKEN", netbird.token());
    let ran = tokio::task::spawn_blocking(move || bash.output().unwrap()).await.unwrap();
    assert!(ran.status.success(), "{}\n{script}", String::from_utf8_lossy(&ran.stderr));
    let left = client.plan(&wanted).await.unwrap();
    assert!(!left.has_changes(), "{left}\n{script}");
    let secret = simulator.edit(|state| state.providers[0].client_secret.to_string());
    netbird.edit(|state| assert_eq!(state.connectors[0].client_secret.to_string(), secret));
}
