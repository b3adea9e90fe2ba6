"""The net while it learns. `scraper.extract.classify.network` runs the same arithmetic in numpy."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from scraper.extract.classify.features import ALIKE, LEVELS, TAGS
from scraper.extract.classify.network import KINDS

DILATIONS = (1, 2, 4, 8, 16)  # one a block: together they see 31 segments to either side
POOL_AFTER = (1, 3)  # blocks after which segments see the means of containers and of their like
SLOTS, SLOT_SIZE = 6, 16  # places of a page that every segment sees, and what is known of each
GATE_SIZE = 32  # hidden units of the layer that says what kind of page it is
MARK_DECAY = (1.0, 0.7, 0.5)  # weights of the marks of a segment's node, its parent, the one above
MARK_SIZE, WORD_SIZE, TAG_SIZE = 16, 16, 6


@dataclass(frozen=True, slots=True)
class Batch:
    """R rows: the segments of several pages, and after each page a gap of zeros.

    Attributes:
        numbers: (R, F) as in `Features`, where `tags` (R, 4) and `spans` (R, LEVELS, 2) are too.
        mark_ids: Words of class names of all rows, each with a weight `mark_near` and `mark_far`.
        mark_offsets: (R,) where in `mark_ids` each row begins; `word_offsets` is for `word_ids`.
    """

    numbers: Tensor
    tags: Tensor
    mark_ids: Tensor
    mark_near: Tensor
    mark_far: Tensor
    mark_offsets: Tensor
    word_ids: Tensor
    word_weights: Tensor
    word_offsets: Tensor
    spans: Tensor
    alike: Tensor  # numbers of the groups each row is in, of no page those of another
    pages: Tensor  # number of the page each row is of
    real: Tensor  # 1 for segments, 0 for the gap


@dataclass(frozen=True, slots=True)
class Opinions:
    """What the net says of R rows of P pages.

    Attributes:
        article: (R,) logits, as if the page were an article; those of gaps mean nothing.
        other: (R,) the same, as if it were a list, a product, a forum …
        kinds: (P, len(KINDS)) logits: what kind of page each is, articles first.
    """

    article: Tensor
    other: Tensor
    kinds: Tensor


class Slots(nn.Module):
    """Learned queries look for places of a page; each segment sees what they found, and where.

    Convolutions and containers are near-sighted: that an article ended two hundred segments ago is
    seen by neither. Queries that attend over all segments (Lee et al., "Set Transformer", 2019)
    cost as much as a page is long, where attention of each to each costs the square.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.query = nn.Linear(width, SLOTS)
        self.value = nn.Linear(width, SLOT_SIZE)
        self.out = nn.Linear(SLOTS * SLOT_SIZE + 4 * SLOTS, width)

    def forward(self, x: Tensor, batch: Batch) -> Tensor:
        """(R, width) for each segment the slots of its page, and how it lies to each."""
        pages, real = batch.pages, batch.real[:, None]
        starts = torch.searchsorted(pages, torch.arange(int(pages[-1]) + 1))
        share = _softmax_of_pages(2 * self.query(x), pages, real)
        found = (share[:, :, None] * self.value(x)[:, None, :]).flatten(1)
        place = (torch.arange(len(x)) - starts[pages]).to(x.dtype)[:, None]
        distance = place - _page_sums(share * place, pages)[pages]
        passed = functional.pad(torch.cumsum(share, dim=0), (0, 0, 1, 0))
        columns = [
            _page_sums(found, pages)[pages],
            torch.tanh(distance / 3),
            torch.sign(distance) * torch.log1p(distance.abs()) / 5,
            passed[1:] - passed[starts][pages],
            share,
        ]
        result: Tensor = self.out(torch.cat(columns, dim=1))
        return result


def _softmax_of_pages(logits: Tensor, pages: Tensor, real: Tensor) -> Tensor:
    """Over the segments of each page; 0 in gaps."""
    logits = logits.masked_fill(real == 0, -1e4)
    count = int(pages[-1]) + 1
    highest = torch.full((count, logits.shape[1]), -1e4).scatter_reduce(
        0, pages[:, None].expand_as(logits), logits.detach(), "amax"
    )
    raised = torch.exp(logits - highest[pages]) * real
    return raised / _page_sums(raised, pages).clamp(min=1e-6)[pages]


def _page_sums(x: Tensor, pages: Tensor) -> Tensor:
    """(P, …) the sum over the rows of each page."""
    return torch.zeros(int(pages[-1]) + 1, x.shape[1]).index_add_(0, pages, x)


