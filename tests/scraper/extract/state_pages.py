"""Pages that show nothing: one story, in each form that frameworks and editors keep it in."""

import html
import json
from collections.abc import Callable
from typing import Any

TITLE = "Storm closes the coast road for a week"
PARAGRAPHS = (
    "The coast road between Ferris and Long Point will stay closed for at least a week, the county "
    "said on Sunday, after waves took away a part of its wall.",
    "Engineers who walked the stretch at low tide counted four breaks, the widest of them longer "
    "than a bus, and a pipe that hangs free over the beach.",
    "Shops in Long Point fear for the holiday trade, and the owner of the camp site said that "
    "forty guests had already written to ask for their money.",
)
HEADING = "What drivers should know"
ITEMS = ("Buses turn at the lighthouse", "The ferry takes bicycles")
QUOTE = "We have seen worse, and we were never asked."
OTHER = {
    "title": "A dog that sings draws crowds to the square",
    "url": "/culture/a-dog-that-sings",
    "body": "<p>Nobody knows who the dog belongs to, or where it sleeps at night, but it sings.</p>"
    * 9,
}
MARKUP = (
    "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    + f"<h2>{HEADING}</h2><ul>"
    + "".join(f"<li>{item}</li>" for item in ITEMS)
    + f"</ul><blockquote><p>{QUOTE}</p></blockquote>"
)

Nodes = list[dict[str, Any]]


def _nodes(
    paragraph: Callable[[str], Any],
    heading: Any,
    items: Callable[[tuple[str, ...]], list[Any]],
    quote: Any,
) -> Nodes:
    return [*map(paragraph, PARAGRAPHS), heading, *items(ITEMS), quote]


TYPED = _nodes(
    lambda text: {"type": "paragraph", "content": text},
    {"type": "heading", "content": HEADING},
    lambda items: [{"type": "list", "items": list(items)}],
    {"type": "quote", "content": QUOTE},
)


def _text(text: str, key: str = "text", **more: Any) -> dict[str, Any]:
    return {"type": "text", key: text, **more}


def _rich(text_key: str, type_key: str, names: tuple[str, ...], holds: str) -> Nodes:
    """Nodes that hold leaves of text, under the names that an editor has for them."""
    paragraph, heading, bullets, item, quote = names

    def node(name: str, *inner: Any, **more: Any) -> dict[str, Any]:
        return {type_key: name, holds: list(inner), **more}

    def leaf(text: str, **more: Any) -> dict[str, Any]:
        return {type_key: "text", text_key: text, **more}

    linked = {"marks": [{type_key: "link", "attrs": {"href": "https://roads.example/"}}]}
    return _nodes(
        lambda text: node(paragraph, leaf(text[:40]), leaf(text[40:60], **linked), leaf(text[60:])),
        node(heading, leaf(HEADING), attrs={"level": 2}),
        lambda items: [node(bullets, *(node(item, node(paragraph, leaf(i))) for i in items))],
        node(quote, node(paragraph, leaf(QUOTE))),
    )


