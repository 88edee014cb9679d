//! Generating an app password.

use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::issue::Issue;
use crate::secret::Secret;

/// Letters and digits: NetBird's files hold them without quoting.
const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/// Each character is worth 5.95 bits: 357 in all.
const LENGTH: usize = 60;

/// A new password, from the operating system's randomness.
pub(super) fn generate() -> Result<Secret> {
    let mut text = Zeroizing::new(String::with_capacity(LENGTH));
    let mut bytes = Zeroizing::new([0_u8; 2 * LENGTH]);
    while text.len() < LENGTH {
        getrandom::fill(&mut *bytes).map_err(|error| {
            Error::invalid_client(vec![Issue::new(
                "randomness",
                format!("the operating system provides none ({error})"),
                "run it where there is a source of randomness",
            )])
        })?;
        // Each character is as likely as any other: the rest at the end of a byte's range is dropped.
        let fair = bytes.iter().filter(|byte| **byte < 248).take(LENGTH - text.len());
        for byte in fair {
            text.push(char::from(ALPHABET[usize::from(byte % 62)]));
        }
    }
    Ok(Secret::new(std::mem::take(&mut *text)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn passwords_are_long_of_letters_and_digits_and_never_repeat() {
        let generated: BTreeSet<String> =
            (0..200).map(|_| generate().unwrap().expose().to_owned()).collect();
        assert_eq!(generated.len(), 200);
        assert!(generated.iter().all(|one| one.len() == LENGTH));
        let used: BTreeSet<u8> = generated.iter().flat_map(|one| one.bytes()).collect();
        assert_eq!(used, ALPHABET.iter().copied().collect(), "each character is in use");
    }
}
