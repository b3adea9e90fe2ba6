"""What a page says about itself to machines: JSON-LD, microdata, the body stated there."""
