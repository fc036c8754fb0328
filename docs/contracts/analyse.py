"""Energy and self-consumption of every site from the journal: python analyse.py journal/results*.jsonl."""

import sys

import pandas as pd

records = pd.concat(pd.read_json(path, lines=True) for path in sys.argv[1:])
records = records.sort_values(["site", "timestamp"], kind="stable")

# A reading counts for the time since the one before it; the first of a site, and one after more than an hour, does not.
hours = records.groupby("site")["timestamp"].diff().dt.total_seconds() / 3600
hours = hours.where(hours <= 1, 0.0)
own_use = records[["meter", "pv"]].min(axis="columns")
power = pd.DataFrame({"load": records["meter"], "pv": records["pv"], "own_use": own_use})

energy = power.mul(hours, axis="index").groupby(records["site"]).sum().add_suffix("_kwh")
energy["self_consumption"] = energy["own_use_kwh"] / energy["pv_kwh"]  # share of the PV energy that is used at home
print(energy.round(4).to_string())