class Network(nn.Module):
    """Dilated convolutions over the segments, with what lies around and far off let in between."""

    def __init__(self, numbers: int, marks: int, words: int, width: int, dropout: float) -> None:
        super().__init__()
        self.near = nn.EmbeddingBag(marks + 1, MARK_SIZE, mode="sum", padding_idx=0)
        self.far = nn.EmbeddingBag(marks + 1, MARK_SIZE, mode="sum", padding_idx=0)
        self.words = nn.EmbeddingBag(words + 1, WORD_SIZE, mode="sum", padding_idx=0)
        self.tags = nn.ModuleList(nn.Embedding(len(TAGS), TAG_SIZE) for _ in range(4))
        for table in (self.near, self.far, self.words, *self.tags):
            nn.init.normal_(table.weight, std=0.1)
        size = numbers + 2 * MARK_SIZE + WORD_SIZE + 4 * TAG_SIZE
        self.first = nn.Linear(size, width)
        self.convolutions = nn.ModuleList(nn.Linear(3 * width, width) for _ in DILATIONS)
        self.pools = nn.ModuleList(
            nn.Linear(width * (LEVELS + 1 + ALIKE), width) for _ in POOL_AFTER
        )
        self.slots = nn.ModuleList(Slots(width) for _ in POOL_AFTER)
        self.last = nn.Linear(width, 2)
        self.gate = nn.Sequential(
            nn.Linear(2 * width, GATE_SIZE), nn.ReLU(), nn.Linear(GATE_SIZE, len(KINDS))
        )
        self.dropout = nn.Dropout(dropout)

    def forward(self, batch: Batch) -> Opinions:
        """What is main content, as an article and as any other page, and which of them it is."""
        x = self._embed(batch)
        real = batch.real[:, None]
        for index, convolution in enumerate(self.convolutions):
            y = convolution(_taps(x, DILATIONS[index]))
            if index in POOL_AFTER:
                pool = POOL_AFTER.index(index)
                y = y + self.pools[pool](_pool(x, batch)) + self.slots[pool](x, batch)
            x = (x + self.dropout(functional.relu(y))) * real
        both = self.last(x)
        return Opinions(both[:, 0], both[:, 1], self._judge_page(x, both, batch))

    def _embed(self, batch: Batch) -> Tensor:
        near = self.near(batch.mark_ids, batch.mark_offsets, batch.mark_near)
        far = self.far(batch.mark_ids, batch.mark_offsets, batch.mark_far)
        words = self.words(batch.word_ids, batch.word_offsets, batch.word_weights)
        tags = [table(batch.tags[:, i]) for i, table in enumerate(self.tags)]
        x = torch.cat([batch.numbers, near, far, words, *tags], dim=1)
        result: Tensor = self.dropout(functional.relu(self.first(x))) * batch.real[:, None]
        return result

    def _judge_page(self, x: Tensor, both: Tensor, batch: Batch) -> Tensor:
        """(P, len(KINDS)) from the mean over the page, and that over what either head keeps."""
        pages, real = batch.pages, batch.real[:, None]
        mean = _page_sums(x, pages) / _page_sums(real, pages).clamp(min=1)
        weight = torch.sigmoid(both).amax(dim=1, keepdim=True) * real
        kept = _page_sums(x * weight, pages) / _page_sums(weight, pages).clamp(min=1e-3)
        result: Tensor = self.gate(torch.cat([mean, kept], dim=1))
        return result


def _taps(x: Tensor, dilation: int) -> Tensor:
    """Each row with the rows `dilation` before and after it: a convolution of kernel 3 unrolled."""
    padded = functional.pad(x, (0, 0, dilation, dilation))
    return torch.cat([padded[: len(x)], x, padded[2 * dilation :]], dim=1)


def _pool(x: Tensor, batch: Batch) -> Tensor:
    """Means over each container around a segment, over its page, and over what is like it."""
    sums = functional.pad(torch.cumsum(x, dim=0), (0, 0, 1, 0))
    starts, ends = batch.spans[:, :, 0], batch.spans[:, :, 1]
    size = (ends - starts).clamp(min=1)[:, :, None]
    means = ((sums[ends] - sums[starts]) / size).flatten(1)
    groups = [batch.pages, *batch.alike.unbind(1)]
    return torch.cat([means, *(_group_means(x, batch.real, group) for group in groups)], dim=1)


def _group_means(x: Tensor, real: Tensor, group: Tensor) -> Tensor:
    """For each row the mean over the rows of its group."""
    count = int(group.max()) + 1
    total = torch.zeros(count, x.shape[1]).index_add_(0, group, x)
    size = torch.zeros(count).index_add_(0, group, real).clamp(min=1)
    return (total / size[:, None])[group]
