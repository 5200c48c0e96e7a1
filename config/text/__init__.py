"""The languages: catalogues, and a command line that speaks them."""
