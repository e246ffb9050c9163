#: target
np.log1p(__values__)
#: values
np.expm1(__values__)
