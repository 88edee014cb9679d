//! The forms that a secret may be said in, and a search for all of them at once.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// So many bytes of a form give it away.
const PIECE: usize = 12;

/// Plain, from its beginning, middle and end, for what was cut on either side; in JSON, in a URL, in
/// base64 wherever it begins, in hexadecimal, and as a list of bytes.
fn forms(secret: &str) -> Vec<String> {
    let bytes = secret.as_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let list = bytes.iter().map(u8::to_string).collect::<Vec<_>>();
    let json = serde_json::to_string(secret).unwrap();
    let mut forms = vec![
        secret.to_owned(),
        json[1..json.len() - 1].to_owned(),
        url::form_urlencoded::byte_serialize(bytes).collect(),
        hex.to_uppercase(),
        hex,
        list.join(", "),
        list.join(","),
    ];
    for start in 0..3 {
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let mut text = engine.encode(&bytes[start..]);
            text.truncate((bytes.len() - start) * 8 / 6);
            forms.push(text);
        }
    }
    forms
}

/// Secrets to be searched for.
pub(crate) struct Needles {
    pieces: HashMap<[u8; PIECE], String>,
    /// Whether a piece begins with these two bytes: most places of a text are passed over by it.
    begins: Vec<bool>,
}

fn beginning(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}

impl Needles {
    pub(crate) fn of(secrets: &[String]) -> Self {
        let mut needles = Self { pieces: HashMap::new(), begins: vec![false; 1 << 16] };
        for secret in secrets {
            assert!(secret.len() >= PIECE + 3, "too short to be told from other text");
            for form in forms(secret) {
                let (length, bytes) = (form.len(), form.as_bytes());
                for start in [0, (length - PIECE) / 2, length - PIECE] {
                    let piece: [u8; PIECE] = bytes[start..start + PIECE].try_into().unwrap();
                    needles.begins[beginning(&piece)] = true;
                    needles.pieces.insert(piece, form.clone());
                }
            }
        }
        needles
    }

    #[allow(dead_code, reason = "each test binary uses its part")]
    pub(crate) fn len(&self) -> usize {
        self.pieces.len()
    }

    /// What stands before and at the first of them in a text.
    pub(crate) fn found_in(&self, text: &str) -> Option<String> {
        let bytes = text.as_bytes();
        let is_it = |piece: &[u8]| self.begins[beginning(piece)] && self.pieces.contains_key(piece);
        let at = bytes.windows(PIECE).position(is_it)?;
        let around = &bytes[at.saturating_sub(200)..bytes.len().min(at + 40)];
        Some(String::from_utf8_lossy(around).into_owned())
    }
}

#[test]
fn every_form_of_a_secret_is_found() {
    let secret = "p\"äss/word-0123456789\\";
    let needles = Needles::of(&[secret.to_owned()]);
    let base64 = |text: &str| STANDARD_NO_PAD.encode(text);
    let said = [
        secret.to_owned(),
        secret[4..].to_owned(),
        secret[..14].to_owned(),
        format!("{secret:?}"),
        format!("{:?}", secret.as_bytes()),
        base64(secret),
        base64(&format!("Bearer {secret}")),
        base64(&format!("jane:{secret}\n")),
        "x=p%22%C3%A4ss%2Fword-0123456789%5C".to_owned(),
        secret.bytes().map(|byte| format!("{byte:02X}")).collect(),
    ];
    for text in said {
        assert!(needles.found_in(&format!("before {text} after")).is_some(), "{text}");
    }
    assert_eq!(needles.found_in("nothing of the sort is said here"), None);
}
