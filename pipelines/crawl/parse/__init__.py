"""From a page to what is on it: pure functions, in processes of their own."""
