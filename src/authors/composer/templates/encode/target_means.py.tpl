#: imports
from sklearn.compose import make_column_transformer
from sklearn.pipeline import make_union
from sklearn.preprocessing import TargetEncoder
#: functions
def many_levels(X):
    """Places of the whole-numbered columns with many values that come back: codes, not amounts."""
    values = [np.unique(column[~np.isnan(column)]) for column in X.T]
    return [
        place
        for place, each in enumerate(values)
        if 10 < len(each) < len(X) / 2 and (each == each.round()).all()
    ]
#: step
#: if regression
make_union("passthrough", make_column_transformer((TargetEncoder(target_type="continuous", random_state=__seed__), many_levels))),
#: else
make_union("passthrough", make_column_transformer((TargetEncoder(random_state=__seed__), many_levels))),
#: end
