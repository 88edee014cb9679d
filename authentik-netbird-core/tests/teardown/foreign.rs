//! Whatever else is on the server stays to the letter.
