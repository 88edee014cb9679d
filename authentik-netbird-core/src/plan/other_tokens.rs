//! The service account's other tokens, when its app password is replaced.

use super::change::FieldChange;
use super::planner::{About, Planner};
use super::warning::Warning;
use crate::authentik::{Token, User};
use crate::ids::OperationId;
use crate::integration::GuideStep;
use crate::resource::Object;

/// How the names of all operations here begin.
pub(super) const PREFIX: &str = "other-token-";

/// Plans that the account's other tokens go, where that is asked for; otherwise names them: anyone who knows
/// one can use the account as before.
pub(super) fn plan(
    planner: &mut Planner<'_>,
    user: &User,
    kept: Option<&Token>,
    after: &[OperationId],
) {
    let snapshot = planner.snapshot;
    let is_kept = |token: &Token| kept.is_some_and(|kept| kept.identifier == token.identifier);
    let is_other = |token: &&Token| token.user == Some(user.pk) && !is_kept(token);
    let mut others: Vec<&Token> = snapshot.tokens.iter().filter(is_other).collect();
    others.sort_by_key(|token| &token.identifier);
    others.dedup_by_key(|token| &token.identifier);
    let account = planner.desired.service_account.as_ref();
    if !account.is_some_and(|account| account.revoke_other_tokens) {
        let is_valid = |token: &&&Token| {
            token.expiry().zip(snapshot.taken_at).is_none_or(|(expires, now)| expires > now)
        };
        let names: Vec<&str> =
            others.iter().filter(is_valid).map(|token| token.identifier.as_str()).collect();
        if !names.is_empty() {
            planner.warnings.push(Warning::other_tokens(&user.username, &names.join("\", \"")));
        }
        return;
    }
    for (index, token) in others.into_iter().enumerate() {
        let resource = Token::API.resource(token.identifier.as_str());
        let id = format!("{PREFIX}{}", index + 1);
        let about = About::new(id, resource, GuideStep::ServiceAccount);
        let changes = vec![FieldChange::removed("user", &user.username)];
        let write = Token::API.delete(&token.identifier);
        planner.operation(about, "as asked", after.to_vec(), changes, Some(write));
    }
}
