//! Searching another process's memory.

use std::fs::{File, read_to_string};
use std::os::unix::fs::FileExt;

/// Freed memory has the allocator's notes at its beginning, over what was there.
const NOTES: usize = 16;

/// How often these bytes are in a process's writable memory; `None` where it cannot be read.
pub(crate) fn copies(process: u32, wanted: &[u8]) -> Option<usize> {
    let wanted = &wanted[NOTES..];
    let maps = read_to_string(format!("/proc/{process}/maps")).ok()?;
    let memory = File::open(format!("/proc/{process}/mem")).ok()?;
    let (mut found, mut read) = (0, 0);
    for line in maps.lines() {
        let mut fields = line.split_whitespace();
        let (range, access) = (fields.next()?, fields.next()?);
        let (start, end) = range.split_once('-')?;
        let (start, end) = (number(start)?, number(end)?);
        // What cannot be written holds nothing that the program made.
        if !access.starts_with("rw") || end - start > 1 << 30 {
            continue;
        }
        let mut bytes = vec![0; usize::try_from(end - start).ok()?];
        // Some kernel mappings cannot be read.
        if memory.read_exact_at(&mut bytes, start).is_ok() {
            read += bytes.len();
            found += occurrences(&bytes, wanted);
        }
    }
    (read > 0).then_some(found)
}

fn number(text: &str) -> Option<u64> {
    u64::from_str_radix(text, 16).ok()
}

fn occurrences(bytes: &[u8], wanted: &[u8]) -> usize {
    let first = wanted[0];
    let (mut found, mut at) = (0, 0);
    while let Some(next) = bytes[at..].iter().position(|byte| *byte == first) {
        at += next;
        found += usize::from(bytes[at..].starts_with(wanted));
        at += 1;
    }
    found
}
