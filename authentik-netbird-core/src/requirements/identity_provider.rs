//! Which of NetBird's identity providers is an integration's: one, and people log in through no other.

use crate::netbird::{IdentityProvider, NetbirdState};

/// The types that NetBird's identity providers of authentik have; a new one gets the first.
pub(crate) const KINDS: [&str; 2] = ["authentik", "oidc"];

/// What an apply creates.
pub(crate) struct Wanted<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) name: &'a str,
    /// Client id of authentik's provider, if there is one.
    pub(crate) client_id: Option<&'a str>,
}

/// Those that lead to this authentik.
pub(crate) enum Match<'s> {
    None,
    One(&'s IdentityProvider),
    /// Others of them are what an apply creates and have no users, as after two applies at the same time.
    Duplicates {
        kept: &'s IdentityProvider,
        surplus: Vec<&'s IdentityProvider>,
        /// Whether anyone logs in through the one that stays.
        is_used: bool,
    },
    /// Only a person can tell which one is to stay.
    Ambiguous {
        matches: Vec<String>,
        hint: String,
    },
}

/// Those with the issuer; where there are none, those with the client id, as after a change of authentik's address.
/// No other has that, and people's ids have the id of theirs.
pub(crate) fn find<'s>(state: &'s NetbirdState, wanted: &Wanted<'_>) -> Match<'s> {
    let all = || state.identity_providers.iter();
    let mut same: Vec<_> = all().filter(|one| one.issuer == wanted.issuer).collect();
    if same.is_empty() {
        same = all().filter(|one| Some(one.client_id.as_str()) == wanted.client_id).collect();
    }
    match same[..] {
        [] => Match::None,
        [one] => Match::One(one),
        _ => several(state, wanted, same),
    }
}

/// The one with users stays. Without users it is one that somebody changed, or else the first by its id.
fn several<'s>(
    state: &NetbirdState,
    wanted: &Wanted<'_>,
    mut same: Vec<&'s IdentityProvider>,
) -> Match<'s> {
    let users = |one: &IdentityProvider| state.users_of(&one.id);
    let is_ours = |one: &IdentityProvider| {
        one.kind == KINDS[0]
            && one.name == wanted.name
            && Some(one.client_id.as_str()) == wanted.client_id
            && one.id.is_generated()
    };
    let is_used = |one: &IdentityProvider| users(one).is_some_and(|count| count > 0);
    same.sort_by_key(|one| (!is_used(one), is_ours(one), one.id.clone()));
    let is_surplus = |one: &&IdentityProvider| is_ours(one) && users(one) == Some(0);
    if let [kept, surplus @ ..] = same.as_slice()
        && surplus.iter().all(is_surplus)
    {
        return Match::Duplicates { kept, surplus: surplus.to_vec(), is_used: is_used(kept) };
    }
    let hint = "Delete all but the one through which people log in, in NetBird under Settings > Identity Providers: \
                their user ids contain its id, so people of the others come back as new users.";
    let hint = if same.iter().any(|one| users(one).is_none()) {
        format!(
            "{hint} A plan with the token of an owner or administrator of NetBird shows which have users, and \
             removes duplicates without any."
        )
    } else {
        hint.to_owned()
    };
    let show = |one: &&IdentityProvider| {
        let users = match users(one) {
            Some(1) => ", 1 user".to_owned(),
            Some(count) => format!(", {count} users"),
            None => String::new(),
        };
        format!("\"{}\" ({}{users})", one.name, one.id)
    };
    Match::Ambiguous { matches: same.iter().map(show).collect(), hint }
}
