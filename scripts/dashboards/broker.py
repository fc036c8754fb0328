"""The dashboard Broker: RabbitMQ's own numbers, with names that its releases 3.10 to 4.x share."""

from scripts.dashboards.dashboard import Band, dashboard, data_source, namespace
from scripts.dashboards.health import health
from scripts.dashboards.look import (
    ANY_IS_BAD,
    BAD,
    BYTES,
    GOOD,
    MESSAGES_PER_SECOND,
    NEUTRAL,
    NUMBER,
    SECONDS,
    WARN,
    said,
)
from scripts.dashboards.panels import Column, Json, Panel, Query, curves, stat, table, text

HERE = '{namespace="$namespace"}'


def broker() -> Json:
    """The whole dashboard."""
    return dashboard(
        "Broker",
        "RabbitMQ: its nodes, their limits, and the messages that pass through, by its own Prometheus plugin.",
        since="now-30m",
        variables=[data_source(), namespace("rabbitmq_build_info")],
        bands=[
            Band(
                6, [(4, nodes()), (4, alarms()), (4, ready()), (4, unacknowledged()), (4, unroutable()), (4, health())]
            ),
            Band(8, [(12, traffic()), (12, depth())], heading="Messages"),
            Band(7, [(12, odd()), (12, clients())]),
            Band(8, [(8, memory()), (8, disk()), (8, descriptors())], heading="Limits"),
            Band(6, [(16, versions()), (8, more())], heading="Nodes"),
        ],
    )


def rate(metric: str) -> str:
    """Rate of one of RabbitMQ's global counters, over all nodes, protocols and kinds of queues."""
    return f"sum(rate(rabbitmq_global_messages_{metric}_total{HERE}[$__rate_interval]))"


def nodes() -> Panel:
    """The nodes that answer."""
    return stat(
        "Nodes",
        "Nodes that Prometheus can scrape, and those that it cannot.",
        Query('sum(up{namespace="$namespace", job="rabbitmq"})', "up", GOOD),
        Query('count(up{namespace="$namespace", job="rabbitmq"} == 0) or vector(0)', "down"),
        unit=NUMBER,
        thresholds=ANY_IS_BAD,
        named=True,
    )


def alarms() -> Panel:
    """Alarms that are on."""
    return stat(
        "Alarms",
        "RabbitMQ's alarms that are on: memory, disk space or file descriptors beyond their limit. While one is, "
        "the broker takes no messages and the meter waits.",
        Query('sum({__name__=~"rabbitmq_alarms_.+", namespace="$namespace"})'),
        unit=NUMBER,
        thresholds=ANY_IS_BAD,
        mappings=[said("none", GOOD, start=0, end=0)],
    )


def ready() -> Panel:
    """Messages that nobody has taken."""
    return stat(
        "Ready",
        "Messages that wait in all queues of the broker. Each meter keeps one there for good: its position.",
        Query(f"sum(rabbitmq_queue_messages_ready{HERE})"),
        unit=NUMBER,
        thresholds=[(None, GOOD), (1000, WARN), (10000, BAD)],
        line=True,
    )


def unacknowledged() -> Panel:
    """Messages on their way to the disk."""
    return stat(
        "Unacknowledged",
        "Messages that pvsim has and has not acknowledged, since their records are not on disk yet. At most "
        "prefetch of them for each partition.",
        Query(f"sum(rabbitmq_queue_messages_unacked{HERE})"),
        unit=NUMBER,
        line=True,
    )


def unroutable() -> Panel:
    """Messages for queues that are not there."""
    returned, dropped = (
        f"sum(increase(rabbitmq_global_messages_unroutable_{what}_total{HERE}[$__range]))"
        for what in ("returned", "dropped")
    )
    return stat(
        "Unroutable",
        "Messages in the time shown whose queue was missing: returned to the publisher, which publishes them again, or "
        "dropped, since some other publisher did not ask to have them back.",
        Query(returned, "returned"),
        Query(dropped, "dropped"),
        unit=NUMBER,
        decimals=0,
        thresholds=ANY_IS_BAD,
        named=True,
    )


