//! Every fault at every request of a first apply, an update, a rotation and a teardown, and pairs of
//! faults. The run ends in time and tells the truth; the next one, undisturbed, ends exactly where one
//! that was never disturbed does, with nothing lost and nothing doubled; and no text has a secret.

mod case;
mod matrix;
mod pairs;
