"""`ocspolicy` with the arguments given; ends with a line that tells which ways to a proof were imported, as JSON."""

import json
import sys

from ocspolicy.__main__ import main

if __name__ == "__main__":
    status = main()
    modules = {"solver": "highspy", "search": "ocspolicy.allocation.prove"}
    print("\n" + json.dumps({name: module in sys.modules for name, module in modules.items()}))
    sys.exit(status)
