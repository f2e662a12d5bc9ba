# The age program it is held to may be missing.
set_tests_properties(unit/codec/${name} PROPERTIES SKIP_RETURN_CODE 77)
