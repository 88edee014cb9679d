//! Exports of plans to other systems: what they do to a server is what an apply does.

mod curl;
mod forms;
mod terraform;
