"""From a URL to the page behind it: in this process, or on the machines of a cluster."""
