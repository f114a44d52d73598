"""Running audits: from a request to stored measurements and decisions."""
