//! Serves a simulated authentik until stopped.
//!
//! `cargo run -p authentik-netbird-examples --example simulator -- [VERSION [PORT]]`

use std::process::ExitCode;

use authentik_netbird_examples as screen;
use authentik_simulator::{Release, Simulator};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let release: Release =
        match arguments.next().map_or(Ok(Release::default()), |text| text.parse()) {
            Ok(release) => release,
            Err(error) => {
                screen::line(error);
                return ExitCode::from(2);
            }
        };
    let port = match arguments.next().map_or(Ok(9000), |text| text.parse()) {
        Ok(port) => port,
        Err(error) => {
            screen::line(format!("PORT is a number from 0 to 65535 ({error})"));
            return ExitCode::from(2);
        }
    };
    match Simulator::builder().release(release).port(port).start() {
        Ok(simulator) => {
            screen::headline(format!("authentik {release}, simulated; stop it with Ctrl-C"));
            screen::line("In another terminal:");
            screen::line(format!("export AUTHENTIK_URL={}", simulator.url()));
            screen::line(format!("export AUTHENTIK_TOKEN={}", simulator.token()));
            loop {
                std::thread::park();
            }
        }
        Err(error) => {
            screen::line(format!("cannot listen on port {port}: {error}"));
            ExitCode::FAILURE
        }
    }
}
