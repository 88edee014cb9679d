//! One call provisions: plan, apply and `setup.env`. Safe to run again, and the app password is read from
//! authentik only where neither this run nor the file has it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use authentik_netbird_core::apply::Provisioned;
use authentik_netbird_core::integration::ServiceAccount;
use authentik_netbird_core::outputs::FileChangeKind;
use authentik_netbird_core::{AppPasswordExpiry, ApplyEvent, Error, ErrorKind};
use authentik_simulator::{Effect, Fault, FaultAnswer, Release};
use serde_json::json;

use crate::support::running::{Running, comparable, start};
use crate::support::sourced::sourced;
use crate::support::story::{Server, netbird_logs_in};

const RELEASES: [Release; 3] = [Release::V2024_12, Release::V2025_10, Release::V2026_5];
const PASSWORD: &str = "NETBIRD_IDP_MGMT_EXTRA_PASSWORD";

/// A server, and a folder for the file.
struct Scene {
    running: Running,
    _folder: tempfile::TempDir,
    path: PathBuf,
}

fn scene(release: Release) -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("setup.env");
    Scene { running: start(release), _folder: folder, path }
}

impl Scene {
    async fn try_provision(&self) -> Result<Provisioned, Error> {
        self.running.simulator.clear_requests();
        self.running.client.provision(&self.running.wanted, &self.path).await
    }

    async fn provision(&self) -> Provisioned {
        self.try_provision().await.unwrap_or_else(|error| panic!("{}", error.chain()))
    }

    /// How many times authentik was asked for the app password since the last call.
    fn password_reads(&self) -> usize {
        self.running.count("GET", "/view_key/")
    }

    /// What bash reads from the file.
    fn password(&self) -> String {
        password(&self.path)
    }

    fn in_authentik(&self) -> String {
        let find = |state: &mut authentik_simulator::State| {
            let token = state.tokens.iter().find(|token| token.intent == "app_password").unwrap();
            token.key.to_string()
        };
        self.running.simulator.edit(find)
    }
}

fn password(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    sourced(&text, &[PASSWORD]).unwrap().remove(0).unwrap()
}

#[tokio::test]
async fn the_second_run_changes_and_reads_nothing() {
    for release in RELEASES {
        let scene = scene(release);
        let first = scene.provision().await;
        assert_eq!(first.outcome.report().changed(), 6);
        assert_eq!(first.file.kind, FileChangeKind::Created);
        assert_eq!(scene.password_reads(), 0, "it came with the account");
        assert_eq!(scene.password(), scene.in_authentik());
        let (file, server) = (fs::read(&scene.path).unwrap(), comparable(&scene.running.simulator));

        let second = scene.provision().await;
        assert!(!second.plan.has_changes() && !second.file.is_change(), "{}", second.plan);
        let requests = scene.running.simulator.requests();
        assert_eq!((requests.len(), scene.running.writes()), (10, 0), "{requests:?}");
        assert_eq!(fs::read(&scene.path).unwrap(), file);
        assert_eq!(comparable(&scene.running.simulator), server, "{release}");
        let outputs = scene.running.client.outputs(&scene.running.wanted).await.unwrap();
        let server = Server::new(scene.running.simulator.url(), scene.running.simulator.token());
        netbird_logs_in(&server, &outputs).await;
    }
}

#[tokio::test]
async fn the_password_is_read_once_if_the_file_has_none() {
    for release in RELEASES {
        let scene = scene(release);
        scene.provision().await;
        let whole = fs::read(&scene.path).unwrap();
        // The file was lost; then somebody writes one without the password, or an empty one.
        for left in [None, Some("NETBIRD_DOMAIN=netbird.company\n"), Some("")] {
            fs::remove_file(&scene.path).unwrap();
            if let Some(text) = left {
                fs::write(&scene.path, text).unwrap();
            }
            let again = scene.provision().await;
            assert!(!again.plan.has_changes() && again.file.is_change());
            assert_eq!((scene.password_reads(), scene.running.writes()), (1, 0), "{left:?}");
            assert_eq!(scene.password(), scene.in_authentik());
        }
        fs::remove_file(&scene.path).unwrap();
        scene.provision().await;
        assert_eq!(fs::read(&scene.path).unwrap(), whole, "{release}");
    }
}

