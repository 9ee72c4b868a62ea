"""A file parsed to the tree with positions that all else is read from; ends with a line of the CPU seconds."""

import sys
import time

from ocspolicy.source import parse

if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        data = file.read()
    parse(data[: data.index(b"\n", 10_000)], "warm-up.yaml")
    began = time.process_time()
    source = parse(data, "estate.yaml")
    taken = time.process_time() - began
    if source.problem:
        sys.exit(source.problem.message)
    print(taken)
