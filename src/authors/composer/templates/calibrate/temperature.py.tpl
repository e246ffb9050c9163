#: imports
from sklearn.metrics import log_loss
#: functions
def temper(shares, power):
    """Sharper above 1, softer below; no class is ever impossible."""
    powered = np.clip(shares, __floor__, 1) ** power
    return powered / powered.sum(axis=1, keepdims=True)
#: check
# One number repairs over- and under-confidence; the hold-out rows say which.
powers = np.geomspace(0.4, 2.5, 41)
losses = [log_loss(y[outer], temper(guess, each), labels=range(len(CLASSES))) for each in powers]
power = powers[np.argmin(losses)]
#: probabilities
temper(__probabilities__, power)
