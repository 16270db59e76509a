//! Whether demo data is being played. While it is, pages say so and forms answer 503.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// Cheap to clone; all clones agree.
#[derive(Clone, Debug, Default)]
pub struct DemoState(Arc<AtomicU8>);

impl DemoState {
    /// From now on pages say that the demo is being played.
    pub fn start_loading(&self) {
        self.0.store(1, Ordering::Release);
    }

    pub fn finish_loading(&self) {
        self.0.store(2, Ordering::Release);
    }

    pub fn is_loading(&self) -> bool {
        self.0.load(Ordering::Acquire) == 1
    }

    /// For `/health`: `None` when this installation has no demo.
    pub fn word(&self) -> Option<&'static str> {
        match self.0.load(Ordering::Acquire) {
            0 => None,
            1 => Some("loading"),
            _ => Some("ready"),
        }
    }
}
