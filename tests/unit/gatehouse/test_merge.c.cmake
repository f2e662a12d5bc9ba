target_link_libraries(${name} PRIVATE office_parts)
add_dependencies(${name} gatehouse-stick)
