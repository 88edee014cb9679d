//! Writing: 0600, in one step, and not at all when nothing differs.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use authentik_netbird_core::ErrorKind;
use authentik_netbird_core::outputs::FileChangeKind::{Changed, Created, Unchanged};

use super::{CANARY, assert_sourced, env, env_without_password};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Names in a folder: no temporary file may stay behind.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_new_file_is_its_owners_only_and_complete() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("setup.env");
    assert_eq!(env().write(&path).unwrap().kind, Created);
    assert_eq!(mode(&path), 0o600);
    assert_sourced(&fs::read_to_string(&path).unwrap(), &env());
    assert_eq!(names(folder.path()), ["setup.env"]);
}

#[test]
fn nothing_is_written_when_nothing_differs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("setup.env");
    env().write(&path).unwrap();
    let before = fs::metadata(&path).unwrap();
    for env in [env(), env_without_password()] {
        let written = env.write(&path).unwrap();
        assert_eq!((written.kind, written.is_change()), (Unchanged, false));
        assert_eq!(written.variables, []);
        let after = fs::metadata(&path).unwrap();
        assert_eq!((before.ino(), before.mtime_nsec()), (after.ino(), after.mtime_nsec()));
    }
}

#[test]
fn a_wider_mode_is_narrowed_with_and_without_a_change_of_text() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("setup.env");
    fs::write(&path, "OTHER=1\n").unwrap();
    set_mode(&path, 0o644);
    assert_eq!(env().write(&path).unwrap().kind, Changed);
    assert_eq!(mode(&path), 0o600);
    set_mode(&path, 0o664);
    assert_eq!(env().write(&path).unwrap().kind, Changed);
    assert_eq!(mode(&path), 0o600);
    assert_eq!(env().write(&path).unwrap().kind, Unchanged);
}

#[test]
fn the_file_behind_a_link_is_replaced_and_the_link_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (real, link) = (folder.path().join("real"), folder.path().join("link"));
    fs::create_dir(&real).unwrap();
    symlink("real/setup.env", &link).unwrap();
    // First a link that leads to nothing yet, then one to a file.
    assert_eq!(env().write(&link).unwrap().kind, Created);
    fs::write(real.join("setup.env"), "OTHER=1\n").unwrap();
    assert_eq!(env().write(&link).unwrap().kind, Changed);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::read_to_string(real.join("setup.env")).unwrap().contains(CANARY));
    assert_eq!(names(&real), ["setup.env"]);
    symlink("loop", folder.path().join("loop")).unwrap();
    assert_eq!(env().write(folder.path().join("loop")).unwrap_err().kind(), ErrorKind::File);
}

#[test]
fn a_write_that_fails_leaves_the_old_file_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    // So long a name that the temporary file beside it cannot be made.
    let name = "s".repeat(255);
    let path = folder.path().join(&name);
    fs::write(&path, "OTHER=1\n").unwrap();
    let error = env().write(&path).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::File);
    assert!(error.to_string().contains("cannot write"), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "OTHER=1\n");
    assert_eq!(names(folder.path()), [name]);
}

#[test]
fn a_file_that_is_not_to_be_merged_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("setup.env");
    for (content, kind) in [
        (&b"A='never closed\n"[..], ErrorKind::InvalidOutputs),
        (b"A=\xff\n", ErrorKind::InvalidOutputs),
        (b"readonly NETBIRD_DOMAIN=x\n", ErrorKind::InvalidOutputs),
    ] {
        fs::write(&path, content).unwrap();
        assert_eq!(env().write(&path).unwrap_err().kind(), kind);
        assert_eq!(fs::read(&path).unwrap(), content);
    }
    fs::remove_file(&path).unwrap();
    assert_eq!(env_without_password().write(&path).unwrap_err().kind(), ErrorKind::InvalidOutputs);
    assert!(names(folder.path()).is_empty());
}

#[test]
fn what_is_no_file_or_write_protected_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let error = env().write(folder.path()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::File);
    assert!(error.chain().contains("directory"), "{}", error.chain());
    // A socket stands for all that is no file. Never a device: root could replace it.
    let socket = folder.path().join("socket");
    let listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let error = env().write(&socket).unwrap_err();
    assert!(error.chain().contains("not a regular file"), "{}", error.chain());
    drop(listener);
    fs::remove_file(&socket).unwrap();
    assert_eq!(env().write(folder.path().join("no/such/x")).unwrap_err().kind(), ErrorKind::File);
    let path = folder.path().join("setup.env");
    fs::write(&path, "OTHER=1\n").unwrap();
    set_mode(&path, 0o400);
    let error = env().write(&path).unwrap_err();
    assert!(error.chain().contains("write-protected"), "{}", error.chain());
    assert_eq!(fs::read_to_string(&path).unwrap(), "OTHER=1\n");
    assert_eq!(names(folder.path()), ["setup.env"]);
}

#[test]
fn a_folder_that_may_not_be_written_to_is_an_error_with_a_hint() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("setup.env");
    fs::write(&path, "OTHER=1\n").unwrap();
    set_mode(folder.path(), 0o500);
    let result = env().write(&path);
    set_mode(folder.path(), 0o700);
    // Root may write everywhere.
    if let Err(error) = result {
        assert!(error.hint().unwrap().contains("may write"), "{}", error.chain());
        assert_eq!(fs::read_to_string(&path).unwrap(), "OTHER=1\n");
    }
    assert_eq!(names(folder.path()), ["setup.env"]);
}

#[test]
fn readers_see_the_old_file_or_the_new_one_and_never_a_part() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("setup.env");
    let old = "OTHER=1\n".repeat(500);
    fs::write(&path, &old).unwrap();
    let new = env().merge_into(&old).unwrap();
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            for _ in 0..2_000 {
                let seen = fs::read_to_string(&path).unwrap();
                assert!(seen == old || seen == new.expose(), "{} bytes", seen.len());
            }
        });
        for _ in 0..50 {
            let file = tempfile::NamedTempFile::new_in(folder.path()).unwrap();
            fs::write(file.path(), &old).unwrap();
            file.persist(&path).unwrap();
            env().write(&path).unwrap();
        }
        reader.join().unwrap();
    });
}

#[test]
fn the_other_forms_are_written_in_the_same_way_as_whole_files() {
    let folder = tempfile::tempdir().unwrap();
    let (compose, json) = (folder.path().join("netbird.env"), folder.path().join("netbird.json"));
    fs::write(&compose, "OTHER=1\n").unwrap();
    assert_eq!(env().write_compose_env(&compose).unwrap().kind, Changed);
    assert_eq!(env().write_compose_env(&compose).unwrap().kind, Unchanged);
    assert_eq!(env().write_json(&json).unwrap().kind, Created);
    assert_eq!((mode(&compose), mode(&json)), (0o600, 0o600));
    assert!(!fs::read_to_string(&compose).unwrap().contains("OTHER"));
}