#[tokio::test]
async fn a_repair_keeps_the_password_of_the_file() {
    let scene = scene(Release::V2026_5);
    scene.provision().await;
    let before = scene.password();
    let more = format!("MY_OWN=1\n{}", fs::read_to_string(&scene.path).unwrap());
    fs::write(&scene.path, &more).unwrap();
    scene.running.simulator.edit(|state| {
        "confidential".clone_into(&mut state.providers[0].client_type);
    });
    let repaired = scene.provision().await;
    assert_eq!((repaired.outcome.report().changed(), repaired.file.is_change()), (1, false));
    let requests = scene.running.simulator.requests();
    assert_eq!((requests.len(), scene.password_reads()), (11, 0), "{requests:?}");
    assert_eq!(fs::read_to_string(&scene.path).unwrap(), more, "other lines stay");
    assert_eq!(scene.password(), before);
}

#[tokio::test]
async fn a_new_app_password_replaces_the_one_of_the_file() {
    let scene = scene(Release::V2026_5);
    scene.provision().await;
    let before = scene.password();
    scene.running.simulator.edit(|state| state.tokens.retain(|one| one.intent != "app_password"));
    let created = scene.provision().await;
    assert_eq!((created.outcome.report().changed(), created.file.is_change()), (1, true));
    assert_eq!(scene.password_reads(), 1, "authentik generates it");
    assert_eq!(scene.password(), scene.in_authentik());
    assert_ne!(scene.password(), before);
}

#[tokio::test]
async fn a_new_provider_beside_an_existing_account_completes_a_lost_file() {
    let scene = scene(Release::V2026_5);
    scene.provision().await;
    fs::remove_file(&scene.path).unwrap();
    scene.running.simulator.edit(|state| {
        state.providers.clear();
        state.applications[0].provider = None;
    });
    scene.provision().await;
    assert_eq!(scene.password_reads(), 1);
    assert_eq!(scene.password(), scene.in_authentik());
    let text = fs::read_to_string(&scene.path).unwrap();
    let client_id = scene.running.simulator.edit(|state| state.providers[0].client_id.clone());
    assert!(text.contains(&client_id), "{text}");
}

#[tokio::test]
async fn a_rotation_writes_the_new_password_and_reads_it_only_afterwards() {
    for release in RELEASES {
        let scene = scene(release);
        scene.provision().await;
        let before = scene.password();
        let client = &scene.running.client;
        let plan =
            client.plan_rotate(&scene.running.wanted, AppPasswordExpiry::Keep).await.unwrap();
        scene.running.simulator.clear_requests();
        let seen = Mutex::new(Vec::new());
        let note = |event: ApplyEvent| {
            if let ApplyEvent::Applied(entry) = event {
                seen.lock().unwrap().push(entry.operation.to_string());
            }
        };
        let rotated = client.provision_plan(plan, &scene.path, note).await.unwrap();
        assert_eq!(*seen.lock().unwrap(), ["app-password"]);
        assert!(rotated.file.is_change());
        assert_eq!(scene.running.simulator.requests().len(), 2, "one write, and one read after it");
        assert_eq!(scene.password(), scene.in_authentik());
        assert_ne!(scene.password(), before);
        // A rotation needs no file to begin with.
        fs::remove_file(&scene.path).unwrap();
        let plan =
            client.plan_rotate(&scene.running.wanted, AppPasswordExpiry::Never).await.unwrap();
        client.provision_plan(plan, &scene.path, |_| ()).await.unwrap();
        assert_eq!(scene.password(), scene.in_authentik());
    }
}

