"""Fitting one net to a set of pages."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from pipelines.train.dataset import Bags, Example, Vocabulary, bag_marks, bag_words, find_kind
from pipelines.train.torch_network import DILATIONS, MARK_DECAY, Batch, Network, Opinions
from scraper.extract.classify.features import ALIKE
from scraper.extract.classify.network import KINDS

_GAP = max(DILATIONS)  # rows of zeros between pages, so that no convolution reaches the next one
# The two small collections of news articles count for more; where but passages are labelled, or the
# gold is what another program found, pages count for less. All others: 1.
_PAGE_WEIGHTS = {"fundus_parsers": 1.5, "magic": 1.5, "trafeval": 0.7, "readability": 0.7}
_GATE_SHARE = 0.1  # of the loss; the gate learns from one bit a page, and must not lead
# Lists, products and forums are few and each its own way: twice the weight gives them .01 to .02 of
# word F1 and takes nothing from articles.
_OTHER_WEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class FitOptions:
    """How to train a net.

    Attributes:
        rows_per_batch: Segments, of as many whole pages as they come from.
        rate: Highest step of AdamW; it rises over the first 15% of all steps, then falls.
        decay: Weight decay.
        width: Channels of the hidden layers.
        word_dropout: Share of words forgotten on each page. So many, because class names and words
            of sites never seen are unknown words.
        average: What of the mean of all weights so far is kept at each step.
        f1_share: What of the loss is one minus the expected word F1; the rest is cross entropy.
    """

    epochs: int = 5
    rows_per_batch: int = 5000
    rate: float = 3e-3
    decay: float = 0.1
    width: int = 48
    dropout: float = 0.2
    word_dropout: float = 0.6
    average: float = 0.99
    f1_share: float = 0.5
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Prepared:
    """An example with its words numbered by a vocabulary."""

    example: Example
    marks: Bags
    words: Bags


@dataclass(frozen=True, slots=True)
class Targets:
    """What the loss needs besides the logits, for R rows of P pages.

    Attributes:
        share: (R,) which share of a segment's words the gold has.
        matched: (R,) how many that are.
        units: (R,) words of the segment; 0 where nothing is known of it, and in gaps.
        weight: (R,) of the row in its page's cross entropy; a page's weights sum to 1.
        gold: (P,) words of the gold text; 0 where only passages are labelled.
        page_weight: (P,) how much the page counts.
        kind: (P,) which of `KINDS` each page is, 0 for an article.
    """

    share: Tensor
    matched: Tensor
    units: Tensor
    weight: Tensor
    gold: Tensor
    page_weight: Tensor
    kind: Tensor


def prepare(examples: Sequence[Example], vocabulary: Vocabulary) -> list[Prepared]:
    """Number the words of every example."""
    marks = {word: number for number, word in enumerate(vocabulary.marks, 1)}
    words = {word: number for number, word in enumerate(vocabulary.words, 1)}
    return [
        Prepared(e, bag_marks(e.features, marks, MARK_DECAY), bag_words(e.features, words))
        for e in examples
    ]


def make_batch(pages: Sequence[Prepared], drop: float = 0.0) -> Batch:
    """Several pages as one sequence; `drop` is the share of words that are forgotten."""
    numbers, tags, spans, alike, owner, real = [], [], [], [], [], []
    done = groups = 0
    for number, page in enumerate(pages):
        features = page.example.features
        size = len(features.nodes)
        numbers += [features.numbers, np.zeros((_GAP, features.numbers.shape[1]), np.float32)]
        tags += [features.tags, np.zeros((_GAP, 4), np.int64)]
        spans += [features.spans + done, np.zeros((_GAP, *features.spans.shape[1:]), np.int64)]
        alike += [features.alike + groups, np.zeros((_GAP, ALIKE), np.int64)]
        owner.append(np.full(size + _GAP, number))
        real += [np.ones(size, np.float32), np.zeros(_GAP, np.float32)]
        done += size + _GAP
        groups += int(features.alike.max()) + 1
    mark_ids, mark_near, mark_far, mark_offsets = _join([p.marks for p in pages], drop)
    word_ids, word_weights, _, word_offsets = _join([p.words for p in pages], drop)
    return Batch(
        numbers=torch.from_numpy(np.concatenate(numbers)),
        tags=torch.from_numpy(np.concatenate(tags)),
        mark_ids=mark_ids,
        mark_near=mark_near,
        mark_far=mark_far,
        mark_offsets=mark_offsets,
        word_ids=word_ids,
        word_weights=word_weights,
        word_offsets=word_offsets,
        spans=torch.from_numpy(np.concatenate(spans)),
        alike=torch.from_numpy(np.concatenate(alike)),
        pages=torch.from_numpy(np.concatenate(owner)),
        real=torch.from_numpy(np.concatenate(real)),
    )


def _join(bags: Sequence[Bags], drop: float) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    ids = np.concatenate([bag.ids for bag in bags])
    near = np.concatenate([bag.near for bag in bags])
    far = np.concatenate([bag.far for bag in bags])
    if drop:
        # A word is forgotten on the whole page, so that no other element gives it away.
        for start, end in _bounds(bags):
            if random.random() < 0.1:  # noqa: S311 - a page whose words say nothing at all
                ids[start:end] = 0
            elif end > start:
                kept = np.random.random(int(ids[start:end].max()) + 1) >= drop
                ids[start:end] = np.where(kept[ids[start:end]], ids[start:end], 0)
    gap = np.zeros(_GAP, dtype=np.int64)
    sizes = np.concatenate([part for bag in bags for part in (bag.sizes, gap)])
    offsets = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    return (
        torch.from_numpy(ids).long(),
        torch.from_numpy(near),
        torch.from_numpy(far),
        torch.from_numpy(offsets),
    )


def _bounds(bags: Sequence[Bags]) -> list[tuple[int, int]]:
    ends = np.cumsum([len(bag.ids) for bag in bags]).tolist()
    return list(zip([0, *ends[:-1]], ends, strict=True))


def make_targets(pages: Sequence[Prepared]) -> Targets:
    """The targets of several pages, row by row as `make_batch` puts them."""
    rows: list[npt.NDArray[np.float32]] = []
    gold, page_weight = [], []
    for page in pages:
        labels = page.example.labels
        known = (labels.matched >= 0) & (labels.units > 0)
        size = np.maximum(labels.units, 1)
        hit = np.where(known, labels.matched, 0)
        # Between a vote a segment and a vote a word: long paragraphs must not drown headings.
        heavy = np.where(known, size**0.7, 0)
        heavy /= max(1e-6, heavy.sum())
        known_units = np.where(known, labels.units, 0)
        rows.append(np.stack([hit / size, hit, known_units, heavy]).astype(np.float32))
        rows.append(np.zeros((4, _GAP), dtype=np.float32))
        gold.append(float(labels.gold_units))
        page_weight.append(_weigh(page.example))
    share, matched, units, weight = torch.from_numpy(np.concatenate(rows, axis=1))
    kind = torch.tensor([KINDS.index(find_kind(page.example.kind)) for page in pages])
    return Targets(
        share, matched, units, weight, torch.tensor(gold), torch.tensor(page_weight), kind
    )


def _weigh(example: Example) -> float:
    weight = _PAGE_WEIGHTS.get(example.corpus, 1.0)
    return weight if find_kind(example.kind) == "article" else weight * _OTHER_WEIGHT


def page_losses(opinions: Opinions, batch: Batch, targets: Targets, f1_share: float) -> Tensor:
    """Loss of each page: cross entropy weighed by words, and one minus the expected word F1.

    Each page teaches the head for its kind alone, and the gate which of the two that is.
    """
    count = len(targets.gold)
    is_other = targets.kind[batch.pages] > 0
    logits = torch.where(is_other, opinions.other, opinions.article)
    each = functional.binary_cross_entropy_with_logits(logits, targets.share, reduction="none")
    entropy = torch.zeros(count).index_add_(0, batch.pages, each * targets.weight)
    kept = torch.sigmoid(logits)
    hit = torch.zeros(count).index_add_(0, batch.pages, kept * targets.matched)
    size = torch.zeros(count).index_add_(0, batch.pages, kept * targets.units)
    f1 = 2 * hit / (size + targets.gold).clamp(min=1)
    whole = (targets.gold > 0).float()
    gate = functional.cross_entropy(opinions.kinds, targets.kind, reduction="none")
    return (1 - f1_share * whole) * entropy + f1_share * whole * (1 - f1) + _GATE_SHARE * gate


def fit(pages: Sequence[Prepared], options: FitOptions, *, log: bool = False) -> Network:
    """Train a net on `pages`; the same seed gives the same net."""
    random.seed(options.seed)
    np.random.seed(options.seed)
    torch.manual_seed(options.seed)
    first = pages[0]
    network = Network(
        first.example.features.numbers.shape[1],
        _vocabulary_size([p.marks for p in pages]),
        _vocabulary_size([p.words for p in pages]),
        options.width,
        options.dropout,
    )
    optimizer = torch.optim.AdamW(
        network.parameters(), lr=options.rate, weight_decay=options.decay, betas=(0.9, 0.98)
    )
    total = sum(len(p.example.features.nodes) + _GAP for p in pages)
    steps = options.epochs * (total // options.rows_per_batch + 2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=options.rate, total_steps=steps, pct_start=0.15
    )
    mean = {name: value.detach().clone() for name, value in network.state_dict().items()}
    step = 0
    for epoch in range(options.epochs):
        started = time.monotonic()
        losses = []
        for chosen in _shuffled(pages, options.rows_per_batch):
            batch = make_batch(chosen, options.word_dropout)
            targets = make_targets(chosen)
            loss = page_losses(network(batch), batch, targets, options.f1_share)
            loss = (loss * targets.page_weight).sum() / targets.page_weight.sum()
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            if step < steps - 1:
                schedule.step()
            step += 1
            share = min(options.average, step / (step + 10))
            for name, value in network.state_dict().items():
                mean[name].lerp_(value, 1 - share)
            losses.append(loss.item())
        if log:
            seconds = round(time.monotonic() - started)
            print(epoch, round(float(np.mean(losses)), 4), seconds, flush=True)  # noqa: T201
    network.load_state_dict(mean)  # steadier than where the last step happened to end
    network.eval()
    return network


def _vocabulary_size(bags: Sequence[Bags]) -> int:
    return max(int(bag.ids.max()) if len(bag.ids) else 0 for bag in bags)


def _shuffled(pages: Sequence[Prepared], rows: int) -> list[list[Prepared]]:
    order = list(pages)
    random.shuffle(order)
    batches: list[list[Prepared]] = [[]]
    size = 0
    for page in order:
        if size >= rows:
            batches.append([])
            size = 0
        batches[-1].append(page)
        size += len(page.example.features.nodes) + _GAP
    return batches


def predict(network: Network, page: Prepared) -> npt.NDArray[np.float32]:
    """Logits of one page's segments, of both heads as far as the gate believes each."""
    with torch.no_grad():
        opinions: Opinions = network(make_batch([page]))
        other = 1 - torch.softmax(opinions.kinds[0], 0)[0]
        logits: npt.NDArray[np.float32] = torch.lerp(
            opinions.article, opinions.other, other
        ).numpy()
    return logits[: len(page.example.features.nodes)]
