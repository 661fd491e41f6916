-- Whether a document is on something else than the negotiation and was not coded: 1 or 0.
ALTER TABLE document ADD COLUMN elsewhere INTEGER NOT NULL DEFAULT 0;
