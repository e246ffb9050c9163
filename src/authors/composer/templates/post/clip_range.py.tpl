#: values
np.clip(__values__, __target__.min(), __target__.max())
