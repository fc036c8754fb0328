"""Bad messages of many kinds among good ones: each goes to quarantine with a reason, and nothing else happens."""

import re
import time
from collections import Counter
from collections.abc import Iterator

import pika
from tests.chaos.bad import HEADERS, KINDS
from tests.chaos.chain import PATIENCE_S, Chain, Load
from tests.chaos.ground import Ground, Outcome
from tests.chaos.judge import judge

from pvsim_local.waiting import until

_LOAD = Load(speed=60)
_PAUSE_S = 0.1  # at most


def disturbed(ground: Ground, *, times: int) -> Outcome:
    """Publish each kind so often, in random order at random instants, among the readings of a meter."""
    outcome = Outcome(f"{len(KINDS)} kinds of bad message among good ones, {times} × each")
    kinds = ground.random.sample(list(KINDS) * times, len(KINDS) * times)
    with Chain(ground, _LOAD, max_sites=_LOAD.homes) as chain:
        chain.recording()
        until(lambda: len(chain.last_line()), timeout_s=PATIENCE_S)
        with pika.BlockingConnection(pika.URLParameters(ground.node.url)) as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            for number, kind in enumerate(kinds):
                properties = HEADERS.get(kind, pika.BasicProperties(message_id=f"{kind}/{number}", delivery_mode=2))
                channel.basic_publish("", "readings.0", KINDS[kind], properties, mandatory=True)
                time.sleep(ground.random.uniform(0, _PAUSE_S))
        until(lambda: ground.depth("readings.quarantine") >= len(kinds), timeout_s=PATIENCE_S)
        outcome.expect(chain.pvsim.process.poll() is None, "pvsim ended")
        outcome.expect(chain.pvsim.get("/readyz")[0] == 200, "pvsim is not ready")
        reconnects = re.search(r"^pvsim_broker_reconnects_total (\S+)", chain.pvsim.get("/metrics")[1], re.MULTILINE)
        outcome.expect(reconnects and float(reconnects[1]) == 0, "pvsim lost its connection")
        outcome.judged(judge(chain.journal, chain.end()))
    quarantined = list(_quarantined(ground))
    outcome.facts |= {"bad messages": len(kinds), "quarantined": len(quarantined)}
    outcome.expect(
        Counter(body for body, _ in quarantined) == Counter(KINDS[kind] for kind in kinds), "others or fewer"
    )
    outcome.facts["reasons"] = len({re.sub(r"\d+", "", reason) for _, reason in quarantined})
    outcome.expect(all(reason for _, reason in quarantined), "a message without a reason")
    return outcome


def _quarantined(ground: Ground) -> Iterator[tuple[bytes, str]]:
    """Body and reason of each message in quarantine, which is empty then."""
    with pika.BlockingConnection(pika.URLParameters(ground.node.url)) as connection:
        channel = connection.channel()
        while (answer := channel.basic_get("readings.quarantine", auto_ack=True))[0] is not None:
            yield answer[2], str((answer[1].headers or {}).get("x-reason", ""))
