//! Collects answers and reports all missing permissions at once.

use crate::error::{Error, Result};

/// What a wave of reads met.
#[derive(Default)]
pub(super) struct Answers {
    denied: Vec<Error>,
    failed: Option<Error>,
}

impl Answers {
    /// The answer; `None` with the failure noted.
    pub(super) fn take<T>(&mut self, answer: Result<T>) -> Option<T> {
        match answer {
            Ok(answer) => return Some(answer),
            Err(error) if error.is_permission_denied() => self.denied.push(error),
            Err(error) => {
                self.failed.get_or_insert(error);
            }
        }
        None
    }

    /// The first failure; all permissions at once where several are missing.
    pub(super) fn finish(mut self) -> Result<()> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        // What needs no permission is refused to a wrong token alone.
        let wrong_token = self.denied.iter().any(|error| needed(error).is_empty());
        let mut permissions: Vec<String> = Vec::new();
        for permission in self.denied.iter().flat_map(needed) {
            if !permissions.iter().any(|one| one == permission) {
                permissions.push(permission.clone());
            }
        }
        if permissions.len() > 1 && !wrong_token {
            return Err(Error::MissingPermissions { permissions });
        }
        if self.denied.is_empty() { Ok(()) } else { Err(self.denied.swap_remove(0)) }
    }
}

/// The permissions that a request which was refused needs.
fn needed(error: &Error) -> &[String] {
    match error {
        Error::Api(error) => &error.permissions,
        _ => &[],
    }
}
