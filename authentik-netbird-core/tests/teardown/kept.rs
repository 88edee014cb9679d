//! What is not this integration's alone is kept, to the letter, and named with the reason.
