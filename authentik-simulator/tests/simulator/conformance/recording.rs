//! Recordings, as they lie on disk.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

/// One request to a real server, and its answer.
#[derive(Clone, Deserialize)]
pub(crate) struct Recording {
    /// Number and name, e.g. `302-sa-create-NetBird`.
    #[serde(skip)]
    pub(crate) file: String,
    /// The number alone.
    #[serde(skip)]
    pub(crate) number: u32,
    pub(crate) request: Sent,
    pub(crate) response: Answered,
}

#[derive(Clone, Deserialize)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Value,
}

#[derive(Clone, Deserialize)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Value,
}

/// All recordings of a folder, by number and name.
pub(crate) fn load(folder: &Path) -> Vec<Recording> {
    let mut recordings = Vec::new();
    let Ok(files) = fs::read_dir(folder) else { return recordings };
    for file in files {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let number = name.split('-').next().unwrap().parse::<u32>();
        let (Ok(number), true) = (number, path.extension().is_some_and(|e| e == "json")) else {
            continue;
        };
        let mut recording: Recording = serde_json::from_slice(&fs::read(&path).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        recording.file = name;
        recording.number = number;
        recordings.push(recording);
    }
    recordings.sort_by(|a, b| (a.number, &a.file).cmp(&(b.number, &b.file)));
    recordings
}
