//! A workbook that demarche wrote, back into rows.
