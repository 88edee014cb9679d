//! What authentik sends can be read, and what we send it takes: held against recorded answers of
//! real servers, authentik's OpenAPI documents and what the official clients' models can express.

mod details;
mod documents;
mod further;
mod instances;
mod official_clients;
mod reads;
mod recordings;
mod shapes;
mod validate;
mod writes;

use std::path::PathBuf;

/// A folder of the material beside the repository, which is not part of it. `None`, said aloud,
/// where it is not there.
fn shared(name: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("NOT RUN: there is no folder {}; only the fixtures are tested", folder.display());
    None
}

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/decode")
}
