//! Which redirect URIs are allowed by the lists, and which patterns are refused.

use super::*;

#[test]
fn patterns_that_leave_the_host_open_are_found() {
    for open in [
        "https://netbird.company.*",
        r"https://netbird\.company.*",
        r"https://netbird.company/.*",
        r"https://.*\.company/",
        r"https://netbird\.company/?.*",
        r"https://netbird\.company/*.*",
        r"https://netbird\.company(/.*)?.*",
        r"https://netbird\.company(/|\.evil\.com/).*",
        r"https://netbird\.company/|.*",
        r"https://netbird\.company:\d+.*",
        ".*",
        "https://",
        r"//netbird\.company/",
    ] {
        assert!(leaves_host_open(open), "{open}");
    }
    for closed in [
        r"https://netbird\.company",
        r"https://netbird\.company/.*",
        r"^https://netbird\.company(/.*)?$",
        r"https://netbird\.company(?:/.*)?",
        r"https://netbird\.company:8443/(a|b)",
        r"https:\/\/net-bird\.company\/.*",
    ] {
        assert!(!leaves_host_open(closed), "{closed}");
    }
}
