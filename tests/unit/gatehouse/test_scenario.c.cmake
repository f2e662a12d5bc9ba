# Scenarios and the application call each other; where no main pulls the application in first, the
# linker must be told.
target_link_libraries(scenario PUBLIC gatehouse_parts core)
target_link_libraries(${name} PRIVATE scenario)
