"""Web archives as archivists exchange them: WARC files and WACZ packages, both ways.

    unpacking       the bytes inside gzip, zstd or nothing, past damaged places
    records         bytes → WARC records, each by itself, whatever stands between them
    answers         WARC records → captures
    writing         captures → WARC records
    packages        WACZ: a ZIP of WARC files with an index and a list of pages

The formats are read and written here, and checked in the tests against other people's programs.
The libraries that exist stop at the first damaged record, read no zstd, or take whole files for
granted; what comes from elsewhere is seldom that tidy.
"""
