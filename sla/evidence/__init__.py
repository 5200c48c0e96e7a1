"""Evidence: records, their JSON and files, instants, intervals, runs of readings."""
