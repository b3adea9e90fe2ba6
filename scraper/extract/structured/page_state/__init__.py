"""The state that scripts draw a page from, and the story told in it."""
