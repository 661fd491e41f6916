-- An analyst's verdict on a statement, or a statement that the machine did not find (verdict 'add'). Texts never change, so the
-- place in the text outlives the statement's id; holds_for is the statement the verdict holds for now.
CREATE TABLE review (
    key INTEGER PRIMARY KEY,
    statement_id TEXT,
    document_id TEXT NOT NULL REFERENCES document_text (id),
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    quote TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('accept', 'reject', 'correct', 'add')),
    seen_party TEXT,
    seen_topic TEXT,
    seen_stance INTEGER,
    party TEXT,
    topic TEXT,
    stance INTEGER CHECK (stance BETWEEN -2 AND 2),
    condition TEXT,
    stated_on TEXT,
    speaker TEXT,
    note TEXT,
    reviewer TEXT,
    at TEXT NOT NULL,
    run INTEGER NOT NULL REFERENCES run (id),
    holds_for TEXT
) STRICT;
CREATE INDEX review_document ON review (document_id);
CREATE INDEX review_holds_for ON review (holds_for);
