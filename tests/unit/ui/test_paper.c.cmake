target_link_libraries(ui_test_paper PRIVATE PkgConfig::zbar)
