# Draws the codes it photographs.
target_link_libraries(${name} PRIVATE PkgConfig::libqrencode)
