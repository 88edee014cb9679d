//! Recorded answers of real servers: each one that the model covers decodes, value by value.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::shapes::{SHAPES, Shape};
use super::{fixtures, shared};

/// The shape of an answer, and whether it is a list; `None` for what the model does not cover.
fn shape_of(method: &str, path: &str) -> Option<(&'static Shape, bool)> {
    let path = path.split('?').next()?.strip_prefix("/api/v3")?;
    let at = |path: &str| SHAPES.iter().find(|shape| shape.path == path);
    if let Some(shape) = at(path) {
        return Some((shape, method == "GET" && path != "/admin/version/"));
    }
    // The object itself: its list's path and one part more. These are other objects.
    let (list, key) = path.strip_suffix('/')?.rsplit_once('/')?;
    let other = ["me", "current", "assigned_by_roles", "service_account"].contains(&key);
    at(&format!("{list}/")).filter(|_| !other).map(|shape| (shape, false))
}

/// Decodes all recordings of a folder; returns how many answers there were of each component.
fn decode_all(folder: &Path) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    let mut failures = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.extension().is_none_or(|extension| extension != "json")
            || name.starts_with("decoded-")
        {
            continue;
        }
        let recording: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let (request, response) = (&recording["request"], &recording["response"]);
        let (Some(method), Some(path)) = (request["method"].as_str(), request["path"].as_str())
        else {
            continue;
        };
        let success = response["status"].as_u64().is_some_and(|status| status / 100 == 2);
        if !success || !response["body"].is_object() {
            continue;
        }
        let Some((shape, is_list)) = shape_of(method, path) else { continue };
        let decode = if is_list { shape.list } else { shape.one };
        match decode(&response["body"]) {
            Ok(_) => *counts.entry(shape.component).or_default() += 1,
            Err(error) => failures.push(format!("{name}: {method} {path}: {error}")),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let total: usize = counts.values().sum();
    println!("{}: {total} answers decode: {counts:?}", folder.display());
    counts
}

fn assert_all_components(counts: &BTreeMap<&str, usize>) {
    let missing = SHAPES.iter().filter(|shape| !counts.contains_key(shape.component));
    let missing: Vec<&str> = missing.map(|shape| shape.component).collect();
    assert!(missing.is_empty(), "no answer of {missing:?}");
}

#[test]
fn the_fixtures_of_both_releases_decode() {
    for release in ["2025.10", "2026.5"] {
        assert_all_components(&decode_all(&fixtures().join(release)));
    }
}

#[test]
fn every_recorded_answer_of_every_release_decodes() {
    let Some(folder) = shared("recordings") else { return };
    for release in ["2024.12", "2025.10", "2025.10.4", "2025.12", "2026.2", "2026.5"] {
        let counts = decode_all(&folder.join(format!("authentik-{release}")));
        assert_all_components(&counts);
        assert!(counts.values().sum::<usize>() > 140, "{counts:?}");
    }
}

#[test]
fn the_fixtures_stay_small_and_hold_no_request_headers() {
    let mut bytes = 0;
    for release in ["2025.10", "2026.5"] {
        for entry in fs::read_dir(fixtures().join(release)).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path()).unwrap();
            assert!(!text.contains("Bearer"));
            bytes += text.len();
        }
    }
    assert!(bytes < 200_000, "{bytes} bytes");
}
