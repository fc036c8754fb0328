"""The dashboard Energy: PV, load and grid of all sites now and today, then of the sites chosen."""

from scripts.dashboards.dashboard import Band, choice, computed, dashboard, data_source, namespace
from scripts.dashboards.health import health
from scripts.dashboards.look import (
    EXPORT,
    IMPORT,
    INSTANT,
    KILOWATT_HOURS,
    LOAD,
    NEUTRAL,
    NUMBER,
    OTHER,
    PV,
    WATT,
    Thresholds,
    fixed,
)
from scripts.dashboards.panels import Column, Json, Panel, Query, curves, gauge, painted, stat, table, today

MOST_CURVES = 10
MOST_LINES = 100
SHOWN = '{namespace="$namespace", site=~"$shown"}'
FROM_THE_GRID: Thresholds = [(None, EXPORT), (0, NEUTRAL), (1, IMPORT)]
ONE_SITE = (
    "/d/pvsimulator-energy?var-site=${__value.raw}&${__url_time_range}&${datasource:queryparam}&${namespace:queryparam}"
)
SITES = '{namespace="$namespace", site=~"$site"}'
TODAY = (
    "Counted by Prometheus since midnight of this browser's time zone, as the records came in: "
    "of a run that is faster than the clock, more than one day."
)


def energy() -> Json:
    """The whole dashboard."""
    return dashboard(
        "Energy",
        "PV, load and grid of the simulated homes: now, today, and site by site.",
        since="now-15m",
        variables=[
            data_source(),
            namespace("pvsim_build_info"),
            choice(
                "site",
                "The homes of the lower half; the upper half always shows all of them.",
                values='label_values(pvsim_pv_power_watts{namespace="$namespace"}, site)',
                several=True,
            ),
            computed(
                "shown",
                f"The {MOST_LINES} of these homes that have drawn most: no panel asks for more of them one by one, "
                "however many there are.",
                label="site",
                query=most(MOST_LINES, SITES),
            ),
        ],
        bands=[
            Band(6, [(4, pv_now()), (4, load_now()), (4, grid_now()), *shares(), (4, health())]),
            Band(9, [(24, lately())]),
            Band(4, [*((4, panel) for panel in energies()), (4, sites()), (4, newest())]),
            Band(8, [(24, today(the_day()))]),
            Band(9, [(12, chosen()), (12, spread())], heading="Sites: $site"),
            Band(12, [(14, today(site_by_site())), (10, largest())]),
        ],
    )


def pv_now() -> Panel:
    """PV power of all sites."""
    return stat(
        "PV",
        "What the plants of all sites deliver at their newest records; the line is its past.",
        Query('sum(pvsim_fleet_pv_power_watts{namespace="$namespace"})', "PV", PV),
        unit=WATT,
        thresholds=fixed(PV),
        line=True,
    )


def load_now() -> Panel:
    """Load of all sites."""
    return stat(
        "Load",
        "What all sites draw at their newest records; the line is its past.",
        Query('sum(pvsim_fleet_meter_power_watts{namespace="$namespace"})', "Load", LOAD),
        unit=WATT,
        thresholds=fixed(LOAD),
        line=True,
    )


def grid_now() -> Panel:
    """Import or export of all sites together: one of them, by its name."""
    net = 'sum(pvsim_fleet_net_power_watts{namespace="$namespace"})'
    flow = (
        f'label_replace({net} >= 0, "flow", "Import", "", "") or on () label_replace(-{net}, "flow", "Export", "", "")'
    )
    panel = stat(
        "Grid",
        "Load minus PV of all sites together: red is drawn from the grid, green is fed into it.",
        Query(flow, "{{flow}}"),
        unit=WATT,
        named=True,
    )
    return painted(panel, {"Import": IMPORT, "Export": EXPORT})


def shares() -> list[tuple[int, Panel]]:
    """What becomes of the PV energy, and what the load is covered by."""
    self_consumption = gauge(
        "Self-consumption",
        f"Share of today's PV energy that the sites used themselves, each its own. {TODAY}",
        Query(f"1 - {gained('export')} / ({gained('pv')} > 0)"),
        thresholds=fixed(PV),
        no_value="no PV yet",
    )
    self_sufficiency = gauge(
        "Self-sufficiency",
        f"Share of today's load that the sites' own PV covered. {TODAY}",
        Query(f"1 - {gained('import')} / ({gained('meter')} > 0)"),
        thresholds=fixed(LOAD),
        no_value="no load yet",
    )
    return [(4, today(self_consumption)), (4, today(self_sufficiency))]


def gained(energy: str) -> str:
    """Energy of all sites in the time range [J]."""
    return f'sum(increase(pvsim_fleet_{energy}_energy_joules_total{{namespace="$namespace"}}[$__range]))'


def lately() -> Panel:
    """The curves of all sites over the dashboard's time range."""
    return curves(
        "PV, load and grid",
        "All sites together, over the time range of the dashboard. The area is the grid: red above zero is drawn "
        "from it, green below zero is fed into it.",
        *power("pvsim_fleet_{}_power_watts", '{namespace="$namespace"}'),
        unit=WATT,
    )


