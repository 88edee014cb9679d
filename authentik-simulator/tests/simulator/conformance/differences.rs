//! What differs on purpose.

use authentik_simulator::Release;

/// One recording, and where in its answer another value is right.
pub(crate) struct Difference {
    /// `None`: in each release.
    pub(crate) release: Option<Release>,
    /// First and last number.
    pub(crate) numbers: (u32, u32),
    /// Where in the body, as the start of a path; or `status`, or the name of a header.
    pub(crate) path: &'static str,
    /// Why the simulator is right to differ.
    pub(crate) reason: &'static str,
}

const fn both(numbers: (u32, u32), path: &'static str, reason: &'static str) -> Difference {
    Difference { release: None, numbers, path, reason }
}

/// The whole list.
pub(crate) const ON_PURPOSE: &[Difference] = &[
    both(
        (301, 301),
        "/non_field_errors",
        "the database's own text, with a whole row of its table in it",
    ),
    both((822, 823), "allow", "blueprints are listed, and cannot be made"),
];

/// Parts of paths that the simulator does not have: nothing but these recordings would use them.
const NOT_SIMULATED: [&str; 7] = [
    "/core/transactional/",
    "/managed/blueprints/",
    "/root/config/",
    "/set_password/",
    "/setup_urls/",
    "/view_certificate/",
    "/view_private_key/",
];

/// Whether the simulator has the endpoint of a recording.
pub(crate) fn is_simulated(path: &str) -> bool {
    !NOT_SIMULATED.iter().any(|part| path.contains(part))
}

/// Why a problem is none.
pub(crate) fn reason(release: Release, number: u32, path: &str) -> Option<&'static str> {
    let found = ON_PURPOSE.iter().find(|difference| {
        difference.release.is_none_or(|only| only == release)
            && (difference.numbers.0..=difference.numbers.1).contains(&number)
            && path.starts_with(difference.path)
    });
    found.map(|difference| difference.reason)
}