def traffic() -> Panel:
    """The messages' way through."""
    return curves(
        "Messages through the broker",
        "Received from publishers and confirmed to them (safe on a majority of the nodes); delivered to pvsim and "
        "acknowledged by it (safe in the journal). While everything keeps up, each pair of lines is one. The upper "
        "pair counts the positions that the meters keep in the broker too.",
        Query(rate("received"), "received", "blue"),
        Query(rate("confirmed"), "confirmed", "purple"),
        Query(rate("delivered"), "delivered", "dark-yellow"),
        Query(rate("acknowledged"), "acknowledged", "green"),
        unit=MESSAGES_PER_SECOND,
        legend=("lastNotNull", "max"),
    )


def depth() -> Panel:
    """Messages in the broker over time."""
    return curves(
        "Messages in the broker",
        "Ready ones wait, unacknowledged ones are with pvsim. Which queue they are in is told by Pipeline.",
        Query(f"sum(rabbitmq_queue_messages_ready{HERE})", "ready", "orange"),
        Query(f"sum(rabbitmq_queue_messages_unacked{HERE})", "unacknowledged", "blue"),
        unit=NUMBER,
        legend=("lastNotNull", "max"),
    )


def odd() -> Panel:
    """What happens after losses."""
    return curves(
        "Redelivered and unroutable",
        "Redelivered messages were with a pvsim that lost its connection before it acknowledged them; it drops "
        "those that are in the journal already. Unroutable ones found no queue.",
        Query(rate("redelivered"), "redelivered", "orange"),
        Query(rate("unroutable_returned"), "returned", "purple"),
        Query(rate("unroutable_dropped"), "dropped", "red"),
        unit=MESSAGES_PER_SECOND,
        legend=("max",),
        bars=True,
    )


def clients() -> Panel:
    """Who is connected."""
    return curves(
        "Connections, channels, consumers, queues",
        "What the broker holds, over all nodes. Each meter and pvsim has one connection; each partition one consumer.",
        *(Query(f"sum(rabbitmq_{what}{HERE})", what) for what in ("connections", "channels", "consumers", "queues")),
        unit=NUMBER,
    )


def memory() -> Panel:
    """Memory against its limit."""
    return curves(
        "Memory",
        "Memory of each node, and the limit above which it raises its alarm and blocks publishers.",
        Query(f"rabbitmq_process_resident_memory_bytes{HERE}", "{{instance}}"),
        Query(f"min(rabbitmq_resident_memory_limit_bytes{HERE})", "limit", BAD, dashed=True),
        unit=BYTES,
    )


def disk() -> Panel:
    """Disk space against its limit."""
    return curves(
        "Free disk space",
        "Free disk space of each node, and the limit below which it raises its alarm and blocks publishers.",
        Query(f"rabbitmq_disk_space_available_bytes{HERE}", "{{instance}}"),
        Query(f"max(rabbitmq_disk_space_available_limit_bytes{HERE})", "limit", BAD, dashed=True),
        unit=BYTES,
    )


def descriptors() -> Panel:
    """File descriptors against their limit."""
    return curves(
        "File descriptors",
        "Open file descriptors of each node, and how many it may have.",
        Query(f"rabbitmq_process_open_fds{HERE}", "{{instance}}"),
        Query(f"min(rabbitmq_process_max_fds{HERE})", "limit", BAD, dashed=True),
        unit=NUMBER,
    )


def versions() -> Panel:
    """What runs."""
    return table(
        "What runs",
        "Each node by its name, with the versions of RabbitMQ and Erlang that it runs and for how long.",
        Query(f"rabbitmq_build_info{HERE} * on (instance) group_left (rabbitmq_node) rabbitmq_identity_info{HERE}"),
        Query(f"rabbitmq_erlang_uptime_seconds{HERE}"),
        columns=[
            Column("rabbitmq_node", "Node"),
            Column("instance", "Instance"),
            Column("rabbitmq_version", "RabbitMQ"),
            Column("erlang_version", "Erlang"),
            Column("Value #B", "Up for", SECONDS, [(None, NEUTRAL)]),
        ],
        sort="Node",
    )


def more() -> Panel:
    """Where to look further."""
    return text(
        "More",
        "Where to look further.",
        "RabbitMQ's makers have a dashboard of their own for every detail of a node: **RabbitMQ-Overview**, number "
        "10991 in Grafana's collection of dashboards. It works with the same Prometheus.\n\n"
        "Queue by queue, and message by message, RabbitMQ's own page tells more (port 15672).\n\n"
        "Everything here is empty where Prometheus does not scrape the broker.",
    )
