//! Writing a file that holds a secret: the only code of [`outputs`](super) that touches a disk.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::change::FileChangeKind;
#[cfg(unix)]
use super::owner;
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
    let failed = |action| move |source| Error::File { action, path: path.to_owned(), source };
    let target = behind_links(path).map_err(failed("read"))?;
    let Some(Old { file, text: old, metadata }) = read(&target).map_err(failed("read"))? else {
        replace(&target, new("")?.expose(), None).map_err(failed("write"))?;
        return Ok(FileChangeKind::Created);
    };
    let old = std::str::from_utf8(&old).map_err(|error| {
        Error::invalid_outputs(vec![Issue::new(
            path.display().to_string(),
            format!("not valid UTF-8 at byte {}", error.valid_up_to()),
            "Check that it is the right file, or save it as UTF-8.",
        )])
    })?;
    let text = new(old)?;
    if text.expose() == old {
        let is_changed = narrow(&file, &metadata).map_err(failed("write"))?;
        return Ok(if is_changed { FileChangeKind::Changed } else { FileChangeKind::Unchanged });
    }
    if metadata.permissions().readonly() {
        let source = io::Error::new(ErrorKind::PermissionDenied, "it is write-protected");
        return Err(failed("write")(source));
    }
    replace(&target, text.expose(), Some(&metadata)).map_err(failed("write"))?;
    Ok(FileChangeKind::Changed)
}

/// A file that was opened, and what it holds.
struct Old {
    file: File,
    text: Zeroizing<Vec<u8>>,
    metadata: Metadata,
}

/// A file and what it holds; `None` if it does not exist.
fn read(target: &Path) -> io::Result<Option<Old>> {
    // Before it is opened, which may do something to a device.
    match fs::symlink_metadata(target) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        metadata => check_kind(&metadata?)?,
    }
    let file = open(target)?;
    // Of what was opened: the path may lead elsewhere by now.
    let metadata = file.metadata()?;
    check_kind(&metadata)?;
    #[cfg(unix)]
    owner::check_file(&metadata, folder(target))?;
    // Room for all of it at once: a vector that grows leaves copies behind.
    let capacity = usize::try_from(metadata.len()).unwrap_or_default() + 64;
    let mut text = Zeroizing::new(Vec::with_capacity(capacity));
    (&file).take(MAX_SIZE).read_to_end(&mut text)?;
    Ok(Some(Old { file, text, metadata }))
}

fn check_kind(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_dir() {
        return Err(io::Error::new(ErrorKind::IsADirectory, "it is a directory"));
    }
    if !metadata.is_file() {
        return Err(io::Error::new(ErrorKind::InvalidInput, "it is not a regular file"));
    }
    if metadata.len() > MAX_SIZE {
        return Err(io::Error::new(ErrorKind::InvalidData, "it is larger than 4 MiB"));
    }
    Ok(())
}

fn open(target: &Path) -> io::Result<File> {
    #[cfg(unix)]
    return owner::open(target);
    #[cfg(not(unix))]
    File::open(target)
}

/// The path behind symbolic links, the last of which may lead to nothing yet.
fn behind_links(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..MAX_LINKS {
        let Ok(link) = fs::read_link(&target) else { return Ok(target) };
        #[cfg(unix)]
        owner::check_link(&target, folder(&target))?;
        target = folder(&target).join(link);
    }
    Err(io::Error::new(ErrorKind::InvalidInput, "too many symbolic links"))
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes beside the target, then renames: there is no moment at which half a file exists.
fn replace(target: &Path, text: &str, old: Option<&Metadata>) -> io::Result<()> {
    let (temporary, mut file) = create_beside(target)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| {
        keep_owner(&file, old);
        file.sync_all()
    });
    drop(file);
    if let Err(error) = written.and_then(|()| fs::rename(&temporary, target)) {
        // The failure that matters is the one above.
        let _ = fs::remove_file(&temporary);
        return Err(error);
    }
    // Makes the rename outlast a power cut. Not every file system can; the file exists anyway.
    #[cfg(unix)]
    let _ = File::open(folder(target)).and_then(|folder| folder.sync_all());
    Ok(())
}

fn create_beside(target: &Path) -> io::Result<(PathBuf, File)> {
    let no_name = || io::Error::new(ErrorKind::InvalidInput, "the path has no file name");
    let name = target.file_name().ok_or_else(no_name)?.to_string_lossy();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut number = 0;
    loop {
        let temporary = format!(".{name}.{}-{number}.tmp", std::process::id());
        let temporary = folder(target).join(temporary);
        match options.open(&temporary) {
            // Another thread's, or left behind by a process of that number that was killed.
            Err(error) if error.kind() == ErrorKind::AlreadyExists && number < 10_000 => {
                number += 1;
            }
            file => return file.map(|file| (temporary, file)),
        }
    }
}

/// Gives the new file the old one's owner and group, so that root does not take it away from them.
fn keep_owner(file: &File, old: Option<&Metadata>) {
    #[cfg(unix)]
    if let Some(old) = old {
        use std::os::unix::fs::MetadataExt;
        // Only root may; for others the file becomes theirs, as with any editor.
        let _ = std::os::unix::fs::fchown(file, Some(old.uid()), Some(old.gid()));
    }
    #[cfg(not(unix))]
    let _ = (file, old);
}

/// Takes the rights of others than the owner away; returns whether there were any.
fn narrow(file: &File, metadata: &Metadata) -> io::Result<bool> {
    #[cfg(unix)]
    {
        use std::fs::Permissions;
        use std::os::unix::fs::PermissionsExt;
        let mode = metadata.permissions().mode();
        if mode & 0o177 != 0 {
            return file.set_permissions(Permissions::from_mode(mode & 0o600)).map(|()| true);
        }
    }
    let _ = (file, metadata);
    Ok(false)
}

#[cfg(test)]
mod tests;
