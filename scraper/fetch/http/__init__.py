"""One exchange with a server: connections to checked addresses, requests, replies, codings."""
