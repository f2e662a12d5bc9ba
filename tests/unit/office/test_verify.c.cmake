target_sources(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/unit/stick/helper_kiosk.c)
target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/unit/stick)
target_link_libraries(${name} PRIVATE stick_parts)
