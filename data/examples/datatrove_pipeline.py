"""A datatrove pipeline: archives of Common Crawl in, articles as JSON lines out.

    pip install "winnow-news[datatrove]"
    python datatrove_pipeline.py s3://commoncrawl/crawl-data/CC-NEWS/2026/01 articles/

Addresses in the cloud need what fsspec asks for, such as s3fs; python-magic needs libmagic.
"""

import argparse

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import WarcReader
from datatrove.pipeline.writers.jsonl import JsonlWriter

from pipelines.integrations.for_datatrove import WinnowExtractor


def main() -> None:
    """Read the archives of a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archives")
    parser.add_argument("output")
    parser.add_argument("--tasks", type=int, default=1)
    arguments = parser.parse_args()
    LocalPipelineExecutor(
        pipeline=[
            WarcReader(arguments.archives, glob_pattern="*.warc.gz"),
            WinnowExtractor(text_format="markdown", min_confidence=0.2),
            JsonlWriter(arguments.output),
        ],
        tasks=arguments.tasks,
        logging_dir=f"{arguments.output}/logs",
    ).run()


if __name__ == "__main__":
    main()
