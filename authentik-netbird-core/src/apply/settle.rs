//! What authentik lets be made twice: of those that several runs made at once one stays.

use serde_json::Value;

use super::execute::{Executed, Failure, LATE, UNSEEN, made};
use super::fate::may_have_been_done;
use crate::client::{Client, Patience};
use crate::http::Response;
use crate::plan::{Confirmation, Made, Operation, Write, twins};
use crate::request;

/// How often one run takes its own away. Keys are random: that everyone does twice is one in many.
const ROUNDS: u32 = 3;

/// What to do about those that are there.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// Nothing: ours is the only one.
    Keep,
    /// Remove ours.
    TakeBack,
    /// Go on with someone else's.
    Take(String),
    /// Look again: others are at it.
    Wait,
    /// None is left.
    MakeAgain,
}

/// `own` is ours, if it is there yet; `is_patient`, whether there is time to look again.
///
/// The one with the lowest key stays. Who has the lowest, and meets another that does not go, was
/// later than a run that is over and saw its own alone: so it gives way.
fn step(own: Option<&str>, all: &[String], is_patient: bool) -> Step {
    let mut others: Vec<&str> = all.iter().map(String::as_str).collect();
    others.retain(|key| Some(*key) != own);
    others.sort_unstable();
    match (own, others.as_slice()) {
        (Some(_), []) => Step::Keep,
        (Some(own), [lowest, ..]) if own > *lowest || !is_patient => Step::TakeBack,
        (None, []) => Step::MakeAgain,
        (None, [only]) => Step::Take((*only).to_owned()),
        (None, [lowest, ..]) if !is_patient => Step::Take((*lowest).to_owned()),
        _ => Step::Wait,
    }
}

/// The key of what was just made, where nothing in authentik's database is in the way of a second one:
/// bindings; and groups, whose names were only compared until they had `parents`. Such a server takes
/// a role from everyone when a group with it is deleted, so only a group without roles may go again.
pub(super) fn key_of_double(write: &Write, answer: &Response) -> Option<String> {
    let key = |needs_check: bool| {
        let object: Value = answer.decode().ok()?;
        let is_checked = needs_check && object.get("parents").is_some();
        object.get("pk").and_then(Value::as_str).filter(|_| !is_checked).map(str::to_owned)
    };
    match write {
        Write::CreatePolicyBinding(..) => key(false),
        Write::CreateGroup(body) if body.roles.is_empty() => key(true),
        _ => None,
    }
}

impl Client {
    /// Looks once more at what was made, or found in place of it. Runs that made the same at the same
    /// moment saw nothing there before, and see each other's now. Each removes its own at the most.
    /// Where that can't be done both stay, and the next plan tells of them.
    pub(super) async fn settle(
        &self,
        operation: &Operation,
        write: &Write,
        mut executed: Executed,
        mut own: Option<String>,
    ) -> Result<Executed, Failure> {
        let (listing, _) = request::look_up(write, &operation.resource);
        let mut times_taken_back = 0;
        let mut patience = Patience::new();
        loop {
            let listed = patience.time(self.read_all::<Value>(&listing)).await;
            let all = match listed {
                Ok(listed) => twins(write, &listed),
                Err(_) if times_taken_back == 0 => return Ok(executed),
                // Whether it is gone, and what stays in place of it.
                Err(error) => return Err(Failure { error, unknown: Some(UNSEEN) }),
            };
            own = own.filter(|key| all.contains(key));
            match step(own.as_deref(), &all, patience.is_left) {
                Step::TakeBack => {
                    let Some(key) = &own else { return Ok(executed) };
                    if times_taken_back == ROUNDS || !self.take_back(operation, write, key).await {
                        return Ok(executed);
                    }
                    // The next look shows whether it is gone.
                    times_taken_back += 1;
                    patience = Patience::new();
                }
                Step::Take(key) => {
                    let made = match write {
                        Write::CreateGroup(..) => Made::Group { id: key.as_str().into() },
                        _ => Made::Nothing,
                    };
                    return Ok(Executed { made, found: true, unread: None });
                }
                Step::Wait if own.is_some() => patience.wait().await,
                // Longer than those who may yet give way.
                Step::Wait => patience.wait_to_the_end().await,
                Step::MakeAgain if times_taken_back > 0 => {
                    (executed, own) = self.make_again(operation, write).await?;
                    patience = Patience::new();
                }
                Step::Keep | Step::MakeAgain => return Ok(executed),
            }
        }
    }

    /// Removes what this run made a moment ago. Returns whether it is gone, or may be.
    async fn take_back(&self, operation: &Operation, write: &Write, key: &str) -> bool {
        let Some(request) = request::take_back(write, &operation.resource, key) else {
            return false;
        };
        match self.write(request).await {
            Ok(_) => true,
            Err(refusal) => {
                refusal.error.status() == Some(404) || may_have_been_done(&refusal.error)
            }
        }
    }

    /// Everyone took his own away.
    async fn make_again(
        &self,
        operation: &Operation,
        write: &Write,
    ) -> Result<(Executed, Option<String>), Failure> {
        let request = request::write(write, &operation.resource);
        let executed = |made, found| Executed { made, found, unread: None };
        let error = match self.write(request.clone()).await {
            Ok(answer) => match made(write, &answer) {
                Ok(made) => {
                    let own = key_of_double(write, &answer);
                    return Ok((executed(made, false), own));
                }
                Err(error) => error,
            },
            Err(refusal) => refusal.error,
        };
        match self.look_settled(operation, write).await {
            Ok(Confirmation::Done(made)) => Ok((executed(made, true), None)),
            Ok(_) => {
                let unknown = may_have_been_done(&error).then_some(LATE);
                Err(Failure { error, unknown })
            }
            Err(_) => Err(Failure { error, unknown: Some(UNSEEN) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(keys: &str) -> Vec<String> {
        keys.chars().map(String::from).collect()
    }

    #[test]
    fn of_all_that_see_each_other_the_lowest_stays() {
        for own in ["a", "b", "c"] {
            let wanted = if own == "a" { Step::Wait } else { Step::TakeBack };
            assert_eq!(step(Some(own), &keys("cab"), true), wanted, "{own}");
        }
        assert_eq!(step(Some("a"), &keys("a"), true), Step::Keep);
    }

    #[test]
    fn who_meets_one_that_does_not_go_gives_way() {
        assert_eq!(step(Some("a"), &keys("ab"), false), Step::TakeBack);
        assert_eq!(step(None, &keys("b"), true), Step::Take("b".to_owned()));
    }

    #[test]
    fn without_an_own_one_the_one_that_stays_is_waited_for() {
        assert_eq!(step(None, &keys("cb"), true), Step::Wait);
        assert_eq!(step(None, &keys("cb"), false), Step::Take("b".to_owned()));
        assert_eq!(step(None, &[], true), Step::MakeAgain);
    }
}
