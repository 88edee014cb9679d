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
