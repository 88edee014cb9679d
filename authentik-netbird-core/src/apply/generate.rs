//! Values that are generated when a plan is applied: app passwords, and names that nobody can guess.

use zeroize::Zeroizing;

use crate::authentik::{ENDING_LENGTH, with_ending};
use crate::error::{Error, Result};
use crate::issue::Issue;
use crate::resource::{Proof, Write};
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
        fill(&mut *bytes)?;
        // Each character is as likely as any other: the rest at the end of a byte's range is dropped.
        let fair = bytes.iter().filter(|byte| **byte < 248).take(LENGTH - text.len());
        for byte in fair {
            text.push(char::from(ALPHABET[usize::from(byte % 62)]));
        }
    }
    Ok(Secret::new(std::mem::take(&mut *text)))
}

/// The write with an ending to its name that nobody can guess, where it is to have one.
pub(super) fn unguessable(write: &Write) -> Result<Write> {
    let mut write = write.clone();
    if write.action.proof == Proof::UnguessableName
        && let Some(name) = write.text("name").map(str::to_owned)
    {
        let mut random = [0_u8; ENDING_LENGTH];
        fill(&mut random)?;
        write.body.insert("name".to_owned(), with_ending(&name, random).into());
    }
    Ok(write)
}

fn fill(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(|error| {
        Error::invalid_client(vec![Issue::new(
            "randomness",
            format!("the operating system provides none ({error})"),
            "Run it where there is a source of randomness.",
        )])
    })
}

#[cfg(test)]
mod tests;
