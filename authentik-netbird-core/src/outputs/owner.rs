//! Whose a link or a file is: what somebody else put in the place of ours must not get the password, nor
//! lead to a file that they may not change themselves.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::fs::{Mode, OFlags};
use rustix::process::geteuid;

/// Opens a file to read, but no link, and waits for nothing: a pipe would wait for its other end.
pub(super) fn open(target: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    Ok(File::from(rustix::fs::open(target, flags, Mode::empty())?))
}

/// Refuses a link that somebody else made, or that everyone could have put there.
pub(super) fn check_link(link: &Path, folder: &Path) -> io::Result<()> {
    let (link, folder) = (fs::symlink_metadata(link)?, fs::metadata(folder)?);
    if !is_trusted(link.uid(), &folder) {
        return Err(refused(&link, "symbolic link"));
    }
    if folder.mode() & 0o1002 == 0o002 {
        let message = "it is a symbolic link in a folder that everyone can write to";
        return Err(io::Error::new(ErrorKind::PermissionDenied, message));
    }
    Ok(())
}

/// Refuses a file that somebody else put into a folder.
pub(super) fn check_file(file: &Metadata, folder: &Path) -> io::Result<()> {
    if is_trusted(file.uid(), &fs::metadata(folder)?) { Ok(()) } else { Err(refused(file, "file")) }
}

/// Whether it is ours, the administrator's, or that of a folder's owner where not everyone can write.
fn is_trusted(owner: u32, folder: &Metadata) -> bool {
    let is_shared = folder.mode() & 0o002 != 0;
    [0, geteuid().as_raw()].contains(&owner) || (owner == folder.uid() && !is_shared)
}

fn refused(found: &Metadata, what: &str) -> io::Error {
    let message = format!("it is a {what} of another user (uid {})", found.uid());
    io::Error::new(ErrorKind::PermissionDenied, message)
}
