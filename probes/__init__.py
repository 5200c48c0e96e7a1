"""Looks at one thing, once. Knows no asset, no contract, no schedule; runs on hostile replies."""
