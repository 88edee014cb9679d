//! Killed at the end of a job and while writing: `setup.env` is the old one or the new one.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use authentik_simulator::Release;

use super::child::{Child, two_outputs};
use super::requests::OLD;
use crate::support::cases::has_time;
use crate::support::job::{Job, Scene};

/// By how much each process lives longer than the one before.
const STEP: Duration = Duration::from_micros(250);

/// How many processes are killed.
fn rounds() -> u32 {
    if has_time() { 400 } else { 40 }
}

/// What was begun beside the file and never finished is readable for its owner alone.
fn leftovers_are_private(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        let is_ours = entry.file_name() == "setup.env";
        assert!(is_ours || mode == 0o600, "{} has mode {mode:o}", entry.file_name().display());
    }
}

#[test]
fn a_process_killed_at_its_end_leaves_the_old_one_or_the_new_one() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let scene = runtime.block_on(Scene::new(Job::FirstApply, Release::V2026_5));
    let mut new = 0;
    for round in 0..rounds() {
        let (running, wanted) = scene.start();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("setup.env");
        fs::write(&path, OLD).unwrap();
        let mut child = Child::with_job(&running, &wanted, scene.job, &path);
        child.wait_until("its last answer", || {
            let requests = running.simulator.requests();
            let answered = requests.iter().filter(|request| request.finished.is_some());
            answered.count() as u64 == scene.requests
        });
        if round % 2 == 0 {
            std::thread::sleep(STEP * (round % 80));
        } else {
            child.catch("its file", || {
                let is_begun = fs::read_dir(folder.path()).unwrap().count() > 1;
                is_begun || fs::read_to_string(&path).unwrap() != OLD
            });
        }
        child.kill();
        let outputs = runtime.block_on(running.client.outputs(&wanted)).unwrap();
        let wanted = outputs.netbird_env().merge_into(OLD).unwrap();
        let there = fs::read_to_string(&path).unwrap();
        assert!(there == OLD || there == wanted.expose(), "{there}");
        new += u32::from(there != OLD);
        leftovers_are_private(folder.path());
    }
    println!("killed at the end: kill_cases: {}, of which {new} had the new one", rounds());
}

#[test]
fn a_process_killed_while_it_writes_leaves_a_whole_file() {
    let builder = crate::support::as_in_guide("https://authentik.company", "netbird.company");
    let wanted = builder.build().unwrap();
    // Much that is not ours, so that writing takes its time.
    let old = "# a line of someone else\n".repeat(5000);
    let texts = two_outputs(&wanted).map(|one| one.netbird_env().merge_into(&old).unwrap());
    let mut unfinished = 0;
    for round in 0..rounds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("setup.env");
        fs::write(&path, &old).unwrap();
        let mut child = Child::writing(&wanted, &path);
        child.wait_until("its first file", || fs::read_to_string(&path).unwrap() != old);
        let length = fs::metadata(&path).unwrap().len();
        let is_at_rest = || {
            let is_whole = fs::metadata(&path).is_ok_and(|it| it.len() == length);
            is_whole && fs::read_dir(folder.path()).unwrap().count() == 1
        };
        child.catch("its writing", || !is_at_rest());
        std::thread::sleep(Duration::from_micros(20) * (round % 20));
        assert!(child.kill(), "it writes without end");
        let there = fs::read_to_string(&path).unwrap();
        assert!(texts.iter().any(|text| text.expose() == there), "{} bytes", there.len());
        unfinished += u32::from(!is_at_rest());
        leftovers_are_private(folder.path());
    }
    println!(
        "killed while writing: kill_cases: {}, {unfinished} before the file was there",
        rounds()
    );
}
