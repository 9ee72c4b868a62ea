"""The bound: libyaml's events of a file, with no object made of them; ends with a line of the CPU seconds."""

import sys
import time

from yaml._yaml import CParser  # type: ignore[import-untyped,unused-ignore]

if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        text = file.read()
    CParser(text[: text.index("\n", 10_000)]).raw_parse()
    began = time.process_time()
    CParser(text).raw_parse()
    print(time.process_time() - began)
