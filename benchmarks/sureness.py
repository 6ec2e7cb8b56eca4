"""Learn how sure a reading is: the weights of graphsvc/ask/sureness.py, from the sentences of tests/ask/ but the held-out.

`python benchmarks/sureness.py` (needs scikit-learn: `pip install ".[learn]"`) prints them, and how well they tell right readings
from wrong ones when they judge sentences that they were not learned from.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict

from graphsvc.ask import ask
from graphsvc.ask.asking import read_named, readings_of
from graphsvc.ask.prepared import prepared
from graphsvc.ask.sentence import cleaned
from graphsvc.ask.sureness import FEATURES, features
from graphsvc.ask.wanting import wanted
from graphsvc.errors import StyrgrafError
from graphsvc.graph import Graph, open_graph
from graphsvc.settings import Settings

sys.path.append(str(Path(__file__).parent.parent / "tests"))
from asked_sentences import entries

READ, REFUSED = ("tuned", "further"), ("refuse", "further-refuse")
_OTHERWISE_REFUSED = {"not-covered", "unknown-name"}
_MADE_UP = 6  # a made-up answer is so many times as bad as a refused one


def judged(graph: Graph, sentence: str, meant: list[str]) -> tuple[tuple[float, ...], bool] | None:
    """What is found of the first reading of `sentence`, and whether it is one of the questions `meant`.

    None where something else than how sure it is refuses it.
    """
    if ask(graph, sentence).status in _OTHERWISE_REFUSED:
        return None
    asking = prepared(graph)
    told = read_named(asking, cleaned(sentence), "sv")
    wants = wanted(told, asking.model.lexicon)
    best = max(readings_of(asking, told, wants, "sv"), key=lambda reading: reading.score, default=None)
    if best is None:
        return None
    try:
        rows = graph.answer(best.question.id, {name: value.text for name, value in best.values.items()}).rows
    except StyrgrafError:  # something needed is not named
        rows = (None,)
    return features(best, told, asking.model, wants.yes_or_no, not rows), best.question.id in meant


def main() -> None:
    """Print the weights."""
    graph = open_graph(Settings.from_environment())
    told = [(entry["q"], entry["id"]) for name in READ for entry in entries(name)]
    told += [(entry["q"], []) for name in REFUSED for entry in entries(name)]
    found = [(*judgement, bool(meant)) for sentence, meant in told if (judgement := judged(graph, sentence, meant))]
    values, right = [values for values, _, _ in found], [right for _, right, _ in found]
    weights = [1 if answerable else _MADE_UP for _, _, answerable in found]
    regression = LogisticRegression(max_iter=5000)
    guessed = cross_val_predict(regression, values, right, cv=10, method="predict_proba", params={"sample_weight": weights})
    regression.fit(values, right, weights)
    print("WEIGHTS =", tuple(round(float(weight), 3) for weight in regression.coef_[0]), "  #", ", ".join(FEATURES))
    print("CONSTANT =", round(float(regression.intercept_[0]), 3))
    print(
        f"area under the curve {roc_auc_score(right, guessed[:, 1]):.3f} of {len(right)} sentences, {sum(right)} read right"
    )


if __name__ == "__main__":
    main()
