//! [`Payload`]: an answer's body as it goes over the wire, whole or spoilt on purpose.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::time::Sleep;

/// Into how many pieces a slow body is cut.
const PIECES: usize = 10;
/// The content of a flood: white space, which JSON may have any amount of.
const SPACES: &[u8] = &[b' '; 64 * 1024];

/// An error of the service: hyper answers it by closing the connection.
#[derive(Debug)]
pub(super) struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cut on purpose")
    }
}

impl std::error::Error for Cut {}

/// A body that can promise more than it gives, and take its time.
pub(super) struct Payload {
    rest: Bytes,
    /// As its Content-Length says; without one it comes in chunks.
    promised: Option<u64>,
    end: End,
    pace: Option<Pace>,
    /// White space that is still to come before the rest.
    flood: u64,
}

/// How a body ends.
#[derive(PartialEq, Eq)]
enum End {
    Complete,
    /// Sends the data so far first: hyper drops what it holds when a body fails.
    BreakOffSoon,
    BreakOff,
}

/// Pauses between the pieces of a body.
struct Pace {
    piece: usize,
    pause: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
}

impl Payload {
    pub(super) fn whole(body: &str) -> Self {
        let rest = Bytes::copy_from_slice(body.as_bytes());
        let promised = Some(rest.len() as u64);
        Self { rest, promised, end: End::Complete, pace: None, flood: 0 }
    }

    /// Breaks off in the middle.
    pub(super) fn truncated(self) -> Self {
        let rest = self.rest.slice(..self.rest.len() / 2);
        Self { rest, end: End::BreakOffSoon, ..self }
    }

    /// Comes in pieces, the last one after that time.
    pub(super) fn slow(self, time: Duration) -> Self {
        let piece = self.rest.len().div_ceil(PIECES).max(1);
        let pause = time / u32::try_from(PIECES).unwrap_or(1);
        Self { pace: Some(Pace { piece, pause, waiting: None }), ..self }
    }

    /// Comes after that many bytes of white space.
    pub(super) fn flooded(self, bytes: u64) -> Self {
        Self { flood: bytes, promised: None, ..self }
    }
}

impl Pace {
    /// Whether it is time for the next piece.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let pause = self.pause;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(tokio::time::sleep(pause)));
        let due = waiting.as_mut().poll(context);
        if due.is_ready() {
            self.waiting = None;
        }
        due
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        if self.flood > 0 {
            let length = usize::try_from(self.flood).unwrap_or(usize::MAX).min(SPACES.len());
            self.flood -= length as u64;
            return Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&SPACES[..length])))));
        }
        if !self.rest.is_empty() {
            let mut length = self.rest.len();
            if let Some(pace) = &mut self.pace {
                if pace.poll(context).is_pending() {
                    return Poll::Pending;
                }
                length = length.min(pace.piece);
            }
            return Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(length)))));
        }
        match self.end {
            End::Complete => Poll::Ready(None),
            End::BreakOffSoon => {
                self.end = End::BreakOff;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            End::BreakOff => Poll::Ready(Some(Err(Cut))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.flood == 0 && self.end == End::Complete
    }

    fn size_hint(&self) -> SizeHint {
        self.promised.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
