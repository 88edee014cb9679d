//! Dropped secrets are wiped: the memory of a process that had some is searched by another one, while
//! they are alive and after.
//!
//! Linux alone lets one read another process's memory as a file. Where that cannot be, the test says so.

mod holder;
mod memory;

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use authentik_simulator::{Release, Simulator};

use holder::canary;
use memory::copies;

/// A process that holds secrets, and drops them when told to.
struct Holder {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Holder {
    fn start(scene: &str, url: &str) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "wiped::holder::holds_and_drops", "--ignored", "--nocapture"])
            .env(holder::SCENE, scene)
            .env(holder::URL, url)
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        Self { process, input, output: BufReader::new(output) }
    }

    fn wait_for(&mut self, word: &str) {
        let mut line = String::new();
        // The test harness writes before it on the same line.
        while !line.trim_end().ends_with(word) {
            line.clear();
            assert_ne!(self.output.read_line(&mut line).unwrap(), 0, "it ended before {word}");
        }
    }

    fn go_on(&mut self) {
        self.input.write_all(b"\n").unwrap();
    }

    fn copies(&self, secret: &[u8]) -> Option<usize> {
        copies(self.process.id(), secret)
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Copies of each secret while it is alive, and after it was dropped.
fn copies_of(
    scene: &str,
    url: &str,
    secrets: impl Fn() -> Vec<Vec<u8>>,
) -> Option<Vec<[usize; 2]>> {
    let mut holder = Holder::start(scene, url);
    holder.wait_for("alive");
    let secrets = secrets();
    let alive: Option<Vec<usize>> = secrets.iter().map(|secret| holder.copies(secret)).collect();
    let Some(alive) = alive else {
        println!("NOT RUN: this system lets no process read its child's memory");
        return None;
    };
    holder.go_on();
    holder.wait_for("dropped");
    let dropped = secrets.iter().map(|secret| holder.copies(secret).unwrap());
    Some(alive.into_iter().zip(dropped).map(|(alive, dropped)| [alive, dropped]).collect())
}

#[test]
fn what_never_went_over_a_connection_leaves_no_copy() {
    let mut searched = 0;
    for scene in holder::ALONE {
        let secret = || vec![canary(1).into_bytes()];
        let Some(copies) = copies_of(scene, "http://localhost:1", secret) else { return };
        println!("{scene}: {copies:?}");
        let [[alive, dropped]] = copies[..] else { panic!("{copies:?}") };
        assert!(alive > 0, "{scene}: it is not even found while it is there");
        assert_eq!(dropped, 0, "{scene}: {dropped} copies are left of {alive}");
        searched += 1;
    }
    println!("wiped_secrets: {searched}");
}

#[test]
fn the_search_finds_what_is_not_wiped() {
    let secret = || vec![canary(1).into_bytes()];
    let Some(copies) = copies_of("unwiped", "http://localhost:1", secret) else { return };
    assert!(copies[0][1] > 0, "{copies:?}");
}

/// What the HTTP library copied for sending, and the buffers that it read into, are not ours to wipe;
/// that there is no more than those is held here.
#[test]
fn what_went_over_a_connection_is_left_in_the_http_librarys_buffers_alone() {
    let token = canary(2);
    let simulator = Simulator::builder().release(Release::V2026_5).token(&token).start().unwrap();
    let secrets = || {
        let password = simulator.edit(|state| {
            let user = state.users.iter().find(|user| user.username == "NetBird").unwrap().pk;
            let token = state.tokens.iter().find(|token| token.user == user).unwrap();
            token.key.as_bytes().to_vec()
        });
        vec![token.clone().into_bytes(), password]
    };
    let Some(copies) = copies_of("connection", simulator.url(), secrets) else { return };
    println!("connection: token {:?}, rotated app password {:?}", copies[0], copies[1]);
    for [alive, dropped] in copies {
        assert!(alive > 0);
        // One for each connection at most: its write buffer, or its read buffer.
        assert!(dropped <= MOST_CONNECTIONS, "{dropped} copies are left");
    }
}

/// As many as one plan's reads at once.
const MOST_CONNECTIONS: usize = 14;