_PORTABLE = _nodes(
    lambda text: {
        "_type": "block",
        "style": "normal",
        "children": [
            {"_type": "span", "text": text[:40], "marks": []},
            {"_type": "span", "text": text[40:60], "marks": ["a1"]},
            {"_type": "span", "text": text[60:], "marks": []},
        ],
        "markDefs": [{"_key": "a1", "_type": "link", "href": "https://roads.example/"}],
    },
    {"_type": "block", "style": "h2", "children": [{"_type": "span", "text": HEADING}]},
    lambda items: [
        {"_type": "block", "listItem": "bullet", "children": [{"_type": "span", "text": item}]}
        for item in items
    ],
    {"_type": "block", "style": "blockquote", "children": [{"_type": "span", "text": QUOTE}]},
)
_DRAFT = {
    "blocks": _nodes(
        lambda text: {"text": text, "type": "unstyled", "depth": 0, "entityRanges": []},
        {"text": HEADING, "type": "header-two"},
        lambda items: [{"text": item, "type": "unordered-list-item"} for item in items],
        {"text": QUOTE, "type": "blockquote"},
    ),
    "entityMap": {},
}
_EDITOR = _nodes(
    lambda text: {"type": "paragraph", "data": {"text": text}},
    {"type": "header", "data": {"text": HEADING, "level": 2}},
    lambda items: [{"type": "list", "data": {"style": "unordered", "items": list(items)}}],
    {"type": "quote", "data": {"text": QUOTE, "caption": ""}},
)
_SLATE = _nodes(
    lambda text: {"type": "paragraph", "children": [{"text": text[:50]}, {"text": text[50:]}]},
    {"type": "heading-two", "children": [{"text": HEADING}]},
    lambda items: [
        {
            "type": "bulleted-list",
            "children": [{"type": "list-item", "children": [{"text": i}]} for i in items],
        }
    ],
    {"type": "block-quote", "children": [{"text": QUOTE}]},
)
_GUTENBERG = _nodes(
    lambda text: {"name": "core/paragraph", "attributes": {"content": text}},
    {"name": "core/heading", "attributes": {"level": 2, "content": HEADING}},
    lambda items: [
        {
            "name": "core/list",
            "innerBlocks": [
                {"name": "core/list-item", "attributes": {"content": item}} for item in items
            ],
        }
    ],
    {
        "name": "core/quote",
        "innerBlocks": [{"name": "core/paragraph", "attributes": {"content": QUOTE}}],
    },
)
_MODELS = _nodes(
    lambda text: {
        "type": "text",
        "model": {"blocks": [{"type": "paragraph", "model": {"text": text}}]},
    },
    {"type": "subheadline", "model": {"blocks": [{"type": "text", "model": {"text": HEADING}}]}},
    lambda items: [
        {
            "type": "unorderedList",
            "model": {"blocks": [{"type": "listItem", "model": {"text": item}} for item in items]},
        }
    ],
    {"type": "quote", "model": {"text": QUOTE}},
)
_ELEMENTS = _nodes(
    lambda text: {"type": "text", "content": text.replace("Sunday", "<b>Sunday</b>")},
    {"type": "header", "level": 2, "content": HEADING},
    lambda items: [
        {
            "type": "list",
            "list_type": "unordered",
            "items": [_text(item, "content") for item in items],
        }
    ],
    {"type": "quote", "content_elements": [_text(QUOTE, "content")]},
)
_MARKDOWN = "\n\n".join(
    (*PARAGRAPHS, f"## {HEADING}", "\n".join(f"- {item}" for item in ITEMS), f"> {QUOTE}")
)

BODIES: dict[str, Any] = {
    "HTML": MARKUP,
    "escaped HTML": html.escape(MARKUP),
    "rendered HTML": {"rendered": MARKUP, "protected": False},
    "Markdown": _MARKDOWN,
    "lines": _MARKDOWN.split("\n\n"),
    "typed nodes": TYPED,
    "typed HTML": [
        {"kind": "text", "html": part} for part in MARKUP.replace("><", ">\n<").split("\n\n")
    ],
    "rich text of Contentful": {
        "nodeType": "document",
        "data": {},
        "content": _rich(
            "value",
            "nodeType",
            ("paragraph", "heading-2", "unordered-list", "list-item", "blockquote"),
            "content",
        ),
    },
    "ProseMirror": {
        "type": "doc",
        "content": _rich(
            "text",
            "type",
            ("paragraph", "heading", "bulletList", "listItem", "blockquote"),
            "content",
        ),
    },
    "Lexical": {
        "root": {
            "type": "root",
            "children": _rich(
                "text", "type", ("paragraph", "heading", "list", "listitem", "quote"), "children"
            ),
        }
    },
    "portable text": _PORTABLE,
    "Draft.js": _DRAFT,
    "Draft.js as text": json.dumps(_DRAFT),
    "Editor.js": {"time": 1, "version": "2.30", "blocks": _EDITOR},
    "Slate": _SLATE,
    "Gutenberg": _GUTENBERG,
    "models": _MODELS,
    "content elements": _ELEMENTS,
    "keys that are tags": _nodes(
        lambda text: {"p": text},
        {"h2": HEADING},
        lambda items: [{"ul": list(items)}],
        {"blockquote": QUOTE},
    ),
}
"""The body of the story, in each form that it is kept in."""


