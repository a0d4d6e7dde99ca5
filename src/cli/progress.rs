//! How far reading is, for a person who waits at a terminal.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How often the line is drawn again.
const PERIOD: Duration = Duration::from_millis(200);

/// A line on standard error that says how much has been read; it goes away with this value. Where
/// standard error is no terminal there is none.
pub(crate) struct Progress {
    running: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Begins to show a count of decoded bytes.
    pub(crate) fn of(bytes: &Arc<AtomicU64>) -> Self {
        if !io::stderr().is_terminal() {
            return Self { running: None };
        }
        let (stop, stopped) = channel::<()>();
        let bytes = Arc::clone(bytes);
        let thread = thread::spawn(move || {
            loop {
                let read = bytes.load(Ordering::Relaxed) / 1_000_000;
                // A line that cannot be drawn is lost without harm.
                let _ = write!(io::stderr().lock(), "\r\u{1b}[Kreading: {read} MB");
                let _ = io::stderr().flush();
                if stopped.recv_timeout(PERIOD) != Err(RecvTimeoutError::Timeout) {
                    break;
                }
            }
            let _ = write!(io::stderr().lock(), "\r\u{1b}[K");
        });
        Self { running: Some((stop, thread)) }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            drop(stop);
            let _ = thread.join();
        }
    }
}
