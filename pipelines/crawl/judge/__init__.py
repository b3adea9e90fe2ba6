"""Whether what came is what was asked for: a version is judged before it is stored."""
