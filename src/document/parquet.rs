//! Parquet files as rows of text: the first row has the names of the columns.
//!
//! A malformed file may ask for any amount of memory and time: see [`worker`](super::worker).

use std::fs::File;
use std::io::Write;
use std::path::Path;

use jiff::Timestamp;
use parquet::basic::{Compression, LogicalType, TimeUnit};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use parquet::schema::types::Type;

use crate::base::{date, limits};

/// Writes the rows of a file as CSV, the names of its columns first. Columns of lists and groups are left out.
///
/// # Errors
///
/// Why the file cannot be read to its end; what came before is written.
pub(super) fn write_csv(path: &Path, out: impl Write) -> Result<(), String> {
    let file = File::open(path).map_err(|e| e.to_string())?;
    let packed = file.metadata().map_err(|e| e.to_string())?.len();
    let most = packed.saturating_mul(limits::EXPANSION).saturating_add(limits::UNPACKED_BYTES);
    let reader = SerializedFileReader::new(file).map_err(|e| e.to_string())?;
    // Packed otherwise, only its first page would tell, as a thing of ours.
    let packed = reader.metadata().row_groups().iter().flat_map(|group| group.columns()).map(|c| c.compression());
    if let Some(other) = packed.into_iter().find(|c| matches!(c, Compression::BROTLI(_) | Compression::LZO)) {
        let name = other.to_string();
        let name = name.split('(').next().unwrap_or_default();
        return Err(format!("it is packed with {name}, which is not read; snappy, zstd, gzip and lz4 are"));
    }
    let whole = reader.metadata().file_metadata().schema();
    let flat: Vec<_> = whole.get_fields().iter().filter(|field| field.is_primitive()).cloned().collect();
    let nanos: Vec<bool> = flat.iter().map(|field| is_nanos(field)).collect();
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(flat.iter().map(|field| field.name())).map_err(|e| e.to_string())?;
    if flat.is_empty() {
        return csv.flush().map_err(|e| e.to_string());
    }
    let schema = Type::group_type_builder(whole.name()).with_fields(flat).build().map_err(|e| e.to_string())?;
    let mut written = 0u64;
    for row in reader.get_row_iter(Some(schema)).map_err(|e| e.to_string())? {
        let row = row.map_err(|e| e.to_string())?;
        for ((_, field), nanos) in row.get_column_iter().zip(&nanos) {
            let text = text(field, *nanos);
            written = written.saturating_add(text.len() as u64 + 1);
            csv.write_field(text).map_err(|e| e.to_string())?;
        }
        if written > most {
            return Err(format!("it unpacks to more than {} times its size", limits::EXPANSION));
        }
        csv.write_record(None::<&[u8]>).map_err(|e| e.to_string())?;
    }
    csv.flush().map_err(|e| e.to_string())
}

/// Nanoseconds have no form of their own among the values.
fn is_nanos(field: &Type) -> bool {
    matches!(field.get_basic_info().logical_type_ref(), Some(LogicalType::Timestamp(time)) if time.unit == TimeUnit::NANOS)
}

fn text(field: &Field, nanos: bool) -> String {
    let day = |moment: Result<Timestamp, jiff::Error>| moment.map(|m| m.to_string()).unwrap_or_default();
    match field {
        Field::Str(text) => text.clone(),
        Field::Bytes(bytes) => String::from_utf8_lossy(bytes.data()).into_owned(),
        Field::Date(days) => date::from_days(*days).map(|day| day.to_string()).unwrap_or_default(),
        Field::TimestampMillis(n) => day(Timestamp::from_millisecond(*n)),
        Field::TimestampMicros(n) => day(Timestamp::from_microsecond(*n)),
        Field::Long(n) if nanos => day(Timestamp::from_nanosecond(i128::from(*n))),
        Field::Null | Field::Group(_) | Field::ListInternal(_) | Field::MapInternal(_) => String::new(),
        other => other.to_string(),
    }
}
