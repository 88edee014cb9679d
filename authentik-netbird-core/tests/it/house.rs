//! The house: which way dependencies go, read from the paths that the sources of the core and of the
//! simulator name.
//!
//! ARCHITECTURE.md has the map. Modules only use modules of the same or a lower layer; no import cycle
//! has more than two files; no file is so long that it cannot have one job; and the mode is matched
//! only where design allows.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A crate: its sources, from this one's folder, and its modules from the bottom to the top. Those of one layer may
/// use each other.
struct House {
    sources: &'static str,
    layers: &'static [&'static [&'static str]],
}

const CORE: House = House {
    sources: "src",
    layers: &[
        &["ids", "secret", "issue", "redact", "text"],
        &["report"],
        &["error", "http"],
        &["resource"],
        &["netbird"],
        &["authentik"],
        &["integration"],
        &["requirements"],
        &["plan", "outputs"],
        &["verify"],
        &["request", "apply", "client"],
    ],
};
const SIMULATOR: House = House {
    sources: "../authentik-simulator/src",
    layers: &[&["key"], &["jwt"], &["host"], &["authentik"], &["netbird"]],
};
const HOUSES: [House; 2] = [CORE, SIMULATOR];

/// Longer files need a reason, which is stated here.
const MAX_LINES: usize = 400;
const LONGER: [(&str, &str); 0] = [];

/// Where a `match` may depend on the mode.
const MATCH_THE_MODE: [&str; 5] = ["integration", "requirements", "plan", "outputs", "verify"];

/// A source file: its module path, and its code without comments and unit tests.
struct Source {
    module: Vec<String>,
    code: String,
    lines: usize,
}

fn sources(house: &House) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(house.sources);
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    files
        .iter()
        .map(|path| {
            let text = fs::read_to_string(path).unwrap();
            let relative = path.strip_prefix(&root).unwrap().with_extension("");
            let mut module: Vec<String> =
                relative.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
            if matches!(module.last().map(String::as_str), Some("mod" | "lib")) {
                module.pop();
            }
            let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
            let code = code.lines().map(|line| line.split("//").next().unwrap());
            Source {
                module,
                code: code.collect::<Vec<_>>().join("\n"),
                lines: text.lines().count(),
            }
        })
        .filter(|source| source.module.last().is_none_or(|name| name != "tests"))
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Every path that the code names, from the root of the crate: `use` trees and inline paths.
fn paths(source: &Source) -> BTreeSet<Vec<String>> {
    let mut found = BTreeSet::new();
    // A statement begins its line; re-exports are not imports.
    for statement in format!("\n{}", source.code).split("\nuse ").skip(1) {
        let tree = statement.split(';').next().unwrap();
        expand(tree, &mut Vec::new(), &mut |path| insert(source, path, &mut found));
    }
    for (at, _) in source.code.match_indices("crate::") {
        if source.code[..at].ends_with("pub use ") {
            continue;
        }
        let path = source.code[at..]
            .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
            .next()
            .unwrap();
        // One is empty before `{`; the names in there are found above.
        let names = path.split("::").filter(|name| !name.is_empty());
        insert(source, names.map(str::to_owned).collect(), &mut found);
    }
    found
}

/// Paths of a `use` tree such as `a::{b, c::d}`.
fn expand(tree: &str, prefix: &mut Vec<String>, insert: &mut dyn FnMut(Vec<String>)) {
    let tree = tree.trim();
    let (head, group) = match tree.find('{') {
        Some(open) => (&tree[..open], Some(&tree[open + 1..tree.rfind('}').unwrap_or(tree.len())])),
        None => (tree, None),
    };
    let depth = prefix.len();
    let names = head.split("::").map(|name| name.split(" as ").next().unwrap().trim());
    prefix.extend(names.filter(|name| !name.is_empty()).map(str::to_owned));
    match group {
        None => insert(prefix.clone()),
        Some(group) => {
            let (mut level, mut start) = (0, 0);
            for (at, c) in group.char_indices().chain([(group.len(), ',')]) {
                match c {
                    '{' => level += 1,
                    '}' => level -= 1,
                    ',' if level == 0 => {
                        if !group[start..at].trim().is_empty() {
                            expand(&group[start..at], prefix, insert);
                        }
                        start = at + 1;
                    }
                    _ => {}
                }
            }
        }
    }
    prefix.truncate(depth);
}

/// Makes a path absolute; paths of other crates are left out.
fn insert(source: &Source, path: Vec<String>, found: &mut BTreeSet<Vec<String>>) {
    let mut base = source.module.clone();
    let mut rest = path.as_slice();
    match rest.first().map(String::as_str) {
        Some("crate") => (base, rest) = (Vec::new(), &rest[1..]),
        Some("self") => rest = &rest[1..],
        Some("super") => {
            while rest.first().is_some_and(|name| name == "super") {
                base.pop();
                rest = &rest[1..];
            }
        }
        _ => return,
    }
    base.extend(rest.iter().cloned());
    found.insert(base);
}

/// The file that a path leads to: the deepest module, or the file below it that defines the name.
fn target(path: &[String], sources: &[Source]) -> Option<usize> {
    for length in (1..=path.len()).rev() {
        let module = &path[..length];
        let Some(at) = sources.iter().position(|source| source.module == module) else { continue };
        let Some(name) = path.get(length) else { return Some(at) };
        if defines(&sources[at], name) {
            return Some(at);
        }
        let below = sources.iter().position(|one| {
            one.module.len() == length + 1 && one.module.starts_with(module) && defines(one, name)
        });
        return below.or(Some(at));
    }
    None
}

/// Whether a file defines this name, itself or by one of this crate's macros.
fn defines(source: &Source, name: &str) -> bool {
    let by_keyword = ["struct", "enum", "trait", "fn", "type", "const", "static", "macro_rules!"]
        .iter()
        .any(|keyword| {
            let definition = format!("{keyword} {name}");
            source.code.match_indices(&definition).any(|(at, _)| {
                let after = source.code[at + definition.len()..].chars().next();
                after.is_none_or(|c| !(c.is_alphanumeric() || c == '_'))
            })
        });
    by_keyword
        || source.code.contains(&format!(" {name});"))
        || (source.code.contains("text_enum! {") && source.code.contains(&format!("    {name} {{")))
}

fn graph(sources: &[Source]) -> BTreeMap<usize, BTreeSet<usize>> {
    let targets = |(at, source): (usize, &Source)| {
        let targets = paths(source).iter().filter_map(|path| target(path, sources)).collect();
        (at, {
            let mut all: BTreeSet<usize> = targets;
            all.remove(&at);
            all
        })
    };
    sources.iter().enumerate().map(targets).collect()
}

/// Files that can be reached from one.
fn reachable(from: usize, graph: &BTreeMap<usize, BTreeSet<usize>>) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut next: Vec<usize> = graph[&from].iter().copied().collect();
    while let Some(one) = next.pop() {
        if seen.insert(one) {
            next.extend(&graph[&one]);
        }
    }
    seen
}

