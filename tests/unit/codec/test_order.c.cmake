# Its words are the format's own; the test holds them to those of the domain.
target_link_libraries(${name} PRIVATE core)
