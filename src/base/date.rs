//! Calendar dates as texts write them.
