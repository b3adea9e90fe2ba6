"""Archives that many machines read, written as Parquet files.

A split is the work of one task: a stretch of an archive, or some single pages. A shard is the
Parquet file that it becomes, and its marker says what became of it. On disk shards lie in
``parts/``: people name that folder in their queries.
"""
