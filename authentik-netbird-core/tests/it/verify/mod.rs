//! Verifying: each break of the kind that stops people's logins is found, by exactly one check, with
//! its own remedy; and where nothing is broken nothing is found.

mod account;
mod device;
mod files;
mod fixes;
mod front;
mod healthy;
mod letter;
mod provider;
mod report;
mod server;
mod setup_env;
mod troubleshooting;
