"""Query parameters that say where a reader came from, not what the page is.

Only names that are known to track are here. `id`, `p`, `ref`, `source`, `page` and the like choose
what is shown on some site, and stay.
"""

import re

_PREFIXES = (
    "utm_",
    "mtm_",
    "pk_",
    "piwik_",
    "matomo_",
    "hsa_",
    "guce_referrer",
    "ns_m",
    "wt_",
    "wt.",
)

_NAMES = frozenset(
    # clicks, as advertisers and networks number them
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid li_fat_id epik "
    "igshid igsh srsltid rb_clickid wickedid irclickid irgwc s_kwcid ef_id gad_source "
    "gad_campaignid fb_action_ids fb_action_types fb_ref fb_source action_object_map "
    "action_type_map action_ref_map __tn__ "
    # newsletters
    "mc_cid mc_eid _hsenc _hsmi hsctatracking mkt_tok oly_anon_id oly_enc_id vero_id vero_conv "
    "ck_subscriber_id nwsltr _bta_tid _bta_c trk_contact trk_msg trk_module trk_sid bsft_clkid "
    "bsft_uid ml_subscriber ml_subscriber_hash sc_cid "
    # analytics
    "_ga _gl __utma __utmb __utmc __utmx __utmz __utmv __utmk _openstat xtor xtref "
    "at_medium at_campaign at_custom1 at_custom2 at_custom3 at_custom4 at_link_id at_link_type "
    "at_link_origin at_ptr_name at_bbc_team at_format at_campaign_type ns_campaign ns_linkname "
    "ns_fee itm_source itm_medium itm_campaign itm_term itm_content intcid int_cid icid ncid "
    "cmpid ocid s_cid smid smtyp ito ftag wpsrc wpisrc tsrc soc_src soc_trk guccounter "
    "__twitter_impression spm dicbo oborigurl trkid trkcampaign cmp hootpostid".split()
)

_SESSION_NAMES = frozenset(
    "phpsessid jsessionid sessionid session_id sessid zenid oscsid cftoken cfid asp.net_sessionid "
    "sid s_id".split()
)
_LIKELY_SESSION = re.compile(r"[0-9a-f]{16,}|[0-9A-Za-z_-]*\d[0-9A-Za-z_-]{20,}")


def is_tracking_parameter(name: str) -> bool:
    """Whether a query parameter only says where the reader came from.

    Example:
        >>> is_tracking_parameter("utm_source"), is_tracking_parameter("id")
        (True, False)
    """
    lowered = name.lower()
    return lowered in _NAMES or lowered.startswith(_PREFIXES)


def is_session_parameter(name: str, value: str) -> bool:
    """Whether a query parameter numbers a visit: a session's name, and a value made by a machine.

    Example:
        >>> is_session_parameter("sid", "6f1ed002ab5595859014ebf0951522d9")
        True
        >>> is_session_parameter("sid", "sport")
        False
    """
    lowered = name.lower()
    if lowered.startswith("aspsessionid"):
        return True
    return lowered in _SESSION_NAMES and _LIKELY_SESSION.fullmatch(value) is not None
