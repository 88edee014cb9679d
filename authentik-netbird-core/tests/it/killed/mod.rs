//! A process that is killed at every request, and while it writes `setup.env`. The next run ends exactly
//! where one that was never disturbed does, with nothing double; `setup.env` is the old one or the new
//! one, never something between.

mod child;
mod requests;
mod setup_env;
