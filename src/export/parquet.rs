//! Tables as Apache Parquet, for DuckDB, pandas, Polars and Spark: the columns of the CSV files, with their types.

use std::io::Write;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};

use super::table::{Kind, Table};
use super::{Error, positions, statements};
use crate::base::date::days;
use crate::codebook::Labels;
use crate::matrix::Matrix;
use crate::statement::Statement;

/// Rows that are packed together; programs read a file by such groups.
const GROUP: usize = 1 << 16;

/// Writes one row a statement, in the order given.
///
/// # Errors
/// Fails where `out` does.
pub fn write_statements_parquet<W: Write + Send>(out: W, statements: &[Statement]) -> std::result::Result<(), Error> {
    let rows = statements.iter().map(|s| statements::fields(s).map_err(|e| ParquetError::External(Box::new(e))));
    write(out, Table::Statements, rows).map_err(Error::from)
}

/// Writes one row for every position found, parties and topics in the order of the matrix.
///
/// # Errors
/// Fails where `out` does.
pub fn write_positions_parquet<W: Write + Send>(
    out: W,
    matrix: &Matrix,
    statements: &[Statement],
    labels: &Labels,
) -> std::result::Result<(), Error> {
    let rows = positions::rows(matrix, statements, labels).map(|row| Ok(row.to_vec()));
    write(out, Table::Positions, rows).map_err(Error::from)
}

fn write<W: Write + Send>(out: W, table: Table, rows: impl Iterator<Item = Result<Vec<String>>>) -> Result<()> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(concat!("demarche ", env!("CARGO_PKG_VERSION")).to_string())
        .build();
    let mut file = SerializedFileWriter::new(out, schema(table)?, Arc::new(properties))?;
    let mut rows = rows.peekable();
    while rows.peek().is_some() {
        let group: Vec<Vec<String>> = rows.by_ref().take(GROUP).collect::<Result<_>>()?;
        let mut written = file.next_row_group()?;
        for (at, column) in table.columns().iter().enumerate() {
            put(&mut written, table.kind(column), &group, at)?;
        }
        written.close()?;
    }
    file.close().map(|_| ())
}

/// Every column may lack a value, as the fields of the CSV files may be empty.
fn schema(table: Table) -> Result<TypePtr> {
    let field = |name: &&str| {
        let (physical, logical) = match table.kind(name) {
            Kind::Text | Kind::List => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Kind::Integer => (Physical::INT64, None),
            Kind::Decimal => (Physical::DOUBLE, None),
            Kind::Boolean | Kind::YesNo => (Physical::BOOLEAN, None),
            Kind::Date => (Physical::INT32, Some(LogicalType::Date)),
        };
        let field = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
        field.with_logical_type(logical).build().map(Arc::new)
    };
    let fields = table.columns().iter().map(field).collect::<Result<_>>()?;
    Type::group_type_builder(table.name()).with_fields(fields).build().map(Arc::new)
}

/// Writes one column of a group.
fn put<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    kind: Kind,
    rows: &[Vec<String>],
    at: usize,
) -> Result<()> {
    let Some(mut column) = group.next_column()? else { return Ok(()) };
    let texts: Vec<Option<&str>> =
        rows.iter().map(|row| row.get(at).map(String::as_str).filter(|text| !text.is_empty())).collect();
    match column.untyped() {
        ColumnWriter::ByteArrayColumnWriter(to) => {
            let (values, there) = parsed(&texts, |text| Some(ByteArray::from(text)));
            to.write_batch(&values, Some(&there), None)?;
        }
        ColumnWriter::Int64ColumnWriter(to) => {
            let (values, there) = parsed(&texts, |text| text.parse().ok());
            to.write_batch(&values, Some(&there), None)?;
        }
        ColumnWriter::DoubleColumnWriter(to) => {
            let (values, there) = parsed(&texts, |text| text.parse().ok());
            to.write_batch(&values, Some(&there), None)?;
        }
        ColumnWriter::BoolColumnWriter(to) => {
            let yes = if kind == Kind::YesNo { "yes" } else { "true" };
            let (values, there) = parsed(&texts, |text| Some(text == yes));
            to.write_batch(&values, Some(&there), None)?;
        }
        ColumnWriter::Int32ColumnWriter(to) => {
            let (values, there) = parsed(&texts, |text| text.parse().ok().map(days));
            to.write_batch(&values, Some(&there), None)?;
        }
        _ => return Err(ParquetError::General("a column of a type that no table has".to_string())),
    }
    column.close()
}

/// The values there are, and for each row whether (1) or not (0) it has one.
fn parsed<T>(texts: &[Option<&str>], parse: impl Fn(&str) -> Option<T>) -> (Vec<T>, Vec<i16>) {
    let values: Vec<Option<T>> = texts.iter().map(|text| text.and_then(&parse)).collect();
    let there = values.iter().map(|value| i16::from(value.is_some())).collect();
    (values.into_iter().flatten().collect(), there)
}

impl From<ParquetError> for Error {
    fn from(error: ParquetError) -> Self {
        match error {
            ParquetError::External(source) => match source.downcast::<std::io::Error>() {
                Ok(io) => Error::Io(*io),
                Err(other) => Error::Io(std::io::Error::other(other)),
            },
            other => Error::Io(std::io::Error::other(other)),
        }
    }
}
