"""The net while it learns. `scraper.extract.classify.network` runs the same arithmetic in numpy."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from scraper.extract.classify.features import ALIKE, LEVELS, TAGS

DILATIONS = (1, 2, 4, 8, 16)  # one a block: together they see 31 segments to either side
POOL_AFTER = (1, 3)  # blocks after which segments see the means of containers and of their like
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


class Network(nn.Module):
    """Dilated convolutions over the segments, with the means of those around let in between."""

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
        self.last = nn.Linear(width, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, batch: Batch) -> Tensor:
        """Logits, one a row; those of the gap mean nothing."""
        near = self.near(batch.mark_ids, batch.mark_offsets, batch.mark_near)
        far = self.far(batch.mark_ids, batch.mark_offsets, batch.mark_far)
        words = self.words(batch.word_ids, batch.word_offsets, batch.word_weights)
        tags = [table(batch.tags[:, i]) for i, table in enumerate(self.tags)]
        real = batch.real[:, None]
        x = torch.cat([batch.numbers, near, far, words, *tags], dim=1)
        x = self.dropout(functional.relu(self.first(x))) * real
        for index, convolution in enumerate(self.convolutions):
            y = convolution(_taps(x, DILATIONS[index]))
            if index in POOL_AFTER:
                y = y + self.pools[POOL_AFTER.index(index)](_pool(x, batch))
            x = (x + self.dropout(functional.relu(y))) * real
        result: Tensor = self.last(x)[:, 0]
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
