from .engine import allocate
from .values import Allocation, Ask, Asker, Certificate, Grant, NotProvenError, Serves
