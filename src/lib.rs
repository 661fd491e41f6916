//! Who stands where in a negotiation: reads the news, codes each party's stated positions, lays them out in a matrix.

pub mod advice;
pub mod attribution;
pub mod base;
pub mod cli;
pub mod codebook;
pub mod diff;
pub mod document;
pub mod eval;
pub mod export;
pub mod ledger;
pub mod matrix;
pub mod report;
pub mod review;
pub mod statement;
pub mod text;
pub mod workbook;
