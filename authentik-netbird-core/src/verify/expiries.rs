//! When what logins depend on expires, as far as an administrator's token shows it.

use crate::authentik::{Provider, Snapshot, Token};
use crate::redact::cleaned;
use crate::report::{Expiry, ExpiryKind};
use crate::requirements::signing_key;
use crate::secret::Secret;

/// The app passwords that work (any of them may be the one that NetBird has), or else those that do not,
/// and the provider's signing key. A time that authentik does not show as one is left out.
pub(crate) fn expiries(
    snapshot: &Snapshot,
    provider: Option<&Provider>,
    username: Option<&str>,
    secrets: &[&Secret],
) -> Vec<Expiry> {
    let shown = |text: &str| cleaned(text, secrets, 200);
    let user = username.and_then(|name| snapshot.user(name)).map(|user| user.pk);
    let is_ours = |token: &&Token| token.is_app_password() && user.is_some() && token.user == user;
    let (usable, past): (Vec<_>, Vec<_>) = snapshot
        .tokens
        .iter()
        .filter(is_ours)
        .partition(|token| token.is_usable(snapshot.taken_at));
    let passwords = if usable.is_empty() { past } else { usable };
    let password = |token: &Token| {
        let expires = token.expiry();
        (expires.is_some() || !token.expiring).then(|| Expiry {
            kind: ExpiryKind::AppPassword,
            name: shown(token.identifier.as_str()),
            expires,
        })
    };
    let key = provider.and_then(|provider| provider.signing_key.as_ref());
    let pair = snapshot.certificates.iter().find(|pair| key == Some(&pair.pk));
    let certificate = pair.and_then(|pair| {
        let expires = Some(signing_key::expiry(pair)?);
        Some(Expiry { kind: ExpiryKind::SigningKey, name: shown(&pair.name), expires })
    });
    let mut passwords: Vec<Expiry> = passwords.into_iter().filter_map(password).collect();
    passwords.sort_by(|a, b| a.name.cmp(&b.name));
    passwords.into_iter().chain(certificate).collect()
}
