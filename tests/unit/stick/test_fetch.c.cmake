target_link_libraries(${name} PRIVATE office_parts)
