# The program that fetches.
add_dependencies(${name} gatehouse-stick)
