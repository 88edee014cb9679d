//! Writing a file that holds a secret: the only code of [`outputs`](super) that touches a disk.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use zeroize::Zeroizing;

use super::change::FileChangeKind;
use crate::error::{Error, Result};
use crate::issue::Issue;
use crate::secret::Secret;

/// Far more than any `setup.env`, far less than what a path to something else might give.
const MAX_SIZE: u64 = 4 << 20;

/// How many links may follow one another, as on Linux.
const MAX_LINKS: u32 = 40;

/// Replaces a file by what `new` makes of its text; an absent one has the text `""`.
pub(super) fn write(
    path: &Path,
    new: impl FnOnce(&str) -> Result<Secret>,
) -> Result<FileChangeKind> {
    let read = |source| Error::File { action: "read", path: path.to_owned(), source };
    let write = |source| Error::File { action: "write", path: path.to_owned(), source };
    let target = behind_links(path).map_err(read)?;
    let Some(old) = read_text(&target).map_err(read)? else {
        let text = new("")?;
        replace(&target, text.expose(), None).map_err(write)?;
        return Ok(FileChangeKind::Created);
    };
    let old_text = std::str::from_utf8(&old.bytes).map_err(|error| {
        Error::invalid_outputs(vec![Issue::new(
            path.display().to_string(),
            format!("is not valid UTF-8, at byte {}", error.valid_up_to()),
            "Check that it is the right file, or save it as UTF-8.",
        )])
    })?;
    let text = new(old_text)?;
    if text.expose() == old_text {
        return if narrow(&target, &old.metadata).map_err(write)? {
            Ok(FileChangeKind::Changed)
        } else {
            Ok(FileChangeKind::Unchanged)
        };
    }
    if old.metadata.permissions().readonly() {
        let source = io::Error::new(io::ErrorKind::PermissionDenied, "it is write-protected");
        return Err(write(source));
    }
    replace(&target, text.expose(), Some(&old.metadata)).map_err(write)?;
    Ok(FileChangeKind::Changed)
}

struct Old {
    bytes: Zeroizing<Vec<u8>>,
    metadata: fs::Metadata,
}

/// What a file holds; `None` when there is none.
fn read_text(target: &Path) -> io::Result<Option<Old>> {
    // Asked before it is opened: opening a pipe would wait for its other end.
    let metadata = match fs::metadata(target) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if metadata.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory"));
    }
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
    }
    if metadata.len() > MAX_SIZE {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is larger than 4 MiB"));
    }
    // Room for all of it at once: a vector that grows leaves copies behind.
    let capacity = usize::try_from(metadata.len()).unwrap_or_default() + 64;
    let mut bytes = Zeroizing::new(Vec::with_capacity(capacity));
    File::open(target)?.take(MAX_SIZE).read_to_end(&mut bytes)?;
    Ok(Some(Old { bytes, metadata }))
}

/// The path behind symbolic links, the last of which may lead to nothing yet.
fn behind_links(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..MAX_LINKS {
        match fs::symlink_metadata(&target) {
            Ok(metadata) if metadata.is_symlink() => {
                let link = fs::read_link(&target)?;
                target = folder(&target).join(link);
            }
            _ => return Ok(target),
        }
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "too many symbolic links"))
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes beside the target, then renames: there is no moment at which half a file is there.
fn replace(target: &Path, text: &str, old: Option<&fs::Metadata>) -> io::Result<()> {
    let (temporary, mut file) = create_beside(target)?;
    let result = file
        .write_all(text.as_bytes())
        .and_then(|()| keep_owner(&file, old))
        .and_then(|()| file.sync_all())
        .and_then(|()| {
            drop(file);
            fs::rename(&temporary, target)
        });
    if result.is_err() {
        // The failure that matters is the one above.
        let _ = fs::remove_file(&temporary);
        return result;
    }
    // Makes the rename outlast a power cut. Not every file system can; the file is there anyway.
    #[cfg(unix)]
    let _ = File::open(folder(target)).and_then(|folder| folder.sync_all());
    Ok(())
}

fn create_beside(target: &Path) -> io::Result<(PathBuf, File)> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = target
        .file_name()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"))?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let mut temporary = std::ffi::OsString::from(".");
        temporary.push(name);
        temporary.push(format!(".{}-{number}.tmp", std::process::id()));
        let temporary = folder(target).join(temporary);
        match options.open(&temporary) {
            // Left behind by a process of that number which was killed.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < 1_000_000 => {}
            Err(error) => return Err(error),
            Ok(file) => return Ok((temporary, file)),
        }
    }
}

/// Gives the new file the old one's owner and group, so that root does not take it away from them.
#[cfg(unix)]
fn keep_owner(file: &File, old: Option<&fs::Metadata>) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let Some(old) = old else { return Ok(()) };
    let new = file.metadata()?;
    if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
        // Only root may; for others the file becomes theirs, as with any editor.
        let _ = std::os::unix::fs::fchown(file, Some(old.uid()), Some(old.gid()));
    }
    Ok(())
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: Option<&fs::Metadata>) -> io::Result<()> {
    Ok(())
}

/// Takes the rights of others than the owner away; returns whether there were any.
#[cfg(unix)]
fn narrow(target: &Path, metadata: &fs::Metadata) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    let mode = metadata.permissions().mode();
    let owners = mode & 0o600;
    if mode & 0o777 == owners {
        return Ok(false);
    }
    fs::set_permissions(target, fs::Permissions::from_mode(owners))?;
    Ok(true)
}

#[cfg(not(unix))]
fn narrow(_: &Path, _: &fs::Metadata) -> io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rename_that_fails_leaves_no_temporary_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("setup.env");
        let error = write(&path, |_| {
            // Someone else was faster, so that the file can't be put there.
            fs::create_dir(&path).unwrap();
            Ok(Secret::from("A=1"))
        });
        assert!(matches!(error, Err(Error::File { action: "write", .. })), "{error:?}");
        let names: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().path()).collect();
        assert_eq!(names, [path]);
    }
}
