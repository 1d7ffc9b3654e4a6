"""Who the practitioners, patients, contacts and doctors are."""
