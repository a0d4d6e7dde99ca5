//! Signals that end the program, held back while reports are written, so that no temporary file stays behind.
//!
//! The first one makes writing stop after the file at hand and remove what it wrote; the program then ends by that
//! signal, as its caller expects. A second one ends it at once. Outside of writing nothing is held back. Where there are
//! no such signals the program is ended by the system alone.

#[cfg(unix)]
pub(crate) use unix::Held;

/// Signals are not held back here.
#[cfg(not(unix))]
pub(crate) struct Held;

#[cfg(not(unix))]
impl Held {
    pub(crate) fn back() -> Self {
        Self
    }

    pub(crate) fn pending(&self) -> bool {
        false
    }
}

#[cfg(unix)]
mod unix {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::{flag, low_level};

    /// Signals are held back while this lives.
    pub(crate) struct Held {
        /// Whether a signal ends the program: after the first, and when this has gone.
        ends: Arc<AtomicBool>,
        /// The signal that came; 0 for none.
        came: Arc<AtomicUsize>,
    }

    impl Held {
        /// Begins to hold signals back. Where the system refuses, they are not.
        pub(crate) fn back() -> Self {
            let held = Self { ends: Arc::new(AtomicBool::new(false)), came: Arc::new(AtomicUsize::new(0)) };
            for signal in [SIGINT, SIGTERM] {
                let number = usize::try_from(signal).unwrap_or_default();
                // In this order, so that the first signal does not yet see what it sets.
                let _ = flag::register_conditional_default(signal, Arc::clone(&held.ends))
                    .and_then(|_| flag::register_usize(signal, Arc::clone(&held.came), number))
                    .and_then(|_| flag::register(signal, Arc::clone(&held.ends)));
            }
            held
        }

        /// Whether a signal came.
        pub(crate) fn pending(&self) -> bool {
            self.came.load(Ordering::SeqCst) != 0
        }
    }

    impl Drop for Held {
        fn drop(&mut self) {
            self.ends.store(true, Ordering::SeqCst);
            if let Some(signal) = i32::try_from(self.came.load(Ordering::SeqCst)).ok().filter(|signal| *signal != 0) {
                // Ends the program; where that fails, it goes on to report that it was interrupted.
                let _ = low_level::emulate_default_handler(signal);
            }
        }
    }
}
