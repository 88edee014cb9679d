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
mod tests;
