//! What the token may do, before anything is written.

use super::{Operation, Warning};
use crate::ids::ResourceKind;
use crate::model::CallerRights;
use crate::request;
use crate::snapshot::Snapshot;

/// Permissions that these operations need and that the token's user is missing, each once, in their
/// order. Where its rights could not be read, a warning names all that are needed.
pub(super) fn missing_permissions(
    snapshot: &Snapshot,
    operations: &[Operation],
    warnings: &mut Vec<Warning>,
) -> Vec<String> {
    let Some(caller) = &snapshot.caller else { return Vec::new() };
    let mut needed: Vec<String> = Vec::new();
    for operation in operations {
        let Some(write) = &operation.write else { continue };
        let request = request::write(write, &operation.resource);
        let mut permissions = request.permissions;
        // Its value is read from where authentik keeps it.
        if operation.resource.kind == ResourceKind::AppPassword {
            permissions.push("authentik_core.view_token_key".to_owned());
        }
        for permission in permissions {
            if !needed.contains(&permission) {
                needed.push(permission);
            }
        }
    }
    match &caller.rights {
        CallerRights::All => Vec::new(),
        CallerRights::These(has) => needed.into_iter().filter(|one| !has.contains(one)).collect(),
        CallerRights::Unknown if needed.is_empty() => Vec::new(),
        CallerRights::Unknown => {
            warnings.push(Warning::rights_unknown(&caller.username, &needed));
            Vec::new()
        }
    }
}
