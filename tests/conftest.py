"""What holds for all tests."""

from hypothesis import settings

# A busy machine is no fault of the code: no test says how long an example may take.
settings.register_profile("winnow", deadline=None)
settings.load_profile("winnow")