def page(body: str, *, head: str = "", title: str = f"{TITLE} | Coast Post") -> str:
    """A page that shows nothing but what its scripts would draw."""
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{title}</title>'
        f'<meta property="og:site_name" content="Coast Post">{head}</head>'
        f'<body><div id="root"><p>Loading…</p></div>{body}</body></html>'
    )


def next_page(props: Any, **more: str) -> str:
    """A page of Next.js with these props."""
    data = json.dumps({"props": {"pageProps": props}, "page": "/[slug]", "buildId": "b1"})
    return page(f'<script id="__NEXT_DATA__" type="application/json">{data}</script>', **more)


def flatten(value: Any) -> list[Any]:
    """A value as devalue writes it: an array of values that hold indexes of it."""
    flat: list[Any] = []

    def add(part: Any) -> int:
        place = len(flat)
        flat.append(None)
        if isinstance(part, dict):
            flat[place] = {key: add(inner) for key, inner in part.items()}
        elif isinstance(part, list | tuple):
            flat[place] = [add(inner) for inner in part]
        else:
            flat[place] = part
        return place

    add(value)
    return flat


def _islands(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [1, [_islands(part) for part in value]]
    if isinstance(value, dict):
        return [0, {key: _islands(part) for key, part in value.items()}]
    return [0, value]


_STORY = {"headline": TITLE, "body": TYPED}
_STATE = json.dumps({"story": _STORY, "aside": [OTHER]})
_CACHE: dict[str, Any] = {
    "ROOT_QUERY": {"__typename": "Query", "story": {"__ref": "Story:7"}},
    "Story:8": {"__typename": "Story", **OTHER},
    "Story:7": {
        "__typename": "Story",
        "headline": TITLE,
        "blocks": [{"__ref": f"Block:{number}"} for number in range(len(TYPED))],
    },
    **{f"Block:{number}": {"__typename": "Block", **node} for number, node in enumerate(TYPED)},
}
_LENGTH = f"{len(MARKUP.encode()):x}"
_STREAM = (
    f'0:["$","$L1",null,{{"story":{json.dumps({"title": TITLE, "body": "$1b"})}}}]\n'
    f'1b:T{_LENGTH},{MARKUP}2:["$","p",null,{{}}]\n'
)


def _element(tag: str, *children: Any) -> list[Any]:
    return ["$", tag, None, {"children": list(children)}]


_DRAWN = _element(
    "main",
    _element(
        "article",
        _element("h1", TITLE),
        *(
            _element("p", text[:40], ["$", "a", None, {"href": "/x", "children": text[40:]}])
            for text in PARAGRAPHS
        ),
        _element("h2", HEADING),
        _element("ul", *(_element("li", item) for item in ITEMS)),
        _element("blockquote", QUOTE),
    ),
)


def _pushes(*chunks: str) -> str:
    return "<script>(self.__next_f=self.__next_f||[]).push([0])</script>" + "".join(
        f"<script>self.__next_f.push([1,{json.dumps(chunk)}])</script>" for chunk in chunks
    )


_NUXT = [["ShallowReactive", 1]] + [
    {key: index + 1 for key, index in part.items()}
    if isinstance(part, dict)
    else [index + 1 for index in part]
    if isinstance(part, list)
    else part
    for part in flatten({"data": {"story": _STORY, "aside": [OTHER]}})
]
_QUOTED = _STATE.replace("\\", "\\\\").replace("'", "\\'")

STATES: dict[str, str] = {
    "Next.js": next_page({"story": _STORY, "related": [OTHER]}),
    "Next.js, text row": page(_pushes(_STREAM[:90], _STREAM[90:])),
    "Next.js, elements": page(_pushes(f"0:{json.dumps(_element('$L3', _DRAWN))}\n")),
    "Nuxt 3": page(
        '<script type="application/json" id="__NUXT_DATA__" data-ssr="true">'
        f"{json.dumps(_NUXT)}</script>"
    ),
    "Nuxt 2": page(
        "<script>window.__NUXT__=(function(a,b,c){return {data:[{story:{title:a,body:b,paid:c}}],"
        f"error:null}}}}({json.dumps(TITLE)},{json.dumps(MARKUP)},!1));</script>"
    ),
    "Apollo": page(f"<script>window.__APOLLO_STATE__ = {json.dumps(_CACHE)};</script>"),
    "SvelteKit": page(
        "<script>{__sveltekit_1 = {base: ''};const element = document.currentScript.parentElement;"
        'Promise.all([import("./a.js")]).then(([kit, app]) => {kit.start(app, element, {node_ids: '
        "[0, 2], data: [null,{type:'data',data:"
        f"{{post:{{title:{json.dumps(TITLE)},content:{json.dumps(MARKUP)}}}}},uses:{{}}}}],"
        "form: null, error: null});});}</script>"
    ),
    "SvelteKit, fetched": page(
        '<script type="application/json" data-sveltekit-fetched data-url="/api">'
        f"{json.dumps({'status': 200, 'headers': {}, 'body': _STATE})}</script>"
    ),
    "Gatsby": page(
        '<script>/*<![CDATA[*/window.pagePath="/x";window.___pageData='
        + json.dumps(
            {"result": {"data": {"post": {"html": MARKUP, "meta": {"title": TITLE}}}}}
        ).replace('"meta": {"title"', '"frontmatter": {"title"')
        + ";/*]]>*/</script>"
    ),
    "a variable of the window": page(f"<script>window.__INITIAL_STATE__ = {_STATE}</script>"),
    "a name in brackets": page(f'<script>window["__DATA__"]={_STATE};go();</script>'),
    "a constant": page(f"<script>const state = {_STATE};</script>"),
    "a member": page(f"<script>App=window.App||{{}};App.content={_STATE};</script>"),
    "parsed": page(f"<script>window.S=JSON.parse({json.dumps(_STATE)});</script>"),
    "parsed, one quote": page(f"<script>window.S = JSON.parse('{_QUOTED}')</script>"),
    "Inertia": page(f'<div id="app" data-page="{html.escape(_STATE)}"></div>'),
    "Astro": page(
        f'<astro-island props="{html.escape(json.dumps({"story": _islands(_STORY)}))}">'
        "</astro-island>"
    ),
    "JSON-LD": page(
        "",
        head='<script type="application/ld+json">'
        + json.dumps({"@type": "NewsArticle", "headline": TITLE, "articleBody": MARKUP})
        + "</script>",
    ),
    "JSON-LD, escaped": page(
        "",
        head='<script type="application/ld+json">'
        + json.dumps(
            {"@type": "NewsArticle", "headline": TITLE, "articleBody": html.escape(MARKUP)}
        )
        + "</script>",
    ),
    "JSON-LD, broken": page(
        "",
        head='<script type="application/ld+json">{"@type":"NewsArticle",'
        f'"headline":"{TITLE}","articleBody":"{MARKUP}",}}</script>'.replace("</p>", "</p>\n\t")
        .replace("Sunday", "Sun\\day")
        .replace("Sun\\day", "Sunday\\"),
    ),
}
"""A page for each way in which scripts are told what to draw."""
