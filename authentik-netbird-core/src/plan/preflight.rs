//! The check of the token's permissions, before anything is written.

use super::operation::Operation;
use super::warning::Warning;
use crate::authentik::{CallerRights, Snapshot};
use crate::resource::{SecretField, Write};

/// Permissions that these operations need and that the token's user is missing, each once, in their
/// order; with those for the reads that they depend on. Where its permissions could not be read, a warning names all that are needed.
pub(super) fn missing_permissions(
    snapshot: &Snapshot,
    operations: &[Operation],
    reads: impl Iterator<Item = String>,
    warnings: &mut Vec<Warning>,
) -> Vec<String> {
    let Some(caller) = &snapshot.caller else { return Vec::new() };
    let mut needed: Vec<String> = reads.collect();
    for permission in operations.iter().filter_map(|one| one.write.as_ref()).flat_map(permissions) {
        if !needed.contains(&permission) {
            needed.push(permission);
        }
    }
    match snapshot.caller_rights() {
        CallerRights::All => Vec::new(),
        CallerRights::These(has) => needed.into_iter().filter(|one| !has.contains(one)).collect(),
        CallerRights::Global(has) => {
            needed.retain(|one| !has.contains(one));
            let (missing, unknown): (Vec<_>, Vec<_>) =
                needed.into_iter().partition(|one| is_of_no_object(one));
            if !unknown.is_empty() {
                warnings.push(Warning::rights_unknown(&caller.username, &unknown.join(", ")));
            }
            missing
        }
        CallerRights::Unknown if needed.is_empty() => Vec::new(),
        CallerRights::Unknown => {
            warnings.push(Warning::rights_unknown(&caller.username, &needed.join(", ")));
            Vec::new()
        }
    }
}

/// Whether nobody can have it on a single object: there is none before it is created.
fn is_of_no_object(permission: &str) -> bool {
    let codename = permission.split_once('.').map_or(permission, |(_, codename)| codename);
    codename.starts_with("add_") && codename != "add_user_to_group"
}

fn permissions(write: &Write) -> Vec<String> {
    let mut permissions = write.permissions();
    // An app password's value is read from where authentik keeps it.
    if write.action.secret == SecretField::Read {
        permissions.push(format!("{}.view_token_key", write.api.app));
    }
    permissions
}
