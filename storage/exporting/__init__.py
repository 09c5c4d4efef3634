"""What leaves the archive: a writer per format, from a stream of records to a stream of bytes.

    tables          CSV for spreadsheets, JSON lines for programs
    spreadsheet     XLSX, which a double click opens (XlsxWriter, imported when it runs)
    parquet         typed columns, for pandas, polars, DuckDB, R (pyarrow, imported when it runs)
    bibliography    BibTeX, RIS, CSL-JSON
    graphml         articles, authors and where they point, for Gephi and networkx

A writer holds a bounded part of its input, whatever the number of articles, writes to any binary
stream (it never seeks, so that a pipe will do), and returns how many articles it wrote.
"""
