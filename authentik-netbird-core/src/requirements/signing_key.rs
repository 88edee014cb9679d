//! The key that signs tokens.

use std::time::SystemTime;

use super::{Evidence, Judgement, Requirement, fail, missing, pass, unknown_provider, warn};
use crate::authentik::{CertificateKeyPair, KeyType, Snapshot};
use crate::integration::GuideStep;
use crate::report::CheckName;

pub(super) const REQUIREMENT: Requirement = Requirement {
    check: CheckName::SigningKey,
    need: "tokens are signed with an RSA key, the only kind that NetBird reads; it ignores the dates of \
           the certificate. A connector also reads an EC key that is in use",
    guide: Some(GuideStep::Provider),
};

const HINT: &str = "Choose an RSA certificate as the provider's Signing Key, such as \"authentik \
                    Self-signed Certificate\", or apply a plan. Then restart NetBird's management.";

pub(crate) fn judge(evidence: &Evidence<'_>) -> Judgement {
    if let Some(types) = evidence.probes.key_types {
        return judge_types(types, evidence);
    }
    let Some(provider) = evidence.provider else { return unknown_provider() };
    let Some(id) = &provider.signing_key else { return judge_types(&[], evidence) };
    let Some(snapshot) = evidence.snapshot else {
        return missing("the certificates");
    };
    // Those without a private key are not in the list.
    let pair = snapshot.certificates.iter().find(|pair| pair.pk == *id);
    let Some(pair) = pair else { return judge_types(&[], evidence) };
    let name = evidence.show(&pair.name);
    match why_not(pair).filter(|_| !(evidence.needs.is_connector() && is_ec(pair))) {
        Some(why) => fail(format!("the signing key \"{name}\" {why}"), HINT),
        None if is_expired(pair, snapshot) => warn(
            format!(
                "the certificate \"{name}\" of the signing key is past its expiry date, which NetBird \
                 and authentik ignore"
            ),
            "Leave it, unless something else checks its dates.",
        ),
        None if is_ec(pair) => warn(
            format!(
                "tokens are signed with the EC key \"{name}\": NetBird's embedded identity provider reads it \
                 if it was there when the provider was first used"
            ),
            "Leave it. If logins fail with \"unexpected signature algorithm\", restart NetBird.",
        ),
        None => pass(format!("tokens are signed with the RSA key \"{name}\"")),
    }
}

/// By the types of the keys in authentik's key set.
fn judge_types(types: &[String], evidence: &Evidence<'_>) -> Judgement {
    if types.iter().any(|kind| kind == "RSA") {
        return pass("tokens are signed with an RSA key");
    }
    if evidence.needs.is_connector() && types.iter().any(|kind| kind == "EC") {
        return pass("tokens are signed with an EC key");
    }
    if !types.is_empty() {
        let types: Vec<String> = types.iter().map(|kind| evidence.show(kind)).collect();
        let message = format!(
            "tokens are signed with a key of type {}, but NetBird (as of 0.77) reads only RSA",
            types.join(", ")
        );
        return fail(message, HINT);
    }
    let has_key = evidence.provider.is_some_and(|provider| provider.signing_key.is_some());
    let message = if has_key {
        "the provider's signing key has no private key, so NetBird cannot verify tokens"
    } else {
        "the provider has no signing key, so its key set is empty and NetBird cannot verify tokens"
    };
    fail(message, HINT)
}

/// Why a pair cannot sign NetBird's tokens. Its dates do not matter.
pub(crate) fn why_not(pair: &CertificateKeyPair) -> Option<&'static str> {
    if !pair.private_key_available {
        return Some("has no private key");
    }
    let is_rsa = pair.algorithm().is_some_and(|kind| *kind == KeyType::Rsa);
    (!is_rsa).then_some("is not an RSA key, the only kind that NetBird reads")
}

/// Whether a pair has an EC key that can sign.
fn is_ec(pair: &CertificateKeyPair) -> bool {
    pair.private_key_available && pair.algorithm().is_some_and(|kind| *kind == KeyType::Ec)
}

/// Whether a pair's certificate had expired when the snapshot was taken.
pub(crate) fn is_expired(pair: &CertificateKeyPair, snapshot: &Snapshot) -> bool {
    expiry(pair).zip(snapshot.taken_at).is_some_and(|(expiry, now)| expiry <= now)
}

/// When a pair's certificate expires, if authentik reports it.
pub(crate) fn expiry(pair: &CertificateKeyPair) -> Option<SystemTime> {
    humantime::parse_rfc3339(pair.cert_expiry.as_deref()?).ok()
}
