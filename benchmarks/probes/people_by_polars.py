"""The people of a CSV file counted with polars, in its plainest form; prints how many there are."""

import sys

import polars as pl  # type: ignore[import-not-found,unused-ignore]

if __name__ == "__main__":
    identity = pl.col("userPrincipalName").str.strip_chars().str.to_lowercase()
    print(pl.scan_csv(sys.argv[1]).select(identity.n_unique()).collect().item())
