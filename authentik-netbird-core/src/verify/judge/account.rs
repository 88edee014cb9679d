//! The service account: its name, its app password, and whether the application lets it in.

use std::collections::BTreeSet;
use std::time::SystemTime;

use super::{Case, Finding, Found, fail, needs_administrator, not_used, pass, skip, warn};
use crate::authentik::GroupId;
use crate::authentik::{Group, User};
use crate::authentik::{PolicyBinding, Token, TokenIntent};
use crate::plan::EXPIRY_WARNING;
use crate::verify::CheckName;
use crate::verify::administration::LookUp;

pub(super) const NO_ACCOUNT: &str = "NetBird reads no users from authentik (NETBIRD_MGMT_IDP=none)";
const SERVER_KNOWS: &str = "authentik accepts it at the token endpoint";

/// What an administrator's token shows of the account.
fn look_up<'a>(case: &Case<'a>) -> LookUp<'a, User> {
    let username = case.settings.account.as_ref().map(|account| &account.username);
    match case.answers.administration.as_ref().zip(username) {
        Some((administration, username)) => administration.account(username),
        None => LookUp::Unread,
    }
}

/// The account's tokens, and when they were read.
pub(super) fn tokens<'a>(case: &Case<'a>) -> Option<(Vec<&'a Token>, SystemTime)> {
    let administration = case.answers.administration.as_ref()?;
    Some((administration.tokens(look_up(case).found()?.pk)?, administration.at))
}

pub(super) fn service_account(case: &Case<'_>) -> Finding {
    let Some(settings) = &case.settings.account else { return not_used(NO_ACCOUNT) };
    let username = &settings.username;
    match look_up(case) {
        LookUp::Unread if case.has_token() => pass(SERVER_KNOWS),
        LookUp::Unread => needs_administrator(),
        LookUp::Found(account) if account.is_active => {
            pass(format!("the account \"{username}\" is there, by that very name"))
        }
        LookUp::Found(_) => fail(
            format!("the account \"{username}\" is deactivated"),
            "activate it in authentik under Directory > Users, or apply a plan",
        ),
        LookUp::Missing => missing(case, username),
    }
}

fn missing(case: &Case<'_>, username: &str) -> Finding {
    let administration = case.answers.administration.as_ref();
    match administration.and_then(|seen| seen.differently_written(username)) {
        Some(other) => {
            let other = case.shown(&other.username);
            fail(
                format!(
                    "there is no account \"{username}\" but \"{other}\": case matters in user names"
                ),
                format!("set NETBIRD_IDP_MGMT_EXTRA_USERNAME to '{other}'"),
            )
        }
        None => fail(
            format!("there is no account \"{username}\""),
            "apply a plan, or correct NETBIRD_IDP_MGMT_EXTRA_USERNAME",
        ),
    }
}

