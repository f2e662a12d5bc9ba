target_sources(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/unit/store/helper_store.c)
target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/unit/store)
