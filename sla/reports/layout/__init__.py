"""One document, laid out as text, HTML, PDF, DOCX and XLSX."""
