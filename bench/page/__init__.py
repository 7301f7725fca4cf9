"""What ``bench_page`` needs: an office with many cases and documents on record, and people who click."""
