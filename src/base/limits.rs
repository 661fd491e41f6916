//! What the tool takes and what it refuses, in one place.

/// Bytes of one document file: larger files are refused by name.
pub const DOCUMENT_BYTES: u64 = 64 << 20;
/// Characters a spreadsheet cell may hold (Excel's limit).
pub const CELL_CHARS: usize = 32_767;
/// Rows of one worksheet, header included (Excel's limit).
pub const SHEET_ROWS: u32 = 1_048_576;
/// Bytes of one data file of a codebook or lexicon.
pub const DATA_FILE_BYTES: u64 = 16 << 20;
/// Elements that may lie in each other in a page or a Word file.
pub const NESTING: usize = 512;
/// Attributes of one tag of a page.
pub const ATTRIBUTES: usize = 256;
/// Paragraphs of a page.
pub const PARAGRAPHS: usize = 500_000;
/// Parts of a mail.
pub const PARTS: usize = 1_000;
/// Pages of a PDF.
pub const PAGES: usize = 5_000;
/// Times the size of a Parquet file that its rows may take, unpacked; beside what any archive may.
pub const EXPANSION: u64 = 200;
/// Seconds that the process may take which reads a PDF; and that which reads a Parquet file, for some rows of it.
pub const WORKER_SECONDS: u64 = 4;
/// Bytes of memory that it may take.
pub const WORKER_BYTES: u64 = 400 << 20;
/// Threads: some thousands bring a machine to a standstill.
pub const THREADS: u16 = 256;
/// Files in a zip archive of documents.
pub const MEMBERS: usize = 10_000;
/// Bytes of all documents of an archive, unpacked.
pub const UNPACKED_BYTES: u64 = 256 << 20;
