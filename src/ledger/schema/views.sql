-- For people who open the file in a database browser. Made anew whenever the schema changes.
CREATE VIEW run_list AS
SELECT r.id AS run, r.at, r.command, r.engine, r.codebook, r.codebook_hash, r.options,
    (SELECT count(*) FROM document d WHERE d.added_run = r.id) AS documents_added,
    (SELECT count(*) FROM document d WHERE d.dropped_run = r.id) AS documents_replaced
FROM run r;

CREATE VIEW document_list AS
SELECT d.name, d.outlet, d.title, d.author, d.url, d.published, d.published_from, d.id,
    length(t.text) AS characters,
    (SELECT count(*) FROM statement s WHERE s.document = d.key AND s.dropped_run IS NULL) AS statements,
    d.unplaced AS speakers_not_placed, d.added_run, r.at AS added_at, d.coded_run
FROM document d
JOIN document_text t ON t.id = d.id
JOIN run r ON r.id = d.added_run
WHERE d.dropped_run IS NULL;

CREATE VIEW statement_list AS
SELECT s.id, s.party, s.topic, s.stance, s.condition, s.day, s.stated_on, d.published, s.speaker, s.role, s.rank,
    s.quote, s.mode, s.confidence, s.joint, s.secondhand, d.name AS doc, s.start, s."end", d.outlet, d.title, d.url,
    p.context, p.source_text, p.rules, s.added_run, r.at AS added_at
FROM statement s
JOIN document d ON d.key = s.document
JOIN passage p ON p.statement = s.key
JOIN run r ON r.id = s.added_run
WHERE s.dropped_run IS NULL;
