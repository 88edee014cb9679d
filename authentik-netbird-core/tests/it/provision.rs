//! Provisioning in one call: again and again, and the password read only where the file has none.

use std::fs;
use std::path::PathBuf;

use crate::support::running::{Running, start};
use authentik_netbird_core::outputs::FileChangeKind;
use authentik_netbird_core::{AppPasswordExpiry, Client, ErrorKind};
use authentik_simulator::{Effect, Fault, FaultAnswer, Release};

struct Scene {
    running: Running,
    path: PathBuf,
    /// Deletes the path's folder.
    _folder: tempfile::TempDir,
}

fn scene() -> Scene {
    let folder = tempfile::tempdir().unwrap();
    Scene {
        running: start(Release::V2026_5),
        path: folder.path().join("setup.env"),
        _folder: folder,
    }
}

impl Scene {
    async fn provision(&self) -> authentik_netbird_core::Result<(usize, FileChangeKind)> {
        let Running { client, wanted, .. } = &self.running;
        let provisioned = client.provision(wanted, &self.path).await?;
        Ok((provisioned.outcome.report().changed(), provisioned.file.kind))
    }

    fn client(&self) -> &Client {
        &self.running.client
    }

    fn text(&self) -> String {
        fs::read_to_string(&self.path).unwrap()
    }

    fn readings(&self) -> usize {
        self.running.count("GET", "view_key")
    }
}

#[tokio::test]
async fn it_is_safe_to_run_again() {
    let scene = scene();
    assert_eq!(scene.provision().await.unwrap(), (6, FileChangeKind::Created));
    let (text, readings) = (scene.text(), scene.readings());
    assert_eq!(scene.provision().await.unwrap(), (0, FileChangeKind::Unchanged));
    assert_eq!(scene.readings(), readings, "the file has the password");

    // Another file, and one that someone emptied: the password is read, once.
    for (index, change) in [FileChangeKind::Created, FileChangeKind::Changed].iter().enumerate() {
        if *change == FileChangeKind::Created {
            fs::remove_file(&scene.path).unwrap();
        } else {
            fs::write(&scene.path, "").unwrap();
        }
        assert_eq!(scene.provision().await.unwrap(), (0, *change));
        assert_eq!(scene.readings(), readings + index + 1);
        assert_eq!(scene.text(), text);
    }
}

#[tokio::test]
async fn a_rotation_writes_the_new_password_without_reading_it() {
    let scene = scene();
    scene.provision().await.unwrap();
    let (old, readings) = (scene.text(), scene.readings());
    let wanted = &scene.running.wanted;
    let plan = scene.client().plan_rotate(wanted, AppPasswordExpiry::Keep).await.unwrap();
    let rotated = scene.client().provision_plan(plan, &scene.path, |_| ()).await.unwrap();
    assert_eq!(rotated.file.kind, FileChangeKind::Changed);
    let outputs = rotated.outcome.outputs().unwrap();
    let password = outputs.account.as_ref().unwrap().app_password.as_ref().unwrap();
    assert!(scene.text().contains(password.expose()) && scene.text() != old);
    assert_eq!(scene.readings(), readings);
}

/// The account exists from an earlier run, and the provider comes with this one.
#[tokio::test]
async fn a_provider_of_this_run_and_a_password_of_an_earlier_one_make_one_file() {
    let scene = scene();
    let refused = Effect::Answer(FaultAnswer::empty(403));
    let fault = Fault::new(refused).on_method("POST").on_path("/providers/oauth2/");
    scene.running.simulator.add_fault(fault);
    assert_eq!(scene.provision().await.unwrap_err().kind(), ErrorKind::PartialApply);
    assert!(!scene.path.exists());
    scene.running.simulator.clear_faults();
    assert_eq!(scene.provision().await.unwrap(), (2, FileChangeKind::Created));
    assert_eq!(scene.provision().await.unwrap(), (0, FileChangeKind::Unchanged));
}

#[tokio::test]
async fn what_keeps_the_password_from_being_read_is_the_error() {
    let scene = scene();
    scene.provision().await.unwrap();
    fs::remove_file(&scene.path).unwrap();
    let denied = r#"{"detail": "You do not have permission to perform this action."}"#;
    let denied = FaultAnswer::with_body(403, "application/json", denied);
    scene.running.simulator.add_fault(Fault::new(Effect::Answer(denied)).on_path("view_key"));
    let error = scene.provision().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{}", error.chain());
}

#[tokio::test]
async fn a_file_that_cannot_be_merged_for_another_reason_reads_no_password() {
    let scene = scene();
    scene.provision().await.unwrap();
    let readings = scene.readings();
    fs::write(&scene.path, "OTHER = x\n").unwrap();
    let error = scene.provision().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidOutputs, "{}", error.chain());
    assert_eq!(scene.readings(), readings);
    assert_eq!(scene.text(), "OTHER = x\n");
}
