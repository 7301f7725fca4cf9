"""From pages to documents: by issue, the best copy of each page, put together with what is already back, and judged."""
