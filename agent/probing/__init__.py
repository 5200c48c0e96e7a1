"""Checks looked at when they are due."""
