//! The effects themselves, by bare sockets: what the campaign stands on.

use std::io::{ErrorKind, Read, Result, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use authentik_simulator::{Effect, Fault, Simulator};
use serde_json::Value;

fn send(simulator: &Simulator, method: &str, path: &str, body: &str) -> TcpStream {
    let address = simulator.url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).unwrap();
    let token = simulator.token();
    let length = body.len();
    write!(
        stream,
        "{method} /api/v3/{path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
    .unwrap();
    stream
}

fn answer(mut stream: TcpStream) -> Result<(String, Vec<u8>)> {
    let mut all = Vec::new();
    stream.read_to_end(&mut all)?;
    let end = all.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    Ok((String::from_utf8(all[..end].to_vec()).unwrap(), all[end + 4..].to_vec()))
}

fn get(simulator: &Simulator, path: &str) -> Result<(String, Vec<u8>)> {
    answer(send(simulator, "GET", path, ""))
}

const FLOW: &str = r#"{"name": "n", "slug": "s", "title": "t", "designation": "authorization"}"#;

fn has_flow(simulator: &Simulator) -> bool {
    simulator.edit(|state| state.flows.iter().any(|flow| flow.slug == "s"))
}

#[test]
fn a_reset_is_one_and_comes_before_or_after_the_commit() {
    for after in [false, true] {
        let simulator = Simulator::start().unwrap();
        let fault = Fault::new(Effect::Reset);
        simulator.add_fault(if after { fault.after_commit() } else { fault });
        let error = answer(send(&simulator, "POST", "flows/instances/", FLOW)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
        assert_eq!(has_flow(&simulator), after);
    }
}

#[test]
fn late_work_is_done_although_nobody_waits() {
    let simulator = Simulator::start().unwrap();
    let delay = Duration::from_millis(300);
    simulator.add_fault(Fault::new(Effect::Delay(delay)));
    let stream = send(&simulator, "POST", "flows/instances/", FLOW);
    while simulator.requests().is_empty() {
        std::thread::yield_now();
    }
    drop(stream);
    let start = Instant::now();
    while !has_flow(&simulator) {
        assert!(start.elapsed() < Duration::from_secs(20), "never done");
        std::thread::sleep(Duration::from_millis(5));
    }
    let request = &simulator.requests()[0];
    assert!(request.committed.unwrap() >= request.started + delay, "{request:?}");
}

#[test]
fn a_slow_body_is_whole_in_the_end() {
    let simulator = Simulator::start().unwrap();
    let (_, right) = get(&simulator, "admin/version/").unwrap();
    simulator.add_fault(Fault::new(Effect::Slow(Duration::from_millis(200))));
    let start = Instant::now();
    let (_, slow) = get(&simulator, "admin/version/").unwrap();
    assert_eq!(slow, right);
    assert!(start.elapsed() >= Duration::from_millis(200));
}

#[test]
fn a_flood_is_as_long_as_asked_for_and_still_json() {
    let simulator = Simulator::start().unwrap();
    let (_, right) = get(&simulator, "admin/version/").unwrap();
    simulator.add_fault(Fault::new(Effect::Flood { bytes: 3_000_000 }));
    let (head, flood) = get(&simulator, "admin/version/").unwrap();
    assert!(head.to_ascii_lowercase().contains("transfer-encoding: chunked"), "{head}");
    assert!(flood.len() > 3_000_000 + right.len());
    assert!(flood.starts_with(b"10000\r\n    "), "{:?}", &flood[..20]);
}

#[test]
fn endless_pages_promise_another_one_each_time() {
    let simulator = Simulator::start().unwrap();
    simulator.add_fault(Fault::new(Effect::EndlessPages));
    let page = |page: u32| -> Value {
        let (_, body) = get(&simulator, &format!("core/users/?page={page}")).unwrap();
        serde_json::from_slice(&body).unwrap()
    };
    let (first, far) = (page(1), page(70));
    assert_eq!(first["results"], far["results"]);
    assert_eq!((&first["pagination"]["next"], &far["pagination"]["next"]), (&2.into(), &71.into()));
}
