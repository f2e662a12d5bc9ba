target_link_libraries(sim_test_print_path PRIVATE PkgConfig::zbar)
