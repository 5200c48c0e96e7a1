"""This machine: its clock, its programs, its disks."""
