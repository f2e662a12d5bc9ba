target_link_libraries(${name} PRIVATE office_parts PkgConfig::zlib)
add_dependencies(${name} gatehouse-stick)
