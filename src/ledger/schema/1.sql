-- One run of a command that wrote: when, with which engine and codebook.
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    command TEXT NOT NULL,
    engine TEXT NOT NULL,
    codebook TEXT NOT NULL,
    codebook_hash TEXT NOT NULL,
    options TEXT NOT NULL
) STRICT;

-- Texts stand apart from what is known of them, so that lists of documents need not read them.
CREATE TABLE document_text (
    id TEXT PRIMARY KEY,
    text TEXT NOT NULL
) STRICT;

-- What was known of a document from added_run on, until dropped_run put another row in its place.
CREATE TABLE document (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL REFERENCES document_text (id),
    name TEXT NOT NULL,
    file TEXT NOT NULL,
    title TEXT,
    outlet TEXT,
    url TEXT,
    author TEXT,
    published TEXT,
    published_from TEXT,
    unplaced TEXT NOT NULL,
    coded_run INTEGER NOT NULL REFERENCES run (id),
    added_run INTEGER NOT NULL REFERENCES run (id),
    dropped_run INTEGER REFERENCES run (id)
) STRICT;
CREATE UNIQUE INDEX document_now ON document (id) WHERE dropped_run IS NULL;
CREATE UNIQUE INDEX document_name_now ON document (name) WHERE dropped_run IS NULL;
CREATE INDEX document_coded ON document (coded_run) WHERE dropped_run IS NULL;
CREATE INDEX document_id ON document (id);

-- What the machine read from added_run on, until dropped_run read otherwise.
CREATE TABLE statement (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    document INTEGER NOT NULL REFERENCES document (key),
    party TEXT NOT NULL,
    topic TEXT NOT NULL,
    stance INTEGER NOT NULL CHECK (stance BETWEEN -2 AND 2),
    day TEXT,
    stated_on TEXT,
    confidence REAL NOT NULL,
    role TEXT NOT NULL,
    rank TEXT NOT NULL,
    mode TEXT NOT NULL,
    joint INTEGER NOT NULL,
    secondhand INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    speaker TEXT,
    condition TEXT,
    quote TEXT NOT NULL,
    added_run INTEGER NOT NULL REFERENCES run (id),
    dropped_run INTEGER REFERENCES run (id)
) STRICT;
CREATE UNIQUE INDEX statement_now ON statement (id) WHERE dropped_run IS NULL;
CREATE INDEX statement_id ON statement (id);
CREATE INDEX statement_document ON statement (document);
CREATE INDEX statement_position ON statement (party, topic, day);
CREATE INDEX statement_day ON statement (day);

-- What only a reader of the single statement needs.
CREATE TABLE passage (
    statement INTEGER PRIMARY KEY REFERENCES statement (key),
    context TEXT NOT NULL,
    source_text TEXT,
    rules TEXT NOT NULL
) STRICT;

CREATE VIRTUAL TABLE quote_search USING fts5 (
    quote, content = 'statement', content_rowid = 'key', tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER statement_quote AFTER INSERT ON statement BEGIN
    INSERT INTO quote_search (rowid, quote) VALUES (new.key, new.quote);
END;