pub(super) fn app_password(case: &Case<'_>, found: &Found) -> Finding {
    if case.settings.account.is_none() {
        return not_used(NO_ACCOUNT);
    }
    if let Some(finding) = found.waits_for(&[CheckName::ServiceAccount]) {
        return finding;
    }
    let Some((tokens, now)) = tokens(case) else {
        return if case.has_token() { pass(SERVER_KNOWS) } else { needs_administrator() };
    };
    let remedy = "apply a plan, which makes a new app password, and write setup.env again";
    let best = tokens.iter().filter(|token| token.is_usable(Some(now))).max_by_key(|token| {
        // One without an end outlives all others.
        (!token.expiring, token.expiry())
    });
    if let Some(token) = best {
        let identifier = case.shown(token.identifier.as_str());
        let soon = token.expiry().filter(|expires| *expires <= now + EXPIRY_WARNING);
        return match (soon, &token.expires) {
            (Some(_), Some(expires)) => warn(
                format!(
                    "the app password \"{identifier}\" expires on {}, and every login fails from \
                     then on",
                    case.shown(expires)
                ),
                "give the account an app password that does not expire, and write setup.env again",
            ),
            _ => pass(format!("the account has the app password \"{identifier}\"")),
        };
    }
    let mut app_passwords = tokens.iter().filter(|token| {
        token.intent.as_ref().is_some_and(|kind| *kind == TokenIntent::AppPassword)
    });
    if let Some(token) = app_passwords.next() {
        return fail(
            format!(
                "the app password \"{}\" expired on {}",
                case.shown(token.identifier.as_str()),
                case.shown(token.expires.as_deref().unwrap_or("an unknown day"))
            ),
            remedy,
        );
    }
    let others: Vec<String> = tokens
        .iter()
        .map(|token| format!("\"{}\"", case.shown(token.identifier.as_str())))
        .collect();
    if others.is_empty() {
        return fail(
            "the account has no app password (before 2026.5 authentik deletes an expired one as soon \
             as it is used)",
            remedy,
        );
    }
    fail(
        format!(
            "the account has no app password, only tokens for other uses ({})",
            others.join(", ")
        ),
        remedy,
    )
}

