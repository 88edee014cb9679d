//! Shows the plan for a fresh authentik, without one: offline, nothing is read or sent.
//!
//! `cargo run -p authentik-netbird-examples --example plan_only -- [AUTHENTIK_URL [DOMAIN]]`

use std::process::ExitCode;

use authentik_netbird_core::NetbirdIntegration;
use authentik_netbird_examples as screen;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().unwrap_or_else(|| "https://authentik.company".to_owned());
    let domain = arguments.next().unwrap_or_else(|| "netbird.company".to_owned());
    match NetbirdIntegration::builder(url, domain).build() {
        Ok(integration) => {
            screen::plan(&integration.preview());
            ExitCode::SUCCESS
        }
        Err(error) => screen::failure(&error),
    }
}
