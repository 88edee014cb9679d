//! The one tokio runtime of a process, and waiting on it.
//!
//! Two threads serve all clients of a process. A forked process gets a separate runtime: threads
//! do not come along. The lock is held only while attached to the interpreter and never across a
//! wait, so that none is held while Python forks.

use std::future::Future;
use std::mem;
use std::process;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use authentik_netbird_core::Error;
use pyo3::prelude::*;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;

use crate::errors;
use crate::news::{News, Tell};

/// How often a waiting thread checks whether it was interrupted.
const POLL_INTERVAL: Duration = Duration::from_millis(50);
/// The most calls under way at once in a process; further ones queue. A plan takes a dozen
/// connections, so this keeps far below the usual limit of 1,024 open files.
const AT_ONCE: usize = 32;

static CURRENT: Mutex<Option<Current>> = Mutex::new(None);

struct Current {
    process: u32,
    runtime: Runtime,
    at_once: Arc<Semaphore>,
}

/// This process's runtime, and its limit of calls.
pub(crate) fn current(py: Python<'_>) -> PyResult<(Handle, Arc<Semaphore>)> {
    let mut current = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
    let process = process::id();
    if current.as_ref().is_none_or(|current| current.process != process) {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .max_blocking_threads(8)
            .thread_name("authentik-netbird")
            .enable_all()
            .build()?;
        let at_once = Arc::new(Semaphore::new(AT_ONCE));
        // A parent's is left as it is: its threads are not here to be stopped.
        mem::forget(current.replace(Current { process, runtime, at_once }));
        py.import("atexit")?.call_method1("register", (pyo3::wrap_pyfunction!(shut_down, py)?,))?;
    }
    match &*current {
        Some(current) => Ok((current.runtime.handle().clone(), Arc::clone(&current.at_once))),
        None => Err(errors::raise("InternalError", "there is no runtime")),
    }
}

/// Stops the runtime before the interpreter goes, so that no thread needs it afterwards.
#[pyfunction]
fn shut_down(py: Python<'_>) {
    let current = CURRENT.lock().unwrap_or_else(PoisonError::into_inner).take();
    match current {
        Some(current) if current.process == process::id() => {
            py.detach(|| current.runtime.shutdown_timeout(Duration::from_millis(200)));
        }
        other => mem::forget(other),
    }
}

/// Where a blocking call's news come from: a channel to the thread that waits.
pub(crate) fn news() -> (Tell, mpsc::UnboundedReceiver<News>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let tell = move |news| {
        // Nobody listens any more once the work was stopped.
        let _ = sender.send(news);
    };
    (Arc::new(tell), receiver)
}

/// Runs a call on the runtime and waits for it, the interpreter released; its news are delivered on
/// this thread. Ctrl-C and what a listener raises stop it: nothing more is sent.
pub(crate) fn wait<T: Send + 'static>(
    py: Python<'_>,
    call: impl Future<Output = Result<T, Error>> + Send + 'static,
    mut news: mpsc::UnboundedReceiver<News>,
) -> PyResult<T> {
    enum Next<T> {
        News(News),
        Done(Result<Result<T, Error>, tokio::task::JoinError>),
        Nothing,
    }
    let (runtime, at_once) = current(py)?;
    let mut task = runtime.spawn(async move {
        // The semaphore is never closed.
        let _place = at_once.acquire_owned().await;
        call.await
    });
    loop {
        let next = py.detach(|| {
            runtime.block_on(async {
                tokio::select! {
                    biased;
                    Some(news) = news.recv() => Next::News(news),
                    done = &mut task => Next::Done(done),
                    () = tokio::time::sleep(POLL_INTERVAL) => Next::Nothing,
                }
            })
        });
        let deliver = |news: News| news.callable(py)?.call0().map(drop);
        let stop = match next {
            Next::Done(done) => {
                // News that came between the last two.
                while let Ok(last) = news.try_recv() {
                    deliver(last)?;
                }
                return finish(done);
            }
            Next::News(news) => deliver(news),
            Next::Nothing => Ok(()),
        };
        if let Err(error) = stop.and_then(|()| py.check_signals()) {
            task.abort();
            return Err(error);
        }
    }
}

/// The result of a call, as a Python object.
pub(crate) fn finish<T>(done: Result<Result<T, Error>, tokio::task::JoinError>) -> PyResult<T> {
    match done {
        Ok(result) => result.map_err(errors::to_python),
        Err(error) if error.is_cancelled() => Err(errors::raise(
            "ClientClosedError",
            "the interpreter is ending and stopped the call; running again is safe",
        )),
        Err(_) => Err(errors::raise(
            "InternalError",
            "internal error, please report it; it is safe to retry",
        )),
    }
}

/// A task that stops when nobody waits for it any more.
pub(crate) struct Stopping<T>(pub(crate) JoinHandle<T>);

impl<T> Drop for Stopping<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
