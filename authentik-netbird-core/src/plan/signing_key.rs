//! Which certificate-key pair signs tokens.

use super::desired::SELF_SIGNED;
use super::planner::{Found, Planner};
use crate::authentik::{CertificateId, CertificateKeyPair, KeyType, Snapshot};
use crate::ids::Reference;
use crate::resource::Object;

/// The signing key, or `None` with the blocker recorded. The one in use stays if it is suitable.
pub(super) fn choose(
    planner: &mut Planner<'_>,
    in_use: Option<&CertificateId>,
) -> Option<Reference<CertificateId>> {
    let chosen = match planner.desired.provider.signing_key.as_deref() {
        Some(name) => named(planner, name)?,
        None => any(planner, in_use)?,
    };
    Some(planner.reference(&chosen.pk, &chosen.name))
}

fn named<'s>(planner: &mut Planner<'s>, name: &str) -> Option<&'s CertificateKeyPair> {
    let snapshot = planner.snapshot;
    let resource = CertificateKeyPair::API.resource(name);
    let hint = "Set `signing_key` to another one, or leave it out to use any RSA key.";
    match planner.find::<CertificateKeyPair>(name) {
        Found::None => {
            planner.missing(resource, "no certificate of this name has a private key", hint);
            None
        }
        Found::Many => None,
        Found::One(pair) => match why_not(pair, snapshot) {
            None => Some(pair),
            Some(why) => {
                planner.missing(
                    resource,
                    &format!("it cannot sign NetBird's tokens: it {why}"),
                    hint,
                );
                None
            }
        },
    }
}

fn any<'s>(
    planner: &mut Planner<'s>,
    in_use: Option<&CertificateId>,
) -> Option<&'s CertificateKeyPair> {
    let snapshot = planner.snapshot;
    let best =
        snapshot.certificates.iter().filter(|pair| why_not(pair, snapshot).is_none()).min_by_key(
            |pair| {
                let rank = if Some(&pair.pk) == in_use {
                    0
                } else if pair.name == SELF_SIGNED {
                    1
                } else {
                    2
                };
                (rank, &pair.name, &pair.pk)
            },
        );
    if best.is_none() {
        let others: Vec<String> = snapshot
            .certificates
            .iter()
            .filter_map(|pair| Some(format!("\"{}\" {}", pair.name, why_not(pair, snapshot)?)))
            .collect();
        let why = if others.is_empty() {
            "no certificate has a private key, and NetBird needs signed tokens".to_owned()
        } else {
            format!("none of the certificates is suitable ({})", others.join("; "))
        };
        planner.missing(
            CertificateKeyPair::API.resource("signing key"),
            &why,
            "Create an RSA one in authentik under System > Certificates > Generate.",
        );
    }
    best
}

/// Why a pair cannot sign NetBird's tokens.
fn why_not(pair: &CertificateKeyPair, snapshot: &Snapshot) -> Option<&'static str> {
    if !pair.private_key_available {
        return Some("has no private key");
    }
    if pair.algorithm().is_none_or(|kind| *kind != KeyType::Rsa) {
        return Some("is not an RSA key, the only kind that NetBird reads");
    }
    let expiry = pair.cert_expiry.as_deref().and_then(|text| humantime::parse_rfc3339(text).ok());
    let expired = expiry.zip(snapshot.taken_at).is_some_and(|(expiry, now)| expiry <= now);
    expired.then_some("has expired")
}
