-- The name of the first document that tells the same story in nearly the same words, where this one is a copy of it.
ALTER TABLE document ADD COLUMN copy_of TEXT;
CREATE INDEX document_copy ON document (copy_of) WHERE copy_of IS NOT NULL;
CREATE INDEX document_story ON document (coalesce(copy_of, name));
CREATE INDEX document_published ON document (published) WHERE dropped_run IS NULL;

-- What copies of a text are told by: 32 hashes of 4 bytes, the lowest byte of each first.
CREATE TABLE sketch (
    id TEXT PRIMARY KEY REFERENCES document_text (id),
    hashes BLOB NOT NULL
) STRICT;