def the_day() -> Panel:
    """The same since midnight."""
    return curves(
        "Today",
        "All sites together since midnight of this browser's time zone, whatever the time range of the dashboard. "
        "The time axis shows when the records came in.",
        *power("pvsim_fleet_{}_power_watts", '{namespace="$namespace"}'),
        unit=WATT,
        legend=("max",),
    )


def power(metric: str, selector: str) -> list[Query]:
    """PV against load, and the grid as areas upon and below zero."""
    pv, load, net = (f"sum({metric.format(name)}{selector})" for name in ("pv", "meter", "net"))
    return [
        Query(pv, "PV", PV),
        Query(load, "Load", LOAD),
        Query(f"clamp_min({net}, 0)", "Import", IMPORT, area=True),
        Query(f"clamp_max({net}, 0)", "Export", EXPORT, area=True),
    ]


def energies() -> list[Panel]:
    """Today's energies of all sites."""
    kinds = [
        ("pv", "PV today", "What the plants of all sites delivered today.", PV),
        ("meter", "Load today", "What all sites drew today.", LOAD),
        ("import", "Import today", "What the sites drew from the grid today: summed site by site.", IMPORT),
        ("export", "Export today", "What the sites fed into the grid today: summed site by site.", EXPORT),
    ]
    return [
        today(
            stat(
                title,
                f"{what} {TODAY}",
                Query(f"{gained(energy)} / 3.6e6"),
                unit=KILOWATT_HOURS,
                thresholds=fixed(color),
            )
        )
        for energy, title, what, color in kinds
    ]


def sites() -> Panel:
    """How many sites there are, and how many of them have no series."""
    return stat(
        "Sites",
        "Sites that have a record. Hidden ones have no series of their own, since the exporter shows "
        "max_site_series at most: they are in all sums of the upper half and in nothing of the lower one.",
        Query('sum(pvsim_sites{namespace="$namespace"})', "known"),
        Query('sum(pvsim_sites_hidden{namespace="$namespace"})', "hidden"),
        unit=NUMBER,
        named=True,
    )


def newest() -> Panel:
    """The simulated instant that the numbers belong to."""
    return stat(
        "Newest record",
        "The simulated instant of the newest record, in this browser's time zone.",
        Query('max(pvsim_reading_timestamp_seconds{namespace="$namespace"}) * 1000'),
        unit=INSTANT,
        no_value="no record yet",
    )


def chosen() -> Panel:
    """The curves of the chosen sites together."""
    return curves(
        "PV, load and grid of these sites",
        "The chosen sites together. Hidden sites (see above) are not in it.",
        *power("pvsim_{}_power_watts", SITES),
        unit=WATT,
    )


def spread() -> Panel:
    """How the net power differs between the chosen sites."""
    net = f"pvsim_net_power_watts{SITES}"
    return curves(
        "Net power from site to site",
        "How the chosen sites differ: half of them have a greater net power than the median, one in twenty is above "
        "the upper line, one in twenty below the lower one. It stays readable with ten thousand sites.",
        Query(f"quantile(0.95, {net})", "5 % are above", OTHER, down_to="5 % are below"),
        Query(f"quantile(0.5, {net})", "median", NEUTRAL),
        Query(f"quantile(0.05, {net})", "5 % are below", OTHER),
        unit=WATT,
    )


def site_by_site() -> Panel:
    """The table of the chosen sites."""
    return table(
        "Site by site",
        f"Power at the newest record, and energy today, of the {MOST_LINES} chosen sites that have drawn most since "
        f"their first record. A click on a site chooses it alone. {TODAY}",
        *(Query(f"sum by (site) (pvsim_{name}_power_watts{SHOWN})") for name in ("pv", "meter", "net")),
        *(
            Query(f"sum by (site) (increase(pvsim_{name}_energy_joules_total{SHOWN}[$__range])) / 3.6e6")
            for name in ("pv", "meter")
        ),
        columns=[
            Column("site", "Site", link="Show ${__value.text} alone", url=ONE_SITE),
            Column("Value #A", "PV", WATT, fixed(PV)),
            Column("Value #B", "Load", WATT, fixed(LOAD)),
            Column("Value #C", "Net", WATT, FROM_THE_GRID),
            Column("Value #D", "PV today", KILOWATT_HOURS, fixed(PV)),
            Column("Value #E", "Load today", KILOWATT_HOURS, fixed(LOAD)),
        ],
        sort="-PV",
    )


def largest() -> Panel:
    """Curves of a few sites, the same ones from the beginning to the end of the time range."""
    return curves(
        f"Net power of {MOST_CURVES} sites",
        f"The {MOST_CURVES} of the chosen sites that have drawn most since their first record; above zero is drawn "
        "from the grid, below it is fed in. Choose sites above to see others.",
        Query(
            f"sum by (site) (pvsim_net_power_watts{SHOWN}) and on (site) {most(MOST_CURVES, f'{SHOWN} @ end()')}",
            "{{site}}",
        ),
        unit=WATT,
        shades=OTHER,
    )


def most(count: int, selector: str) -> str:
    """The sites that have drawn most: an order that hardly ever changes, unlike that of their power."""
    return f"topk({count}, sum by (site) (pvsim_meter_energy_joules_total{selector}))"
