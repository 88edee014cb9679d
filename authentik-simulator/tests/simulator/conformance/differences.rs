//! What differs on purpose.

use authentik_simulator::Release;

/// One recording, and where in its answer another value is right.
pub(crate) struct Difference {
    pub(crate) release: Release,
    pub(crate) number: u32,
    /// Where in the body, as the start of a path; or `status`, or the name of a header.
    pub(crate) path: &'static str,
    /// Why the simulator is right to differ.
    pub(crate) reason: &'static str,
}

/// The whole list.
pub(crate) const ON_PURPOSE: &[Difference] = &[
    Difference {
        release: Release::V2024_12,
        number: 301,
        path: "/non_field_errors",
        reason: "the database's own text, with a whole row of its table in it",
    },
    Difference {
        release: Release::V2024_12,
        number: 722,
        path: "",
        reason: "the rules that notify administrators, which are not simulated",
    },
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
    let is_it = |one: &&Difference| {
        one.release == release && one.number == number && path.starts_with(one.path)
    };
    ON_PURPOSE.iter().find(is_it).map(|one| one.reason)
}
