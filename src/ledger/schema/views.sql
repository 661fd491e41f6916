-- For people who open the file in a database browser. Made anew whenever the schema changes.
CREATE VIEW run_list AS
SELECT r.id AS run, r.at, r.command, r.engine, r.codebook, r.codebook_hash, r.options,
    (SELECT count(*) FROM document d WHERE d.added_run = r.id) AS documents_added,
    (SELECT count(*) FROM review v WHERE v.run = r.id) AS reviews_added
FROM run r;

CREATE VIEW document_list AS
SELECT d.name, d.outlet, d.title, d.author, d.url, d.published, d.published_from, d.id,
    length(t.text) AS characters,
    (SELECT count(*) FROM statement s WHERE s.document = d.key AND s.dropped_run IS NULL) AS statements,
    d.unplaced AS speakers_not_placed, d.elsewhere, d.copy_of, d.added_run, r.at AS added_at, d.coded_run
FROM document d
JOIN document_text t ON t.id = d.id
JOIN run r ON r.id = d.added_run
WHERE d.dropped_run IS NULL;

CREATE VIEW review_list AS
SELECT v.key AS review, v.verdict, v.seen_party, v.seen_topic, v.seen_stance, v.party, v.topic, v.stance, v.condition,
    v.stated_on, v.speaker, v.note, v.reviewer, v.at, d.name AS doc, v.quote, v.statement_id, v.holds_for,
    CASE
        WHEN v.verdict = 'add' THEN 'added'
        WHEN v.holds_for IS NULL THEN 'lost'
        WHEN EXISTS (SELECT 1 FROM review w WHERE w.holds_for = v.holds_for AND w.key > v.key) THEN 'superseded'
        ELSE 'holds'
    END AS state
FROM review v
LEFT JOIN document d ON d.id = v.document_id AND d.dropped_run IS NULL;

CREATE VIEW statement_list AS
SELECT s.id, s.party, s.topic, s.stance, s.condition, s.day, s.stated_on, d.published, s.speaker, s.role, s.rank,
    s.quote, s.mode, s.confidence, s.joint, s.secondhand,
    (SELECT v.verdict FROM review v WHERE v.holds_for = s.id AND v.verdict <> 'add' ORDER BY v.key DESC LIMIT 1) AS review,
    d.name AS doc, s.start, s."end", d.outlet, d.title, d.url, d.copy_of, p.context, p.source_text, p.rules, s.added_run,
    r.at AS added_at
FROM statement s
JOIN document d ON d.key = s.document
JOIN passage p ON p.statement = s.key
JOIN run r ON r.id = s.added_run
WHERE s.dropped_run IS NULL;

CREATE VIEW position_evidence AS
SELECT coalesce(v.party, v.seen_party, s.party) AS party, coalesce(v.topic, v.seen_topic, s.topic) AS topic,
    coalesce(v.stance, v.seen_stance, s.stance) AS stance,
    coalesce(v.stated_on, s.day) AS day, s.speaker, s.rank, s.quote, coalesce(v.condition, s.condition) AS condition,
    CASE WHEN v.key IS NULL THEN s.confidence ELSE 1.0 END AS confidence, v.verdict AS review, d.outlet, d.name AS doc,
    s.id
FROM statement s
JOIN document d ON d.key = s.document
LEFT JOIN review v ON v.key = (
    SELECT max(w.key) FROM review w WHERE w.holds_for = s.id AND w.verdict <> 'add'
)
WHERE s.dropped_run IS NULL AND s.secondhand = 0
    AND (s.role IN ('government', 'legislator') OR v.party IS NOT NULL) AND coalesce(v.party, s.party) <> 'none'
    AND coalesce(v.verdict, '') <> 'reject'
UNION ALL
SELECT coalesce(w.party, v.party), coalesce(w.topic, v.topic), coalesce(w.stance, v.stance),
    coalesce(w.stated_on, v.stated_on, d.published), v.speaker, 'official', v.quote, coalesce(w.condition, v.condition), 1.0,
    coalesce(w.verdict, v.verdict), d.outlet, d.name, v.holds_for
FROM review v
JOIN document d ON d.id = v.document_id AND d.dropped_run IS NULL
LEFT JOIN review w ON w.key = (
    SELECT max(x.key) FROM review x WHERE x.holds_for = v.holds_for AND x.verdict <> 'add' AND x.key > v.key
)
WHERE v.verdict = 'add' AND coalesce(w.verdict, '') <> 'reject' AND coalesce(w.party, v.party) <> 'none'
    AND NOT EXISTS (SELECT 1 FROM review x WHERE x.holds_for = v.holds_for AND x.verdict = 'add' AND x.key > v.key);
