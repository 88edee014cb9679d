//! Checking a token, as go-oidc does it for Dex.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde_json::Value;

fn part(token: &str, at: usize) -> Option<Value> {
    let part = URL_SAFE_NO_PAD.decode(token.split('.').nth(at)?).ok()?;
    serde_json::from_slice(&part).ok()
}

/// The claims of a token whose signature is right. An error is what Dex logs.
pub(crate) fn verify(token: &str, algorithms: &[String], keys: &Value) -> Result<Value, String> {
    if token.split('.').count() != 3 {
        let text = "go-jose/go-jose: compact JWS format must have three parts";
        return Err(format!("oidc: malformed jwt: {text}"));
    }
    let header = part(token, 0).ok_or("oidc: malformed jwt")?;
    let algorithm = header["alg"].as_str().unwrap_or_default();
    if !algorithms.iter().any(|known| known == algorithm) {
        let text = format!("unexpected signature algorithm {algorithm:?}; expected {algorithms:?}");
        return Err(format!("oidc: malformed jwt: go-jose/go-jose: {text}"));
    }
    let keys = keys["keys"].as_array().into_iter().flatten();
    let mut keys = keys.filter(|key| header["kid"].is_null() || key["kid"] == header["kid"]);
    let is_valid = keys.any(|key| is_signed(token, algorithm, key).is_some());
    if !is_valid {
        return Err("failed to verify signature: failed to verify id token signature".to_owned());
    }
    part(token, 1).ok_or_else(|| "oidc: failed to unmarshal claims".to_owned())
}

fn is_signed(token: &str, algorithm: &str, key: &Value) -> Option<()> {
    let (message, signature) = token.rsplit_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let component = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str()?).ok();
    match algorithm {
        "RS256" => {
            let public = RsaPublicKeyComponents { n: component("n")?, e: component("e")? };
            public.verify(&RSA_PKCS1_2048_8192_SHA256, message.as_bytes(), &signature).ok()
        }
        "ES256" => {
            let point = [&[4], component("x")?.as_slice(), component("y")?.as_slice()].concat();
            let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
            public.verify(message.as_bytes(), &signature).ok()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Algorithm;
    use super::*;

    fn check(algorithm: &Algorithm, keys: &Value) -> Result<Value, String> {
        let token = algorithm.sign(None, &json!({ "sub": "5" }));
        verify(&token, &["RS256".to_owned(), "ES256".to_owned()], keys)
    }

    #[test]
    fn a_token_can_be_checked_with_the_key_set() {
        for algorithm in [Algorithm::Rsa, Algorithm::Ec] {
            let keys = json!({ "keys": [algorithm.public_key()] });
            assert_eq!(check(&algorithm, &keys).unwrap()["sub"], "5");
        }
    }

    #[test]
    fn what_is_wrong_is_said_as_dex_logs_it() {
        let secret = check(&Algorithm::Secret("s".to_owned()), &json!({})).unwrap_err();
        assert!(secret.ends_with(r#"algorithm "HS256"; expected ["RS256", "ES256"]"#), "{secret}");
        let other = json!({ "keys": [Algorithm::Ec.public_key()] });
        assert!(check(&Algorithm::Rsa, &other).unwrap_err().contains("signature"));
        assert!(verify("a.b.c.d.e", &[], &json!({})).unwrap_err().ends_with("three parts"));
    }
}
