"""Archives in pieces that many machines read, each written as a Parquet file."""
