"""Print the plan of folders: `python -m tests.architecture [--files] [FOLDER …]`."""

import argparse

from tests.architecture.imports import draw_plan

FOLDERS = (
    "scraper",
    "scraper/fetch",
    "scraper/extract",
    "pipelines",
    "pipelines/store",
    "pipelines/crawl",
    "pipelines/ingest",
    "pipelines/export",
)


def main() -> None:
    """One line a folder: what lies in it, and how its files import each other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", default=FOLDERS)
    parser.add_argument("--files", action="store_true", help="also count each file as a room")
    options = parser.parse_args()
    for folder in options.folders:
        print(f"{folder:20} {draw_plan(folder)}")
        if options.files:
            print(f"{'':20} {draw_plan(folder, by_file=True)}, as files")


if __name__ == "__main__":
    main()
