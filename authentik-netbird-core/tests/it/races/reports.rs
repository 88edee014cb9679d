//! Whether what the reports of runs say is exactly what the server's log says.

use authentik_netbird_core::ids::Server;
use authentik_netbird_core::report::OperationState;
use authentik_simulator::LoggedRequest;
use authentik_simulator::netbird::NetbirdSimulator;
use serde_json::Value;

use super::run::Ran;
use crate::support::running::Running;

/// What may have done what a run reports as applied already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Others {
    /// The other runs of the log alone.
    Runs,
    /// Somebody whose writes are not in the log: an administrator, or an earlier run.
    Anyone,
}

/// The reports of all runs together say what the log of requests says: each operation that is reported
/// as applied has a write of its own that the server confirmed, each confirmed write is reported by one
/// operation, and what is reported as applied already was written by somebody.
///
/// For runs without faults, and with responses that are lost: one that is lost is nobody's confirmation.
pub(crate) fn reports_are_exact(running: &Running, ran: &[Ran], others: Others) {
    let log = running.requests();
    let mut confirmed: Vec<String> =
        log.iter().filter(|one| one.is_write() && is_confirmed(one)).map(text).collect();
    // Committed, and the response lost: also one that the server rejected, which did nothing.
    let mut unheard: Vec<String> = log
        .iter()
        .filter(|one| one.is_write() && one.status.is_none() && one.committed.is_some())
        .map(text)
        .collect();
    let written = [confirmed.clone(), unheard.clone()].concat();
    let texts = || ran.iter().map(Ran::text).collect::<Vec<_>>().join("\n");
    let mut reported = ran.iter().flat_map(reported).collect::<Vec<_>>();
    // A key that was not known in advance may be that of any write: those choose last.
    reported.sort_by_key(|one| one.path.1.is_some());
    for one in &reported {
        match one.state {
            OperationState::Applied => {
                let at = confirmed.iter().position(|text| one.is(text));
                let at = at.unwrap_or_else(|| panic!("{one:?} did not happen:\n{}", texts()));
                confirmed.swap_remove(at);
            }
            OperationState::AlreadyApplied => {
                let is_written = written.iter().any(|text| one.is(text));
                let is_gone = one.method == "DELETE" && !one.exists(running);
                let is_so = is_written || is_gone || others == Others::Anyone;
                assert!(is_so, "nobody did {one:?}:\n{}", texts());
            }
            _ => {}
        }
        let may_be =
            matches!(one.state, OperationState::AlreadyApplied | OperationState::Unknown { .. });
        unheard.retain(|text| !(may_be && one.is(text)));
    }
    assert!(confirmed.is_empty(), "not reported: {confirmed:#?}\n{}", texts());
    assert!(unheard.is_empty(), "lost and not reported: {unheard:#?}\n{}", texts());
}

fn is_confirmed(one: &LoggedRequest) -> bool {
    one.status.is_some_and(|status| status < 300)
}

fn text(one: &LoggedRequest) -> String {
    format!("{} {}", one.method, one.path)
}

/// An operation of a report, and the request that it sends.
#[derive(Debug)]
struct Reported<'a> {
    state: &'a OperationState,
    method: String,
    /// The path; or what is before and after a key that an earlier operation creates.
    path: (String, Option<String>),
}

impl Reported<'_> {
    fn is(&self, text: &str) -> bool {
        let Some(path) =
            text.strip_prefix(self.method.as_str()).and_then(|path| path.strip_prefix(" "))
        else {
            return false;
        };
        match &self.path {
            (path_of, None) => path_of == path,
            (before, Some(after)) => {
                let key = path.strip_prefix(before.as_str());
                let key = key.and_then(|rest| rest.strip_suffix(after.as_str()));
                key.is_some_and(|key| !key.is_empty() && !key.contains('/'))
            }
        }
    }

    /// Whether the object of a known key is still there.
    fn exists(&self, running: &Running) -> bool {
        let key = self.path.0.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let netbird = running.netbird.as_ref().map(NetbirdSimulator::dump).unwrap_or_default();
        let dumps = [running.simulator.dump(), netbird];
        let lists = dumps.iter().filter_map(Value::as_object).flat_map(|lists| lists.values());
        let mut objects = lists.filter_map(Value::as_array).flatten();
        objects.any(|object| {
            ["pk", "slug", "id"].iter().any(|field| match &object[field] {
                Value::String(text) => text == key,
                other => *other == key.parse::<u64>().unwrap_or_default(),
            })
        })
    }
}

/// The operations of one run that write, with what is reported of them.
fn reported(ran: &Ran) -> Vec<Reported<'_>> {
    let (Some(plan), Some(report)) = (&ran.plan, ran.report()) else { return Vec::new() };
    let mut all = Vec::new();
    for entry in &report.entries {
        let operation = plan.operations.iter().find(|one| one.id == entry.operation).unwrap();
        let Some(write) = &operation.write else { continue };
        let request = write.request(&operation.resource);
        let method = format!("{:?}", request.method).to_uppercase();
        // What is read for another operation is no write.
        if method == "GET" {
            continue;
        }
        let root = if operation.server == Server::Netbird { "/api/" } else { "/api/v3/" };
        let path = format!("{root}{}", request.path);
        // A key that is not known yet stands in the path as what it will be the result of.
        let path = match path.split_once("%7B").zip(path.rsplit_once("%7D")) {
            Some(((before, _), (_, after))) => (before.to_owned(), Some(after.to_owned())),
            None => (path, None),
        };
        all.push(Reported { state: &entry.state, method, path });
    }
    all
}
