"""A package that this environment does not have."""

import a_package_that_nobody_has

print(a_package_that_nobody_has)
