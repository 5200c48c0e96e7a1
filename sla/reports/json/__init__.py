"""Judgements as the JSON of SPEC 10."""
