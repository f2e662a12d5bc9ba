# Ten thousand whole checks under sanitizers on a machine that does other things too.
set_tests_properties(unit/${dir}/${name} PROPERTIES TIMEOUT 600)
