target_sources(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/unit/store/helper_store.c)
target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/unit/store)
target_link_libraries(${name} PRIVATE office_parts PkgConfig::libseccomp)
add_dependencies(${name} gatehouse-stick)
