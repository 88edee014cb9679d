//! asyncio's futures of calls that run on our runtime.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use authentik_netbird_core::Error;
use pyo3::prelude::*;
use pyo3_async_runtimes::TaskLocals;
use pyo3_async_runtimes::generic::{self, ContextExt, Runtime};

use crate::errors;
use crate::news::{News, Tell};
use crate::runtime::{self, Stopping};

/// The event loop of the first call, which is that of all.
#[derive(Default)]
pub(crate) struct OwnLoop(Mutex<Option<Py<PyAny>>>);

impl OwnLoop {
    /// The running event loop. Raises `EventLoopError` if there is none, or another.
    pub(crate) fn running<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let running = pyo3_async_runtimes::get_running_loop(py)
            .map_err(|_| errors::raise("EventLoopError", "there is no running event loop"))?;
        let mut own = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = own.get_or_insert_with(|| running.clone().unbind());
        if own.bind(py).is(&running) {
            return Ok(running);
        }
        Err(errors::raise(
            "EventLoopError",
            "this AsyncClient belongs to another event loop; create one in each",
        ))
    }
}

/// Brings news to an event loop.
pub(crate) fn tell(event_loop: &Bound<'_, PyAny>) -> Tell {
    let event_loop = event_loop.clone().unbind();
    Arc::new(move |news: News| {
        // Without an interpreter, or with a closed loop, nobody listens any more.
        let _ = Python::try_attach(|py| {
            let callable = news.callable(py)?;
            event_loop.bind(py).call_method1("call_soon_threadsafe", (callable,)).map(drop)
        });
    })
}

/// An asyncio future of a call.
pub(crate) fn future<'py, T, P>(
    event_loop: Bound<'py, PyAny>,
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
    wrap: fn(T) -> P,
) -> PyResult<Bound<'py, PyAny>>
where
    T: Send + 'static,
    P: for<'a> IntoPyObject<'a> + Send + 'static,
{
    let py = event_loop.py();
    let (runtime, at_once) = runtime::current(py)?;
    // The bridge spawns its tasks there.
    let _entered = runtime.enter();
    let locals = TaskLocals::new(event_loop);
    let call = async move {
        let mut task = Stopping(tokio::spawn(async move {
            // The semaphore is never closed.
            let _place = at_once.acquire_owned().await;
            work.await
        }));
        let done = (&mut task.0).await;
        runtime::finish(done).map(wrap)
    };
    generic::future_into_py_with_locals::<OwnRuntime, _, P>(py, locals, call)
}

/// The runtime that was entered, as the bridge to asyncio wants it.
struct OwnRuntime;

struct Joined(tokio::task::JoinHandle<()>);

struct JoinError(tokio::task::JoinError);

impl generic::JoinError for JoinError {
    fn is_panic(&self) -> bool {
        self.0.is_panic()
    }

    fn into_panic(self) -> Box<dyn std::any::Any + Send + 'static> {
        self.0.into_panic()
    }
}

impl Future for Joined {
    type Output = Result<(), JoinError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map_err(JoinError)
    }
}

impl Runtime for OwnRuntime {
    type JoinError = JoinError;
    type JoinHandle = Joined;

    fn spawn<F: Future<Output = ()> + Send + 'static>(future: F) -> Joined {
        Joined(tokio::spawn(future))
    }

    fn spawn_blocking<F: FnOnce() + Send + 'static>(work: F) -> Joined {
        Joined(tokio::task::spawn_blocking(work))
    }
}

impl ContextExt for OwnRuntime {
    fn scope<F, R>(_: TaskLocals, future: F) -> Pin<Box<dyn Future<Output = R> + Send>>
    where
        F: Future<Output = R> + Send + 'static,
    {
        Box::pin(future)
    }

    fn get_task_locals() -> Option<TaskLocals> {
        None
    }
}
