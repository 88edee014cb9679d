//! Which certificate-key pair signs tokens, where the one in use will not do.

use super::desired::SELF_SIGNED;
use super::planner::{Found, Planner};
use crate::authentik::{CertificateId, CertificateKeyPair};
use crate::ids::Reference;
use crate::requirements::signing_key::{is_expired, why_not};
use crate::resource::Object;

/// The signing key that was asked for, else the best one; `None` with the blocker recorded.
pub(super) fn choose(planner: &mut Planner<'_>) -> Option<Reference<CertificateId>> {
    let chosen = match planner.desired.provider.signing_key.as_deref() {
        Some(name) => named(planner, name)?,
        None => any(planner)?,
    };
    Some(planner.reference(&chosen.pk, &chosen.name))
}

fn named<'s>(planner: &mut Planner<'s>, name: &str) -> Option<&'s CertificateKeyPair> {
    let resource = CertificateKeyPair::API.resource(name);
    let hint = "Set `signing_key` to another one, or leave it out to use any RSA key.";
    match planner.find::<CertificateKeyPair>(name) {
        Found::None => {
            planner.missing(resource, "no certificate of this name has a private key", hint);
            None
        }
        Found::Many => None,
        Found::One(pair) => match why_not(pair) {
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

/// authentik's own one first, then by name; those whose certificates have expired last.
fn any<'s>(planner: &mut Planner<'s>) -> Option<&'s CertificateKeyPair> {
    let snapshot = planner.snapshot;
    let suitable = snapshot.certificates.iter().filter(|pair| why_not(pair).is_none());
    let best = suitable.min_by_key(|pair| {
        (is_expired(pair, snapshot), pair.name != SELF_SIGNED, &pair.name, &pair.pk)
    });
    if best.is_none() {
        let others: Vec<String> = snapshot
            .certificates
            .iter()
            .filter_map(|pair| Some(format!("\"{}\" {}", pair.name, why_not(pair)?)))
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