#[test]
fn modules_use_only_modules_of_the_same_or_a_lower_layer() {
    let mut wrong = Vec::new();
    for house in HOUSES {
        let layer = |module: &str| house.layers.iter().position(|layer| layer.contains(&module));
        for source in sources(&house).iter().filter(|source| !source.module.is_empty()) {
            let name = source.module[0].as_str();
            let own = layer(name).unwrap_or_else(|| panic!("{name} has no layer in this test"));
            for path in paths(source) {
                if let Some(other) = path.first().and_then(|module| layer(module))
                    && other > own
                {
                    wrong.push(format!("{} uses {}", source.module.join("/"), path.join("::")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "against the direction:\n{}", wrong.join("\n"));
}

#[test]
fn no_import_cycle_has_more_than_two_files() {
    let mut cycles: BTreeSet<Vec<String>> = BTreeSet::new();
    for sources in HOUSES.iter().map(sources) {
        let graph = graph(&sources);
        let reach: BTreeMap<usize, BTreeSet<usize>> =
            graph.keys().map(|at| (*at, reachable(*at, &graph))).collect();
        let name = |at: &usize| sources[*at].module.join("/");
        for (at, reached) in &reach {
            let cycle: Vec<String> =
                reached.iter().filter(|other| reach[other].contains(at)).map(name).collect();
            if cycle.len() > 2 {
                cycles.insert(cycle);
            }
        }
    }
    assert!(cycles.is_empty(), "cycles: {cycles:#?}");
}

#[test]
fn no_file_is_longer_than_one_job_takes() {
    let long: Vec<String> = HOUSES
        .iter()
        .flat_map(sources)
        .filter(|source| source.lines > MAX_LINES)
        .filter(|one| !LONGER.iter().any(|(name, _)| *name == one.module.join("/")))
        .map(|one| format!("{} has {} lines", one.module.join("/"), one.lines))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn the_mode_is_matched_only_where_it_makes_a_difference() {
    let elsewhere: Vec<String> = sources(&CORE)
        .iter()
        .filter(|one| {
            one.module.first().is_some_and(|name| !MATCH_THE_MODE.contains(&name.as_str()))
        })
        .filter(|source| {
            let is_ours = |(at, _)| !source.code[..at].ends_with(|c: char| c.is_alphanumeric());
            source.code.match_indices("Mode::").any(is_ours)
        })
        .map(|source| source.module.join("/"))
        .collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?} depend on the mode");
}

#[test]
fn the_paths_of_a_source_are_read_whole() {
    let source = Source {
        module: vec!["plan".to_owned(), "account".to_owned()],
        code:
            "use std::fmt;\nuse super::planner::{About, Found as F};\npub use crate::ids::Slug;\n\
               use crate::authentik::{\n    Token,\n    reads::{Goal, next_wave},\n};\n\
               fn f() { crate::integration::leaves_host_open(x) }"
                .to_owned(),
        lines: 0,
    };
    let found: Vec<String> = paths(&source).iter().map(|path| path.join("::")).collect();
    let expected = [
        "authentik::Token",
        "authentik::reads::Goal",
        "authentik::reads::next_wave",
        "integration::leaves_host_open",
        "plan::planner::About",
        "plan::planner::Found",
    ];
    for path in expected {
        assert!(found.contains(&path.to_owned()), "{path} in {found:?}");
    }
    assert!(!found.iter().any(|path| path.starts_with("std")), "{found:?}");
}
