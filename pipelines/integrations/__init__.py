"""winnow as a step of pipelines that others run: datatrove's and Scrapy's."""
