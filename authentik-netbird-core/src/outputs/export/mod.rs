//! The changes of a plan, in the forms of other systems: an authentik blueprint, Terraform, curl and Ansible.
//!
//! Pure functions of a plan. No form holds a secret: it refers to it by a variable or a file.

mod ansible;
mod blueprint;
mod curl;
mod existing;
mod hcl;
mod kind;
mod reference;
mod steps;
mod terraform;

pub use ansible::ansible_tasks;
pub use blueprint::{SecretSource, blueprint};
pub use curl::curl_script;
pub use terraform::terraform;

use crate::error::{Error, Result};
use crate::issue::Issue;
use crate::plan::Plan;

/// Refuses the expiry of a new app password: only the call that creates it together with its account can set one.
fn refuse_expiry(plan: &Plan, form: &str) -> Result<()> {
    let mut writes = plan.writes().map(|(_, write)| write);
    if !writes.any(|one| one.action() == "create_unnamed" && one.body().contains_key("expires")) {
        return Ok(());
    }
    Err(Error::invalid_integration(vec![Issue::new(
        "app_password_expires",
        format!("{form} cannot set an expiry that is longer than 30 minutes"),
        "Leave it out, and rotate the app password regularly.",
    )]))
}