pub(super) fn application_access(case: &Case<'_>, found: &Found) -> Finding {
    let Some(settings) = &case.settings.account else { return not_used(NO_ACCOUNT) };
    if case.has_token() {
        return pass("the application lets the account in");
    }
    if let Some(finding) = found.waits_for(&[CheckName::ServiceAccount]) {
        return finding;
    }
    let (Some(administration), LookUp::Found(account)) =
        (&case.answers.administration, look_up(case))
    else {
        return needs_administrator();
    };
    let Some(Ok(bindings)) = &administration.bindings else {
        return found
            .waits_for(&[CheckName::Discovery, CheckName::Administration])
            .unwrap_or_else(needs_administrator);
    };
    let application = administration.application.as_ref().ok().and_then(Option::as_ref);
    let Some(application) = application else { return needs_administrator() };
    let bindings: Vec<&PolicyBinding> = bindings
        .iter()
        .filter(|binding| binding.enabled && binding.target == application.pk)
        .collect();
    let no_groups = Vec::new();
    let groups = match &administration.groups {
        Some(Ok(groups)) => groups,
        _ => &no_groups,
    };
    let access = access(
        &bindings,
        application.policy_engine_mode.as_deref() == Some("all"),
        account,
        groups,
    );
    let (username, slug) = (&settings.username, case.settings.application_slug());
    match access {
        Access::LetIn => pass("the application's bindings let the account in"),
        Access::KeptOut => fail(
            format!(
                "the application \"{slug}\" is bound to groups or users, and the account \
                 \"{username}\" is none of them"
            ),
            format!(
                "bind the account to the application \"{slug}\" (Policy / Group / User Bindings), or \
                 put it into one of the bound groups"
            ),
        ),
        Access::Unknown => skip(
            format!(
                "the application \"{slug}\" is bound to policies, whose answer can't be told here"
            ),
            "let authentik's policies pass the account, or bind it to the application",
        ),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    LetIn,
    KeptOut,
    /// It hangs on a policy.
    Unknown,
}

/// What an application's enabled bindings say about an account.
fn access(bindings: &[&PolicyBinding], all: bool, account: &User, groups: &[Group]) -> Access {
    if bindings.is_empty() {
        return Access::LetIn;
    }
    let is_in = with_ancestors(&account.groups, groups);
    let one = |binding: &&PolicyBinding| {
        let passes = if let Some(group) = &binding.group {
            is_in.contains(group)
        } else if let Some(user) = binding.user {
            user == account.pk
        } else {
            return Access::Unknown;
        };
        if passes == binding.negate { Access::KeptOut } else { Access::LetIn }
    };
    let verdicts: Vec<Access> = bindings.iter().map(one).collect();
    // With `all` one that keeps out decides, otherwise one that lets in.
    let (decides, otherwise) =
        if all { (Access::KeptOut, Access::LetIn) } else { (Access::LetIn, Access::KeptOut) };
    if verdicts.contains(&decides) {
        decides
    } else if verdicts.contains(&Access::Unknown) {
        Access::Unknown
    } else {
        otherwise
    }
}

/// These groups, and all that they are in.
fn with_ancestors<'a>(direct: &'a [GroupId], groups: &'a [Group]) -> BTreeSet<&'a GroupId> {
    let mut found = BTreeSet::new();
    let mut next: Vec<&GroupId> = direct.iter().collect();
    while let Some(pk) = next.pop() {
        if !found.insert(pk) {
            continue;
        }
        if let Some(group) = groups.iter().find(|group| group.pk == *pk) {
            next.extend(group.parent.iter().chain(&group.parents));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn binding(group: Option<u8>, user: Option<i64>, negate: bool) -> PolicyBinding {
        let group = group.map(|number| number.to_string());
        serde_json::from_value(json!({
            "pk": "b", "target": "app", "group": group, "user": user, "negate": negate
        }))
        .unwrap()
    }

    fn account(groups: &[u8]) -> User {
        let groups: Vec<String> = groups.iter().map(u8::to_string).collect();
        serde_json::from_value(json!({"pk": 5, "username": "NetBird", "groups": groups})).unwrap()
    }

    fn group(pk: u8, parents: &[u8]) -> Group {
        let parents: Vec<String> = parents.iter().map(u8::to_string).collect();
        serde_json::from_value(json!({"pk": pk.to_string(), "name": "g", "parents": parents}))
            .unwrap()
    }

    #[test]
    fn bindings_are_read_as_authentik_reads_them() {
        let groups = [group(1, &[2]), group(2, &[3]), group(3, &[1])];
        let verdict = |bindings: &[PolicyBinding], all| {
            let bindings: Vec<&PolicyBinding> = bindings.iter().collect();
            access(&bindings, all, &account(&[1]), &groups)
        };
        let (own, other) = (binding(Some(3), None, false), binding(Some(4), None, false));
        let (user, policy) = (binding(None, Some(5), false), binding(None, None, false));
        for (bindings, any, all) in [
            (vec![], Access::LetIn, Access::LetIn),
            (vec![own.clone()], Access::LetIn, Access::LetIn),
            (vec![other.clone()], Access::KeptOut, Access::KeptOut),
            (vec![own.clone(), other.clone()], Access::LetIn, Access::KeptOut),
            (vec![user.clone(), own.clone()], Access::LetIn, Access::LetIn),
            (vec![binding(Some(3), None, true)], Access::KeptOut, Access::KeptOut),
            (vec![binding(Some(4), None, true)], Access::LetIn, Access::LetIn),
            (vec![policy.clone()], Access::Unknown, Access::Unknown),
            (vec![policy.clone(), user], Access::LetIn, Access::Unknown),
            (vec![policy, other], Access::Unknown, Access::KeptOut),
        ] {
            assert_eq!(verdict(&bindings, false), any, "{bindings:?}");
            assert_eq!(verdict(&bindings, true), all, "{bindings:?}");
        }
    }

    proptest! {
        #[test]
        fn groups_inside_of_one_another_come_to_an_end(
            parents in prop::collection::vec(prop::collection::vec(0_u8..8, 0..4), 8),
            start in 0_u8..8,
        ) {
            let groups: Vec<Group> =
                (0_u8..).zip(&parents).map(|(pk, parents)| group(pk, parents)).collect();
            let direct = [start.to_string().into()];
            let found = with_ancestors(&direct, &groups);
            prop_assert!(found.contains(&direct[0]));
            for pk in &found {
                let at: usize = pk.as_str().parse().unwrap();
                for parent in &parents[at] {
                    prop_assert!(found.contains(&GroupId::from(parent.to_string())));
                }
            }
        }
    }
}
