//! What the user asks for.
mod guide;
pub use guide::GuideStep;
