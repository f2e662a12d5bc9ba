# The program at the other end of the link.
add_dependencies(gatehouse_test_scanner_link gatehouse-scanner)
target_link_libraries(gatehouse_test_scanner_link PRIVATE sim)