/// Of two rotations at the same time the file may get the older password last, which no plan shows.
#[tokio::test]
async fn a_rotation_that_another_one_overtakes_says_so() {
    let scene = scene(Release::V2026_5);
    scene.provision().await;
    let client = &scene.running.client;
    let plan = client.plan_rotate(&scene.running.wanted, AppPasswordExpiry::Keep).await.unwrap();
    let overtake = |event: ApplyEvent| {
        if matches!(event, ApplyEvent::Applied(_)) {
            scene.running.simulator.edit(|state| {
                let mut tokens = state.tokens.iter_mut();
                let token = tokens.find(|token| token.intent == "app_password").unwrap();
                token.key = "another".into();
            });
        }
    };
    let error = client.provision_plan(plan, &scene.path, overtake).await.unwrap_err().chain();
    assert!(error.contains("another run changed the app password at the same time"), "{error}");
}

#[tokio::test]
async fn without_an_account_there_is_no_password_to_read() {
    let mut scene = scene(Release::V2026_5);
    let changes = [("service_account".to_owned(), json!(ServiceAccount::None))].into();
    scene.running.wanted = scene.running.wanted.with_fields(changes).build().unwrap();
    scene.provision().await;
    let again = scene.provision().await;
    assert!(!again.plan.has_changes() && !again.file.is_change());
    assert_eq!(scene.password_reads(), 0);
    assert!(!fs::read_to_string(&scene.path).unwrap().contains(PASSWORD));
}

#[tokio::test]
async fn a_failed_apply_leaves_the_file_alone_and_the_next_run_completes_both() {
    let scene = scene(Release::V2026_5);
    let text = "NETBIRD_DOMAIN=netbird.company\n";
    fs::write(&scene.path, text).unwrap();
    let denied = FaultAnswer::with_body(403, "application/json", r#"{"detail": "no"}"#);
    let brand = Fault::new(Effect::Answer(denied)).on_method("PATCH").on_path("/core/brands/");
    scene.running.simulator.add_fault(brand);
    let error = scene.try_provision().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PartialApply);
    assert_eq!(fs::read_to_string(&scene.path).unwrap(), text);
    scene.running.simulator.clear_faults();
    let next = scene.provision().await;
    assert_eq!(next.outcome.report().changed(), 1);
    assert_eq!(scene.password_reads(), 1, "the first run's password is lost");
    assert_eq!(scene.password(), scene.in_authentik());
}

#[tokio::test]
async fn a_file_that_cannot_be_written_is_an_error_and_no_reason_to_read_the_password() {
    let scene = scene(Release::V2026_5);
    scene.provision().await;
    let client = &scene.running.client;
    // No such folder; a folder in its place; and one that bash cannot read.
    let nowhere = scene.path.join("setup.env");
    let folder = scene.path.with_extension("folder");
    fs::create_dir(&folder).unwrap();
    let broken = scene.path.with_extension("broken");
    fs::write(&broken, "NETBIRD_DOMAIN='open\n").unwrap();
    for path in [nowhere, folder, broken] {
        scene.running.simulator.clear_requests();
        let error = client.provision(&scene.running.wanted, &path).await.unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::File | ErrorKind::InvalidOutputs),
            "{}",
            error.chain()
        );
        assert_eq!(scene.password_reads(), 0, "{}", error.chain());
    }
}

#[tokio::test]
async fn plans_that_cannot_be_applied_write_nothing() {
    let scene = scene(Release::V2026_5);
    let offline = scene.running.wanted.preview();
    let error = scene.running.client.provision_plan(offline, &scene.path, |_| ()).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidPlan);
    let stale = scene.running.client.plan(&scene.running.wanted).await.unwrap();
    let stale = authentik_netbird_core::Plan::from_json(&stale.to_json()).unwrap();
    scene.running.simulator.edit(|state| {
        state.brands[0].flow_device_code = Some("theirs".to_owned());
    });
    let error = scene.running.client.provision_plan(stale, &scene.path, |_| ()).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::StalePlan);
    assert!(!scene.path.exists());
}
