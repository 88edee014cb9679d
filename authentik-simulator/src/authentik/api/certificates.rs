//! `/crypto/certificatekeypairs/`. Of an upload only the heading of the key is read: a pair that is made here has
//! the embedded key of that type.

use serde_json::{Map, Value, json};

use super::{ApiRequest, Resource, is_uuid, same_uuid};
use crate::authentik::form::{Errors, Form, Rule};
use crate::authentik::listing::Listing;
use crate::authentik::objects::{Certificate, KeyType};
use crate::authentik::oidc::keys;
use crate::authentik::responses::Reply;
use crate::authentik::time;
use crate::authentik::{Release, State};

const URL: &str = "/api/v3/crypto/certificatekeypairs/";

impl Resource for Certificate {
    const NAME: &'static str = "CertificateKeyPair";
    const APP: &'static str = "authentik_crypto";
    const MODEL: &'static str = "certificatekeypair";
    const ROWS: fn(&mut State) -> &mut Vec<Self> = |state| &mut state.certificates;
    const IS: fn(&Self, &str) -> bool = |one, key| same_uuid(key, &one.pk);
    const IS_KEY: fn(&str) -> bool = is_uuid;
    const BLANK: fn(&mut State) -> Self = |state| {
        let mut pair = Certificate::new(&mut state.counters, state.now, "", KeyType::Rsa);
        pair.has_key = false;
        pair
    };

    fn read(
        state: &State,
        fields: &Map<String, Value>,
        partial: bool,
        mut pair: Self,
    ) -> Result<Self, Errors> {
        let mut form = Form::new(fields, partial);
        if let Some(name) = form.text("name", Rule::REQUIRED) {
            if state.certificates.iter().any(|other| other.name == name && other.pk != pair.pk) {
                form.error("name", "Certificate-Key Pair with this name already exists.");
            }
            pair.name = name;
        }
        form.text("certificate_data", Rule::REQUIRED);
        if let Some(key) = form.text("key_data", Rule::OPTIONAL.or_blank()) {
            pair.has_key = !key.is_empty();
            if key.contains("BEGIN EC PRIVATE KEY") {
                pair.key_type = KeyType::Ec;
            }
        }
        form.finish().map(|()| pair)
    }

    fn render(&self, state: &State) -> Value {
        json!({
            "pk": self.pk,
            "name": self.name,
            "fingerprint_sha256": keys::fingerprint_sha256(self.key_type),
            "fingerprint_sha1": keys::fingerprint_sha1(self.key_type),
            "cert_expiry": time::rfc3339(self.expiry),
            "cert_subject": format!("OU=Self-signed,O=authentik,CN={}", self.name),
            "private_key_available": self.has_key,
            type_field(state): if self.has_key || state.release() >= Release::V2025_12 {
                json!(self.key_type)
            } else {
                Value::Null
            },
            "certificate_download_url": format!("{URL}{}/view_certificate/?download", self.pk),
            "private_key_download_url": format!("{URL}{}/view_private_key/?download", self.pk),
            "managed": self.managed,
        })
    }

    /// Providers and brands that used it are left without, and nobody complains.
    fn removed(state: &mut State, gone: &Self) {
        for provider in &mut state.providers {
            provider.signing_key.take_if(|pk| *pk == gone.pk);
            provider.encryption_key.take_if(|pk| *pk == gone.pk);
        }
        for brand in &mut state.brands {
            brand.web_certificate.take_if(|pk| *pk == gone.pk);
            brand.client_certificates.retain(|pk| *pk != gone.pk);
        }
    }

    fn list(state: &State, request: &ApiRequest<'_>, mut rows: Vec<Value>) -> Reply {
        let with_key = request.http.flag("has_key");
        // Since 2026.2 the parameter is accepted, and has no effect.
        if state.release() < Release::V2026_2 && request.http.flag("include_details") == Some(false)
        {
            for row in &mut rows {
                for detail in [
                    "fingerprint_sha256",
                    "fingerprint_sha1",
                    "cert_expiry",
                    "cert_subject",
                    type_field(state),
                ] {
                    row[detail] = Value::Null;
                }
            }
        }
        let list = Listing::new(state, request.http, rows)
            .exact(&["name", "managed"])
            .only(|row| with_key.is_none_or(|wanted| row["private_key_available"] == wanted))
            .search(&["name"]);
        let list = if state.release() >= Release::V2025_12 {
            list.choice("key_type", &["dsa", "ec", "ed25519", "ed448", "rsa"])
        } else {
            list
        };
        list.page("name")
    }
}

fn type_field(state: &State) -> &'static str {
    if state.release() >= Release::V2025_12 { "key_type" } else { "private_key_type" }
}
