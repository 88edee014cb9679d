//! [`Jitter`]: waits of random length, so that requests which are under way at once overtake each other.

use std::time::Duration;

use sha2::{Digest, Sha256};

/// How long the stages of a request take at max, and what the lengths are drawn from.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Jitter {
    pub(super) max: Duration,
    pub(super) seed: u64,
}

/// The waits of one request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Waits {
    /// Before it is checked.
    pub(super) check: Duration,
    /// Between the check and the work.
    pub(super) work: Duration,
    /// Between the work and the answer.
    pub(super) answer: Duration,
}

impl Jitter {
    /// The waits of the request with this place in the log; the same for the same seed.
    pub(super) fn of(self, sequence: u64) -> Option<Waits> {
        if self.max.is_zero() {
            return None;
        }
        let drawn = Sha256::digest(format!("{} {sequence}", self.seed));
        let wait = |at: usize| {
            self.max * (u32::from(drawn[at]) << 8 | u32::from(drawn[at + 1])) / u32::from(u16::MAX)
        };
        Some(Waits { check: wait(0), work: wait(2), answer: wait(4) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_drawn_from_the_seed_and_never_longer_than_asked() {
        let jitter = Jitter { max: Duration::from_millis(3), seed: 7 };
        assert_eq!(jitter.of(5), jitter.of(5));
        assert_ne!(jitter.of(5), jitter.of(6));
        assert_ne!(jitter.of(5), Jitter { seed: 8, ..jitter }.of(5));
        for waits in (0..100).filter_map(|sequence| jitter.of(sequence)) {
            let longest = waits.check.max(waits.work).max(waits.answer);
            assert!(longest <= jitter.max, "{waits:?}");
        }
        assert_eq!(Jitter::default().of(5), None);
    }
}
