"""A trained net as the small file that the library reads."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipelines.train.dataset import Vocabulary
from pipelines.train.torch_network import DILATIONS, MARK_DECAY, POOL_AFTER, Network


def save_model(network: Network, vocabulary: Vocabulary, path: Path) -> None:
    """Write `network` as `scraper.extract.classify.network` loads it, in half precision."""
    state = {name: value.detach().numpy() for name, value in network.state_dict().items()}
    arrays: dict[str, npt.NDArray[np.generic]] = {
        "mark_words": _pack(vocabulary.marks),
        "words": _pack(vocabulary.words),
        "mark_table": _half(
            np.concatenate(
                [_without_unknown(state[f"{name}.weight"]) for name in ("near", "far")], axis=1
            )
        ),
        "word_table": _half(_without_unknown(state["words.weight"])),
        "mark_decay": np.array(MARK_DECAY, dtype=np.float32),
        "dilations": np.array(DILATIONS, dtype=np.float32),
        "pool_after": np.array(POOL_AFTER, dtype=np.float32),
        "first.weight": _half(state["first.weight"].T),
        "first.bias": _half(state["first.bias"]),
        "last.weight": _half(state["last.weight"].T),
        "last.bias": _half(state["last.bias"]),
    }
    for index in range(4):
        arrays[f"tags{index}"] = _half(state[f"tags.{index}.weight"])
    for index in range(len(DILATIONS)):
        arrays[f"conv{index}.weight"] = _half(state[f"convolutions.{index}.weight"].T)
        arrays[f"conv{index}.bias"] = _half(state[f"convolutions.{index}.bias"])
    layers = {"gate0": "gate.0", "gate1": "gate.2"}
    for index in range(len(POOL_AFTER)):
        layers[f"pool{index}"] = f"pools.{index}"
        layers |= {f"{part}{index}": f"slots.{index}.{part}" for part in ("query", "value", "out")}
    for name, layer in layers.items():
        arrays[f"{name}.weight"] = _half(state[f"{layer}.weight"].T)
        arrays[f"{name}.bias"] = _half(state[f"{layer}.bias"])
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


def add_arrays(path: Path, **arrays: npt.NDArray[np.float32]) -> None:
    """Add what was fitted on judged pages, the confidence and the kinds, to a model's file."""
    with np.load(path, allow_pickle=False) as stored:
        whole = {name: stored[name] for name in stored.files} | arrays
    with path.open("wb") as file:
        np.savez_compressed(file, **whole)  # type: ignore[arg-type]


def _half(array: npt.NDArray[np.float32]) -> npt.NDArray[np.float16]:
    return array.astype(np.float16)


def _without_unknown(table: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The table with zeros for word 0, which stands for every word not in the vocabulary."""
    table = table.copy()
    table[0] = 0
    return table


def _pack(words: tuple[str, ...]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(words).encode("utf-8"), dtype=np.uint8)
