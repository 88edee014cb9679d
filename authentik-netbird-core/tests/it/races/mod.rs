//! Many at once on one server: appliers of the same integration, a admin who edits, two NetBirds,
//! rotations and teardowns. There is one set of objects, everyone is told what is so, nothing of others
//! is touched, and everyone's next plan is empty.

mod admin;
mod appliers;
mod assertions;
mod at_once;
mod history;
mod matrix;
mod model;
mod names;
mod run;
