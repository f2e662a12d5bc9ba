# The prover is shared with the tests of core.
target_sources(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/unit/core/helper_rules.c
	${CMAKE_CURRENT_SOURCE_DIR}/unit/core/helper_rules_book.c
	${CMAKE_CURRENT_SOURCE_DIR}/unit/core/helper_rules_cell.c)
