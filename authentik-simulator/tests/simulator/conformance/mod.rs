//! Replays recordings of real authentik servers against the simulator of the same release.
//!
//! Every recording is a request to a real server with its answer. The same request, with ids and
//! keys exchanged for the simulator's own, has to get the same answer: status, headers, the shape of
//! the body, and every value that is not random. What differs on purpose is in
//! [`differences::ON_PURPOSE`], and nowhere else.
//!
//! A selection of the recordings is in `fixtures/recordings` and always replayed. All of them are
//! replayed where the folder with the full set lies beside the repository.

mod compare;
mod differences;
mod identities;
mod recording;
mod replay;
mod scenes;

use std::path::{Path, PathBuf};

use authentik_simulator::Release;

pub(crate) use self::identities::Identities;
pub(crate) use self::recording::{Recording, load};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/recordings")
}

/// The full set, beside the repository.
fn shared() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/recordings")
}

/// Replays a folder's recordings; returns what differs.
fn problems(release: Release, folder: &Path) -> Vec<String> {
    let name =
        if release == Release::V2025_10 { "2025.10.4".to_owned() } else { release.to_string() };
    let recordings = load(&folder.join(format!("authentik-{name}")));
    let report = replay::all(release, &recordings);
    println!(
        "authentik {release}: {} recordings compared, {} values in them differ on purpose ({})",
        report.compared,
        report.on_purpose,
        folder.display(),
    );
    assert!(report.compared > 0, "no recordings in {}", folder.display());
    report.problems
}

#[track_caller]
fn check(releases: &[Release], folder: &Path) {
    let problems: Vec<String> =
        releases.iter().flat_map(|release| problems(*release, folder)).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn the_recordings_in_the_repository() {
    check(&Release::ALL, &fixtures());
}

#[test]
fn everything_recorded() {
    let folder = shared();
    if !folder.is_dir() {
        println!("no recordings in {}: only the fixtures were replayed", folder.display());
        return;
    }
    check(&Release::ALL, &folder);
}
