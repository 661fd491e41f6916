//! What time it is: the one clock of the program, and the ways to stop it.

use clap::Args;
use jiff::Timestamp;

use super::fault::Fault;
use crate::base::Problem;

/// The time of the run.
#[derive(Debug, Clone, Args)]
pub(super) struct ClockFlags {
    /// The time to note instead of the present, as 2025-02-14T08:00:00Z
    #[arg(long, value_name = "TIME", hide = true)]
    now: Option<Timestamp>,
}

impl ClockFlags {
    /// Returns the time told by `--now`, else by `SOURCE_DATE_EPOCH` (seconds since 1970), else by the clock.
    pub(super) fn now(&self) -> Result<Timestamp, Fault> {
        if let Some(now) = self.now {
            return Ok(now);
        }
        let Some(told) = std::env::var_os("SOURCE_DATE_EPOCH").filter(|t| !t.is_empty()) else {
            return Ok(Timestamp::now());
        };
        let told = told.to_string_lossy();
        let read = told.trim().parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
        read.ok_or_else(|| {
            let why = format!("SOURCE_DATE_EPOCH is \"{told}\"");
            Problem::error("cannot tell the time").why(why).hint("Set it to seconds since 1970, or not at all").into()
        })
    }
}
