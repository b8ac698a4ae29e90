"""Figures as Prometheus reads them. Source: Prometheus text exposition format 0.0.4."""

from collections.abc import Iterable, Mapping

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Sample = tuple[Mapping[str, str], float]


def family(name: str, kind: str, about: str, samples: Iterable[Sample]) -> str:
    """One metric with all its samples.

    Args:
        name: Begins with ``viop_`` and ends with its unit.
        kind: ``gauge`` or ``counter``.
        about: One line for people.
        samples: Labels and value of each.
    """
    lines = [f"# HELP {name} {about}", f"# TYPE {name} {kind}"]
    lines += [f"{name}{_labels(labels)} {value:.10g}" for labels, value in samples]
    return "\n".join(lines) + "\n"


def histogram(
    name: str,
    about: str,
    bounds: Iterable[float],
    samples: Iterable[tuple[Mapping[str, str], Iterable[int], float]],
) -> str:
    """A metric of durations.

    Args:
        name: As of ``family``.
        about: One line for people.
        bounds: Upper bounds of the buckets but the last, which has none.
        samples: Labels, the count of each bucket by itself, and the sum of all values.
    """
    lines = [f"# HELP {name} {about}", f"# TYPE {name} histogram"]
    edges = [f"{bound:g}" for bound in bounds] + ["+Inf"]
    for labels, buckets, total in samples:
        count = 0
        for edge, number in zip(edges, buckets, strict=True):
            count += number
            lines.append(f"{name}_bucket{_labels({**labels, 'le': edge})} {count}")
        lines.append(f"{name}_sum{_labels(labels)} {total:.10g}")
        lines.append(f"{name}_count{_labels(labels)} {count}")
    return "\n".join(lines) + "\n"


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return (
        "{" + ",".join(f'{name}="{_quoted(each)}"' for name, each in labels.items()) + "}"
    )


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
