"""What GitHub and GitLab make links, people, labels and pictures of, by their own documentation."""

import re

FORMS = {
    "a person or a team": r"@\w",
    "an issue, a merge request, a snippet, an epic, a milestone, a label": r"[#!$&%~^]\w|[%~]\"",
    "an issue by prefix, a ticket, an advisory": r"\b[a-z]\w*-\d",
    "a commit": r"\b[0-9a-f]{7,40}\b",
    "a range of commits": r"\.\.\w",
    "an address": r"://|\bwww\.|\bmailto:\S|\bxmpp:\S",
    "an emoji": r":[+\w-]+:",
    "a wiki page, a vulnerability, a feature flag, a task": r"[\[\]]",
    "an iteration": r"\*iteration",
    "a difference": r"\{[+-]|[+-]\}",
    "a placeholder": r"%\{",
    "a formula": r"\$",
    "markup": r"[`<>\\*_{}|~]",
}
REFERENCE = re.compile("|".join(f"(?:{form})" for form in FORMS.values()), re.IGNORECASE)

EXAMPLES = (
    "GH-26", "#26", "!12", "%3", '%"v 1"', "~bug", '~"a bug"', "&1", "$12", "^alert#1", "@name", "@org/team",
    "user/repo#1", "user@9ba12248b19a04f5", "user/repo@9ba1224", "9ba12248", "0123456789012345678901234567890123456789",
    "1234567", "defaced", "x-deadbeef", "9ba1224...b19a04f", ":tada:", ":+1:", ":white_check_mark:",
    ":white&#95;check&#95;mark:", "&#64;name", "&num;26", "https://example.com", "http://a", "www.example.com", "WWW.", "www",
    "ftp://example.com", "mailto:a@example.com", "a@example.com", "xmpp:a@example.com", "[[wiki]]", "[[a|b]]",
    "[vulnerability:1]", "[x](https://example.com)", "![i](https://example.com/a.png)", "*iteration:1", "{+added+}",
    "[-removed-]", "%{project_name}", "$`a`$", "$$x$$", "TICKET-12", "GHSA-jfh8-c2jp-5v3q", "CVE-2021-44228", "<b>",
    "<!-- -->", "</details>", "&lt;b&gt;", "*a*", "_a_", "~~a~~", "\\", "\\|", "|", "`", "``", "`a", "a`|`b", "a\\`b",
    "- [ ] a", "1. a", "# a", "> a", "---", "===", "/close", "[^1]", "(#26)", "'@name'", '"#26".', "a:tada:b",
)  # fmt: skip
