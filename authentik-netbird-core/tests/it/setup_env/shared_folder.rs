//! A folder in which others can put links and files, to get the password or to have another file
//! overwritten. Files of another user can be made by root alone: otherwise these tests do nothing.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, lchown, symlink};
use std::path::{Path, PathBuf};

use authentik_netbird_core::ErrorKind;
use authentik_netbird_core::outputs::FileChangeKind::{Changed, Created, Unchanged};
use tempfile::TempDir;

use super::{CANARY, env};

const SOMEBODY: u32 = 65_534;

/// A folder with this mode and owner; `None` for a user who cannot give files away.
fn folder(mode: u32, owner: u32) -> Option<TempDir> {
    let folder = tempfile::tempdir().unwrap();
    chown(folder.path(), Some(owner), None).ok()?;
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).unwrap();
    Some(folder)
}

fn file(path: PathBuf, owner: u32) -> PathBuf {
    fs::write(&path, "OTHER=1\n").unwrap();
    chown(&path, Some(owner), None).unwrap();
    path
}

fn link(path: PathBuf, target: &Path, owner: u32) -> PathBuf {
    symlink(target, &path).unwrap();
    lchown(&path, Some(owner), None).unwrap();
    path
}

#[track_caller]
fn refused(path: &Path, why: &str) {
    for written in [env().write(path), env().write_compose_env(path), env().write_json(path)] {
        let error = written.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::File);
        assert!(error.chain().contains(why), "{}", error.chain());
    }
}

#[test]
fn a_file_of_somebody_else_does_not_get_the_password() {
    for mode in [0o777, 0o1777, 0o757] {
        let Some(folder) = folder(mode, 0) else { return };
        let theirs = file(folder.path().join("setup.env"), SOMEBODY);
        refused(&theirs, "a file of another user (uid 65534)");
        assert_eq!(fs::read_to_string(&theirs).unwrap(), "OTHER=1\n");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        fs::remove_file(&theirs).unwrap();
        assert_eq!(env().write(&theirs).unwrap().kind, Created);
        fs::write(&theirs, "OTHER=1\n").unwrap();
        assert_eq!(env().write(&theirs).unwrap().kind, Changed, "ours");
    }
}

#[test]
fn a_link_of_somebody_else_is_not_followed() {
    for mode in [0o755, 0o777, 0o1777] {
        let Some(folder) = folder(mode, 0) else { return };
        let elsewhere = tempfile::tempdir().unwrap();
        let ours = file(elsewhere.path().join("profile"), 0);
        fs::set_permissions(&ours, fs::Permissions::from_mode(0o644)).unwrap();
        let path = link(folder.path().join("setup.env"), &ours, SOMEBODY);
        refused(&path, "a symbolic link of another user (uid 65534)");
        let missing = link(folder.path().join("a"), &elsewhere.path().join("new"), SOMEBODY);
        refused(&missing, "a symbolic link of another user");
        // A link of ours that leads to one of theirs.
        refused(&link(elsewhere.path().join("ours"), &path, 0), "a symbolic link of another user");
        let after = fs::metadata(&ours).unwrap();
        assert_eq!((after.mode() & 0o777, after.len()), (0o644, 8));
        assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 2);
    }
    // Where everyone can rename, a link of ours may be in a place that we did not choose.
    let Some(folder) = folder(0o777, 0) else { return };
    let path = link(folder.path().join("setup.env"), &folder.path().join("real"), 0);
    refused(&path, "everyone can write to");
}

#[test]
fn root_still_writes_into_the_folder_of_a_user() {
    let Some(folder) = folder(0o755, SOMEBODY) else { return };
    let path = file(folder.path().join("setup.env"), SOMEBODY);
    assert_eq!(env().write(&path).unwrap().kind, Changed);
    let after = fs::metadata(&path).unwrap();
    assert_eq!((after.uid(), after.mode() & 0o777), (SOMEBODY, 0o600));
    assert!(fs::read_to_string(&path).unwrap().contains(CANARY));
    let path = link(folder.path().join("link"), &path, SOMEBODY);
    assert_eq!(env().write(&path).unwrap().kind, Unchanged);
}
