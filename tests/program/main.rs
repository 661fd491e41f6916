//! The program as its users meet it: arguments in; files, messages and exit codes out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod bad_codebook;
mod bad_input;
mod build;
#[path = "../common/mod.rs"]
mod common;
mod copies;
mod corpora;
mod diff;
mod exports;
mod exports_refi;
mod formulas;
mod hostile;
mod imports;
mod ledger;
mod ledger_faults;
mod ledger_matrix;
mod ledger_reviews;
mod parquet;
mod pdf;
mod project;
mod properties;
mod report;
mod review;
mod review_hostile;
mod run;
mod sheet;
mod strangers;
mod tutorial;
mod ways;
mod xml;
